using Notochord.Architectures;
using Notochord.Dsl.Ir;
using Notochord.Parity;

namespace Notochord.Zoo.Tests;

/// <summary>Every golden whose model the zoo declares: names, outputs and gradients, for each engine.</summary>
public sealed class ParityTests(ParityTable table) : IClassFixture<ParityTable>
{
    public static TheoryData<string> Goldens => [.. Shared.GoldensOfTheZoo];

    [GoldenTheory]
    [MemberData(nameof(Goldens))]
    public void Executor_equals_the_reference(string name) => AssertEqual(name, new ExecutorSource(Shared.Project));

    [GoldenTheory]
    [MemberData(nameof(Goldens))]
    public void Generated_code_equals_the_reference(string name) => AssertEqual(name, Generated());

    public static TheoryData<string> OwnGoldens => [.. GoldenReader.Names(Shared.OwnGoldens)];

    /// <summary>Models without a reference at hand are what they were.</summary>
    [Theory]
    [MemberData(nameof(OwnGoldens))]
    public void Executor_gives_what_it_gave(string name) => AssertEqual(name, new ExecutorSource(Shared.Project), Shared.OwnGoldens);

    [Theory]
    [MemberData(nameof(OwnGoldens))]
    public void Generated_code_gives_what_it_gave(string name) => AssertEqual(name, Generated(), Shared.OwnGoldens);

    [Theory]
    [MemberData(nameof(OwnGoldens))]
    public void Goldens_of_our_own_say_so_and_are_small(string name)
    {
        Assert.True(GoldenReader.Read(Shared.OwnGoldens, name).IsOwn);
        Assert.InRange(Directory.EnumerateFiles(Shared.OwnGoldens, name + ".*").Sum(f => new FileInfo(f).Length), 1, 250_000);
    }

    /// <summary>A comparison that cannot fail is worth nothing: one weight of thousands off is found, and the module named.</summary>
    [GoldenFact]
    public void A_difference_is_found_and_located()
    {
        var golden = GoldenReader.Read(Shared.Goldens!, "vit_tiny_patch16_224");
        var result = ParityCheck.Run(golden, new Spoiled(new ExecutorSource(Shared.Project)));
        Assert.Equal(ParityStatus.Failed, result.Status);
        Assert.Equal("blocks.3.mlp.fc1", result.FirstDifference!.Module);
        Assert.False(result.Gradients!.Agree);
    }

    [GoldenFact]
    public void A_golden_without_a_model_is_absent()
    {
        var results = ParityRun.Run(Shared.Goldens!, ["poincare_linear"], [new ExecutorSource(new Dsl.Project(Array.Empty<(string, string)>()))]).ToList();
        Assert.Equal(ParityStatus.Absent, Assert.Single(results).Status);
        Assert.Contains("No model for 1 goldens: poincare_linear.", ParityReport.Markdown(results), StringComparison.Ordinal);
        Assert.Contains("\"absent\"", ParityReport.Json(results), StringComparison.Ordinal);
    }

    /// <summary>An input of another size: the model is planned for it, unless the golden's tensors are those of the model as declared.</summary>
    [GoldenTheory]
    [InlineData(224, 224)]
    [InlineData(256, 192)]
    public void A_model_keeps_its_size_where_the_golden_did(int height, int width)
    {
        var golden = GoldenReader.Read(Shared.Goldens!, "pvt_tiny");
        var planned = Shared.Project.Instantiate("pvt_tiny", new Dictionary<string, Value> { ["img_size"] = new ListValue([new IntValue(height), new IntValue(width)]) })!;
        golden = golden with { Input = [1, 3, 256, 192], ParameterCount = planned.ParameterCount };
        foreach (var source in new IParitySource[] { new ExecutorSource(Shared.Project), Generated() })
        {
            using var model = source.Create(golden)!;
            Assert.Equal(planned.ParameterCount, model.Module.parameters().Sum(p => p.NumberOfElements));
        }
    }

    private static GeneratedSource Generated() => new("generated", Backbones.Names, (model, classes, channels, size) => Backbones.Create(model, classes, channels, size));

    private void AssertEqual(string name, IParitySource source, string? folder = null)
    {
        var result = ParityCheck.Run(GoldenReader.Read(folder ?? Shared.Goldens!, name) with { Refuted = Refutation.Known.GetValueOrDefault(name) ?? Refutation.None }, source);
        table.Add(result);
        Assert.True(result.Status == ParityStatus.Passed, ParityReport.Markdown([result]));
    }

    /// <summary>Scales the result of one module's weights by running the model with its input changed there.</summary>
    private sealed class Spoiled(IParitySource inner) : IParitySource
    {
        public string Engine => inner.Engine;

        public ParityModel? Create(Golden golden)
        {
            var model = inner.Create(golden)!;
            return model with
            {
                Run = x => { Spoil(model); return model.Run(x); },
                Traced = (x, seen) => { Spoil(model); model.Traced!(x, seen); },
            };
        }

        private static void Spoil(ParityModel model)
        {
            using var guard = TorchSharp.torch.no_grad();
            model.Module.named_parameters().First(p => p.Item1 == "blocks.3.mlp.fc1.weight").Item2.mul_(1.5);
        }
    }
}
