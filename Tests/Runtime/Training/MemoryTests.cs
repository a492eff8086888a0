using System.Diagnostics;
using Notochord.Training;
using Notochord.Training.Data;

namespace Notochord.Tests.Training;

/// <summary>What the process holds is only this test's where no other runs beside it.</summary>
[CollectionDefinition(nameof(MemoryTests), DisableParallelization = true)]
public sealed class MemoryTestsAlone;

[Collection(nameof(MemoryTests))]
public sealed class MemoryTests
{
    [Fact]
    public void Memory_is_flat()
    {
        // A batch is 1 MiB: one that stays behind each step would add 300 MiB.
        const int Side = 64;
        using var model = new LinearModel(Side * Side, 3);
        var images = ToyProblem.Make(640, Side);
        var options = new TrainingOptions { BatchSize = 64, Epochs = 3, Augmentation = Augmentation.None };
        new Trainer(model, options).Fit(images);
        var before = ResidentBytes();

        new Trainer(model, options with { Epochs = 30 }).Fit(images);

        Assert.InRange(ResidentBytes() - before, long.MinValue, 120L << 20);
    }

    private static long ResidentBytes()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        using var self = Process.GetCurrentProcess();
        return self.WorkingSet64;
    }
}
