using Notochord.Dsl.Ir;
using Notochord.Dsl.Primitives;
using Notochord.Execution;
using Notochord.Execution.Kernels;

namespace Notochord.Tests;

public class KernelTableTests
{
    [Fact]
    public void EveryPrimitiveHasAKernelAndNothingElse()
        => Assert.Equal(PrimitiveTable.All.Select(p => p.Name).Order(StringComparer.Ordinal), KernelTable.Names.Order(StringComparer.Ordinal));

    [Fact]
    public void EveryInitialiserCanBeCalled() => Assert.Empty(InitializerTable.All.Select(i => i.Name).Except(Initializers.Names));
}
