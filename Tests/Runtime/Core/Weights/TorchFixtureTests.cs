using System.Runtime.CompilerServices;
using Notochord.Weights;
using static TorchSharp.torch;

namespace Notochord.Tests.Runtime.Core.Weights;

/// <summary>Checkpoints that PyTorch wrote; Fixtures/make.py says how.</summary>
public sealed class TorchFixtureTests
{
    [Fact]
    public void A_training_checkpoint_gives_the_models_state()
    {
        using var file = WeightFile.Open(Fixture("training.pth"));

        Assert.Equal(
            ["0.weight float32[3, 2, 1, 1]", "0.bias float32[3]", "1.weight float32[3]", "1.bias float32[3]", "1.running_mean float32[3]", "1.running_var float32[3]", "1.num_batches_tracked int64[]"],
            file.Entries.Select(entry => entry.ToString()));
        Assert.Equal([0, 1, 2, 3, 4, 5], Values(file, "0.weight"));
        Assert.Equal([0, 1, 2], Values(file, "1.running_var"));
    }

    [Fact]
    public void Another_dictionary_of_it_can_be_named()
    {
        using var file = WeightFile.Open(Fixture("training.pth"), root: "optimizer.state");
        Assert.Equal(["0.step int64[]"], file.Entries.Select(entry => entry.ToString()));
    }

    [Theory]
    [InlineData("whole", new float[] { 0, 1, 2, 3, 4, 5 })]
    [InlineData("transposed", new float[] { 0, 3, 1, 4, 2, 5 })]
    [InlineData("column", new float[] { 1, 4 })]
    [InlineData("tail", new float[] { 4, 5 })]
    [InlineData("expanded", new float[] { 0, 1, 2, 0, 1, 2 })]
    [InlineData("parameter", new float[] { 0, 1 })]
    [InlineData("channels_last", new float[] { 0, 1, 2, 3, 4, 5, 6, 7 })]
    [InlineData("scalar", new float[] { 7 })]
    [InlineData("empty", new float[0])]
    public void Views_come_in_row_major_order(string name, float[] expected)
    {
        using var file = WeightFile.Open(Fixture("views.pth"));
        Assert.Equal(expected, Values(file, name));
    }

    [Theory]
    [InlineData("bool", WeightType.Bool)]
    [InlineData("uint8", WeightType.UInt8)]
    [InlineData("int8", WeightType.Int8)]
    [InlineData("int16", WeightType.Int16)]
    [InlineData("int32", WeightType.Int32)]
    [InlineData("int64", WeightType.Int64)]
    [InlineData("float16", WeightType.Float16)]
    [InlineData("bfloat16", WeightType.BFloat16)]
    [InlineData("float32", WeightType.Float32)]
    [InlineData("float64", WeightType.Float64)]
    [InlineData("complex64", WeightType.Complex64)]
    public void Every_type_is_read(string name, WeightType type)
    {
        using var file = WeightFile.Open(Fixture("views.pth"));
        Assert.True(file.TryGet($"types.{name}", out var entry));
        Assert.Equal(type, entry.Type);
        using var expected = type == WeightType.Bool ? tensor([false, true, true, true]) : arange(4).to(StoredTypeOf(type));
        using var contiguous = expected.contiguous();
        Assert.Equal(contiguous.bytes.ToArray(), SafetensorsTests.Bytes(entry));
    }

    [Theory]
    [InlineData("legacy.pth", "before PyTorch 1.6")]
    [InlineData("namespace.pth", "argparse.Namespace")]
    [InlineData("module.pth", "torch.nn.modules.linear.Linear")]
    public void What_is_more_than_tensors_is_refused(string name, string expected) =>
        Assert.Contains(expected, Assert.Throws<WeightFileException>(() => WeightFile.Open(Fixture(name))).Message, StringComparison.Ordinal);

    private static ScalarType StoredTypeOf(WeightType type) => type switch
    {
        WeightType.UInt8 => ScalarType.Byte,
        WeightType.Complex64 => ScalarType.ComplexFloat32,
        _ => Enum.Parse<ScalarType>(type.ToString()),
    };

    private static float[] Values(WeightFile file, string name)
    {
        Assert.True(file.TryGet(name, out var entry), name);
        return [.. SafetensorsTests.Bytes(entry).Chunk(4).Select(bytes => BitConverter.ToSingle(bytes))];
    }

    private static string Fixture(string name, [CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "Fixtures", name);
}
