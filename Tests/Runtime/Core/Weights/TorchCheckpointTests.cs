using System.IO.Compression;
using Notochord.Weights;

namespace Notochord.Tests.Runtime.Core.Weights;

public sealed class TorchCheckpointTests : IDisposable
{
    private static readonly byte[] Twelve = [1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0];

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(CompressionLevel.NoCompression)]
    [InlineData(CompressionLevel.Optimal)]
    public void Views_of_one_storage_are_resolved(CompressionLevel compression)
    {
        var pickle = new PickleBuilder().Op("}(");
        pickle.Text("whole").Tensor("ShortStorage", "0", 6, 0, [2, 3], [3, 1]);
        pickle.Text("transposed").Tensor("ShortStorage", "0", 6, 0, [3, 2], [1, 3]);
        pickle.Text("tail").Tensor("ShortStorage", "0", 6, 4, [2], [1]);
        pickle.Text("expanded").Tensor("ShortStorage", "0", 6, 1, [2, 2], [0, 1]);
        pickle.Text("scalar").Tensor("ShortStorage", "0", 6, 5, [], []);
        pickle.Text("empty").Tensor("ShortStorage", "0", 6, 6, [0, 4], [4, 1]);
        pickle.Op("u");

        using var file = Open(pickle, Twelve, compression: compression);

        Assert.Equal(["whole", "transposed", "tail", "expanded", "scalar", "empty"], file.Entries.Select(entry => entry.Name));
        Assert.All(file.Entries, entry => Assert.Equal(WeightType.Int16, entry.Type));
        Assert.Equal([1, 2, 3, 4, 5, 6], Shorts(file, "whole"));
        Assert.Equal([1, 4, 2, 5, 3, 6], Shorts(file, "transposed"));
        Assert.Equal([5, 6], Shorts(file, "tail"));
        Assert.Equal([2, 3, 2, 3], Shorts(file, "expanded"));
        Assert.Equal([6], Shorts(file, "scalar"));
        Assert.Equal([], Shorts(file, "empty"));
        var part = new byte[3];
        file.Entries[1].Read(3, part);
        Assert.Equal([0, 2, 0], part);
    }

    [Fact]
    public void A_usual_root_is_found_and_another_can_be_named()
    {
        PickleBuilder Pickle()
        {
            var pickle = new PickleBuilder().Op("}(").Text("epoch").Int(3);
            pickle.Text("model_ema").Op("}(").Text("w").Tensor("ShortStorage", "0", 6, 1, [1], [1]).Op("u");
            pickle.Text("model").Op("}(").Text("w").Tensor("ShortStorage", "0", 6, 0, [1], [1]).Op("u");
            return pickle.Op("u");
        }

        using var usual = Open(Pickle(), Twelve);
        using var named = Open(Pickle(), Twelve, root: "model_ema");
        var problem = Assert.Throws<WeightFileException>(() => Open(Pickle(), Twelve, root: "modle"));

        Assert.Equal([1], Shorts(usual, "w"));
        Assert.Equal([2], Shorts(named, "w"));
        Assert.Contains("'model_ema', 'model'", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nested_dictionaries_become_dotted_names_and_ordered_dicts_and_parameters_are_read()
    {
        var pickle = new PickleBuilder().Global("collections", "OrderedDict").Op(")R(");
        pickle.Text("norm").Op("}(").Text("weight").Global("torch._utils", "_rebuild_parameter").Op("(");
        pickle.Tensor("ShortStorage", "0", 6, 2, [2], [1]).Raw(0x88).Op("}tRu");
        pickle.Text("bias").Tensor("ShortStorage", "0", 6, 0, [1], [1]).Op("u");
        pickle.Op("}(").Text("_metadata").Op("}ub");

        using var file = Open(pickle, Twelve);

        Assert.Equal(["norm.weight", "bias"], file.Entries.Select(entry => entry.Name));
        Assert.Equal([3, 4], Shorts(file, "norm.weight"));
    }

    [Theory]
    [InlineData("posix", "system")]
    [InlineData("builtins", "eval")]
    [InlineData("torch", "load")]
    [InlineData("argparse", "Namespace")]
    [InlineData("torch.nn.modules.linear", "Linear")]
    public void Any_other_global_is_refused_by_name_and_position(string module, string name)
    {
        var pickle = new PickleBuilder().Op("}(").Text("w").Global(module, name).Text("echo hello").Raw(0x85).Op("Ru");

        var problem = Assert.Throws<WeightFileException>(() => Open(pickle, Twelve));

        Assert.Contains($"{module}.{name}", problem.Message, StringComparison.Ordinal);
        Assert.Equal("pickle, byte 10", problem.Location);
    }

    [Fact]
    public void A_global_by_the_stack_is_refused_too()
    {
        var pickle = new PickleBuilder(protocol: 4).Text("posix").Text("system").Raw(0x93);

        Assert.Contains("posix.system", Assert.Throws<WeightFileException>(() => Open(pickle, Twelve)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("i")] // INST
    [InlineData("o")] // OBJ
    [InlineData("\u0081")] // NEWOBJ
    [InlineData("P")] // PERSID
    [InlineData("I1\n")]
    public void Opcodes_that_tensors_do_not_need_are_refused(string opcode)
    {
        var pickle = new PickleBuilder().Op("}").Raw(System.Text.Encoding.Latin1.GetBytes(opcode));

        Assert.Contains("the opcode 0x", Assert.Throws<WeightFileException>(() => Open(pickle, Twelve)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(6, 0, new long[] { 7 }, new long[] { 1 }, "reaches past its storage")]
    [InlineData(6, 5, new long[] { 2 }, new long[] { 1 }, "reaches past its storage")]
    [InlineData(6, 0, new long[] { 2, 3 }, new long[] { 4, 1 }, "reaches past its storage")]
    [InlineData(6, -1, new long[] { 2 }, new long[] { 1 }, "not those of a tensor")]
    [InlineData(6, 0, new long[] { 2 }, new long[] { -1 }, "not those of a tensor")]
    [InlineData(6, 0, new long[] { -2 }, new long[] { 1 }, "not those of a tensor")]
    [InlineData(6, 0, new long[] { long.MaxValue, 3 }, new long[] { 0, 0 }, "not those of a tensor")]
    [InlineData(6, 0, new long[] { 1L << 40 }, new long[] { 0 }, "repeats a storage")]
    [InlineData(6, long.MaxValue, new long[] { 2, 2 }, new long[] { long.MaxValue, long.MaxValue }, "reaches past its storage")]
    [InlineData(6, 0, new long[] { 2 }, new long[] { 1, 1 }, "do not describe a tensor")]
    [InlineData(7, 0, new long[] { 7 }, new long[] { 1 }, "the archive holds 12")]
    [InlineData(long.MaxValue, 0, new long[] { 7 }, new long[] { 1 }, "not those of a tensor")]
    public void A_view_that_is_not_within_its_storage_is_refused(long elements, long offset, long[] shape, long[] strides, string expected)
    {
        var pickle = new PickleBuilder().Op("}").Text("w").Tensor("ShortStorage", "0", elements, offset, shape, strides).Op("s");

        Assert.Contains(expected, Assert.Throws<WeightFileException>(() => Open(pickle, Twelve)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_storage_that_is_not_there_is_named()
    {
        var pickle = new PickleBuilder().Op("}").Text("w").Tensor("ShortStorage", "../9", 6, 0, [1], [1]).Op("s");

        Assert.Contains("archive/data/../9", Assert.Throws<WeightFileException>(() => Open(pickle, Twelve)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Dictionaries_that_hold_themselves_end()
    {
        // d = {"model": d}, and a tree of 40 levels in which each level holds the next one twice.
        var cycle = new PickleBuilder().Op("}").Raw((byte)'q', 0).Text("model").Raw((byte)'h', 0).Op("s");
        var tree = new PickleBuilder().Op("}").Text("w").Tensor("ShortStorage", "0", 6, 0, [1], [1]).Op("s");
        for (byte level = 0; level < 40; level++)
        {
            tree.Raw((byte)'q', level).Op("0}(").Text("a").Raw((byte)'h', level).Text("b").Raw((byte)'h', level).Op("u");
        }

        Assert.Contains("which dictionary holds the weights", Assert.Throws<WeightFileException>(() => Open(cycle, Twelve)).Message, StringComparison.Ordinal);
        Assert.Throws<WeightFileException>(() => Open(tree, Twelve));
    }

    [Fact]
    public void Formats_that_are_not_read_say_what_to_do()
    {
        var legacy = folder.Write("legacy.pth", new PickleBuilder().Op("}").ToArray());
        var program = folder.File("script.pt");
        using (var zip = ZipFile.Open(program, ZipArchiveMode.Create))
        {
            zip.CreateEntry("script/data.pkl");
            zip.CreateEntry("script/constants.pkl");
        }

        Assert.Contains("before PyTorch 1.6", Assert.Throws<WeightFileException>(() => WeightFile.Open(legacy)).Message, StringComparison.Ordinal);
        Assert.Contains("TorchScript", Assert.Throws<WeightFileException>(() => WeightFile.Open(program)).Message, StringComparison.Ordinal);
    }

    private static short[] Shorts(WeightFile file, string name)
    {
        Assert.True(file.TryGet(name, out var entry));
        var bytes = SafetensorsTests.Bytes(entry);
        return [.. bytes.Chunk(2).Select(pair => BitConverter.ToInt16(pair))];
    }

    private WeightFile Open(PickleBuilder pickle, byte[] storage, string? root = null, CompressionLevel compression = CompressionLevel.NoCompression) =>
        WeightFile.Open(folder.Write("model.pth", pickle.Archive(new Dictionary<string, byte[]> { ["0"] = storage }, compression)), root);
}
