using Notochord.Dsl;
using Notochord.Dsl.Ir;
using Notochord.Parity;

namespace Notochord.Zoo.Tests;

/// <summary>What the writer writes, the reader reads; and a model that has changed is found.</summary>
public sealed class GoldenWriterTests : IDisposable
{
    private const string Clip = """
        arch: clip
        params: { dim: 6 }
        input: clip[B, 3, T, H, W]
        modules:
          norm: norm
          head: linear(dim, 4)
        parameters:
          weight: normal(std=1)[dim, 3, 2, 2]
          unused: ones[dim]
        forward: |
          (first, last) = (clip[.., .., 0], clip[.., .., ^1]);
          y = conv2d(first + last, weight, stride=2);
          return head(norm(mean(y, [2, 3])));
        ---
        block: norm
        input: x[B, C]
        buffers:
          steps: zeros(int64)
          scale: ones[1]
        forward: return tanh(x * scale);
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_reader_reads_what_the_writer_writes()
    {
        var project = Of(Clip);
        var files = GoldenWriter.Write(_folder, "mine", project.Instantiate("clip")!, [2, 3, 4, 6, 8]);
        Assert.All(files, f => Assert.True(File.Exists(f)));

        var golden = GoldenReader.Read(_folder, Assert.Single(GoldenReader.Names(_folder)));

        Assert.True(golden.IsOwn);
        Assert.Equal(("mine", "clip", 6 * 3 * 4 + 6 + (6 * 4) + 4), (golden.Name, golden.Model, golden.ParameterCount));
        Assert.Equal([2L, 3, 4, 6, 8], golden.Input.AsEnumerable());
        Assert.Equal(["weight", "unused", "norm.steps", "norm.scale", "head.weight", "head.bias"], golden.State.Select(s => s.Name));
        Assert.Equal(["norm.steps", "norm.scale"], golden.State.Where(s => !s.IsParameter).Select(s => s.Name));
        Assert.Equal([2L, 4], Assert.Single(golden.Outputs).Shape.AsEnumerable());
        Assert.Equal(8, golden.Outputs[0].Values.Length);
        Assert.Equal([("norm", "norm"), ("head", "linear")], golden.Trace.Select(t => (t.Module, t.Type)));
        // What the loss does not depend on has no gradient.
        Assert.Null(golden.Train!.Norms["unused"]);
        Assert.True(golden.Train.Norms["weight"] > 0);
        Assert.True(golden.Train.InputNorm > 0);
    }

    [Theory]
    [InlineData("first + last", "first + last", ParityStatus.Passed)]
    [InlineData("first + last", "first + 1.1 * last", ParityStatus.Failed)]
    [InlineData("tanh(x * scale)", "tanh(tanh(x * scale))", ParityStatus.Failed)]
    [InlineData("ones[dim]", "ones[dim + 1]", ParityStatus.Failed)]
    public void A_model_that_has_changed_is_found(string before, string after, ParityStatus expected)
    {
        GoldenWriter.Write(_folder, "clip", Of(Clip).Instantiate("clip")!, [2, 3, 4, 6, 8]);
        var result = ParityRun.Run(_folder, ["clip"], [new ExecutorSource(Of(Clip.Replace(before, after, StringComparison.Ordinal)))]).Single();
        Assert.Equal(expected, result.Status);
        Assert.Contains("clip (self)", ParityReport.Markdown([result]), StringComparison.Ordinal);
    }

    [Fact]
    public void Parameters_that_the_model_was_made_with_are_kept()
    {
        var wide = new Dictionary<string, Value> { ["dim"] = new IntValue(8) };
        GoldenWriter.Write(_folder, "clip", Of(Clip).Instantiate("clip", wide)!, [1, 3, 2, 4, 4], wide);
        var golden = GoldenReader.Read(_folder, "clip");
        Assert.Equal(8, golden.Arguments["dim"].GetInt64());
        Assert.Equal(ParityStatus.Passed, ParityCheck.Run(golden, new ExecutorSource(Of(Clip))).Status);
    }

    [Fact]
    public void Numbers_that_are_not_finite_are_refused() =>
        Assert.Contains("not finite", Assert.Throws<InvalidDataException>(() => GoldenWriter.Write(
            _folder, "clip", Of(Clip.Replace("tanh(x * scale)", "sqrt(x * scale)", StringComparison.Ordinal)).Instantiate("clip")!, [2, 3, 4, 6, 8])).Message, StringComparison.Ordinal);

    private static Project Of(string text) => new([("clip.arch.yaml", text)]);
}
