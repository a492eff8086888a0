using Notochord.Dsl;
using Notochord.Dsl.Instantiation;
using Notochord.Dsl.Ir;
using Notochord.Execution;

namespace Notochord.Parity;

/// <summary>Models of declarations, run by the executor.</summary>
/// <param name="project">The declarations.</param>
public sealed class ExecutorSource(Project project) : IParitySource
{
    /// <inheritdoc/>
    public string Engine => "executor";

    /// <inheritdoc/>
    /// <exception cref="InvalidDataException">The declaration has errors, or no parameter for an argument of the golden.</exception>
    public ParityModel? Create(Golden golden)
    {
        ArgumentNullException.ThrowIfNull(golden);
        var architecture = project.Architectures.FirstOrDefault(a => a.Name == golden.Model || a.Variants.Any(v => v.Name == golden.Model));
        if (architecture is null) return null;
        var given = Arguments.For(golden, architecture);
        var backbone = new ExecutedBackbone(Instance(golden.Model, given));
        return ParityModel.Of(backbone, golden) with { Traced = (input, seen) => backbone.Trace(input, seen).Dispose() };
    }

    private ModelInstance Instance(string name, IReadOnlyDictionary<string, Value> given)
    {
        var known = project.Diagnostics.Items.Count;
        return project.Instantiate(name, given)
            ?? throw new InvalidDataException(string.Join('\n', project.Diagnostics.Items.Skip(known).DefaultIfEmpty(project.Diagnostics.Items.LastOrDefault())));
    }
}
