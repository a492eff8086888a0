using Notochord.Tests.Runtime.Core.Features;
using Notochord.Weights;
using Notochord.Weights.Safetensors;
using static TorchSharp.torch;

namespace Notochord.Tests.Runtime.Core.Weights;

public sealed class StateDictTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_saved_model_loads_into_another_and_saves_the_same_bytes()
    {
        using var model = new ToyBackbone();
        using var other = new ToyBackbone();
        Change(model);
        model.Save(folder.File("a.safetensors"));

        var report = other.Load(folder.File("a.safetensors"));
        other.Save(folder.File("b.safetensors"));

        Assert.True(report.IsComplete);
        Assert.Equal("a.safetensors: 8 tensors fit, and nothing is missing or left over.", Relative(report.ToString()));
        Assert.Equal(File.ReadAllBytes(folder.File("a.safetensors")), File.ReadAllBytes(folder.File("b.safetensors")));
        Assert.Equal(Tensors.Values(model.Stem.Weight), Tensors.Values(other.Stem.Weight));
        using var file = WeightFile.Open(folder.File("a.safetensors"));
        Assert.Equal("toy_tiny", file.Metadata["variant"]);
        Assert.DoesNotContain(file.Entries, entry => entry.Name.EndsWith("table", StringComparison.Ordinal));
    }

    [Fact]
    public void A_file_that_does_not_fit_is_reported_whole_and_changes_nothing()
    {
        using var model = new ToyBackbone();
        var path = Stored(
            Floats("stem.weight", 1, 2, 3),
            Floats("stem.wieght", 4, 5, 6),
            Counter("stem.calls"),
            Floats("layers.0.weight", 1, 2, 3, 4),
            Floats("layers.1.calls", 0),
            Floats("head.weigth", 1, 2, 3, 4),
            Floats("norm.bias", 1));

        var failure = Assert.Throws<WeightLoadException>(() => model.Load(path));

        Assert.Equal(["head.calls", "head.weight", "layers.0.calls", "layers.1.weight"], failure.Report.Missing.Select(tensor => tensor.Name).Order());
        Assert.Equal(["head.weigth", "norm.bias", "stem.wieght"], failure.Report.Unexpected.Select(tensor => tensor.Name).Order());
        Assert.Contains("head.weight float32[4] (did you mean 'head.weigth'?)", failure.Message, StringComparison.Ordinal);
        Assert.Contains("layers.0.weight: expected float32[3], found float32[4]", failure.Message, StringComparison.Ordinal);
        Assert.Contains("layers.1.calls: expected int64[], found float32[1]", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Nothing was loaded", failure.Message, StringComparison.Ordinal);
        Assert.Equal([2, 2, 2], Tensors.Values(model.Stem.Weight));
    }

    [Fact]
    public void What_fits_is_loaded_where_that_is_wished()
    {
        using var model = new ToyBackbone();
        var path = Stored(Floats("stem.weight", 1, 2, 3), Floats("norm.bias", 1));

        var report = model.Load(path, new LoadOptions { Strict = false });

        Assert.Equal(["stem.weight"], report.Loaded.AsEnumerable());
        Assert.Equal(7, report.Missing.Length);
        Assert.Equal([1, 2, 3], Tensors.Values(model.Stem.Weight));
    }

    [Fact]
    public void Names_are_mapped_and_a_common_prefix_is_noticed()
    {
        using var model = new ToyBackbone();
        model.Save(folder.File("plain.safetensors"));
        using (var plain = WeightFile.Open(folder.File("plain.safetensors")))
        {
            SafetensorsWriter.Write(
                folder.File("prefixed.safetensors"),
                plain.Entries.Select(entry => WeightEntry.FromBytes($"module.net.{entry.Name}", entry.Type, entry.Shape, SafetensorsTests.Bytes(entry))));
        }

        var path = folder.File("prefixed.safetensors");
        Assert.Contains("set StripPrefix = \"module.net.\"", Assert.Throws<WeightLoadException>(() => model.Load(path)).Message, StringComparison.Ordinal);
        Assert.True(model.Load(path, new LoadOptions { StripPrefix = "module.net." }).IsComplete);
        Assert.True(model.Load(path, new LoadOptions { StripPrefix = "module.", MapName = name => name.Replace("net.", "", StringComparison.Ordinal) }).IsComplete);
        var partial = model.Load(path, new LoadOptions { Strict = false, StripPrefix = "module.net.", MapName = name => name.StartsWith("head", StringComparison.Ordinal) ? null : name });
        Assert.Empty(partial.Unexpected);
        Assert.Equal(["head.weight", "head.calls"], partial.Missing.Select(tensor => tensor.Name));
        Assert.Contains("has the same name 'x'", Assert.Throws<WeightFileException>(() => model.Load(path, new LoadOptions { MapName = _ => "x" })).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(WeightType.Float64, new byte[] { 0, 0, 0, 0, 0, 0, 0xf8, 0x3f }, 1.5f)]
    [InlineData(WeightType.Float16, new byte[] { 0, 0x3e }, 1.5f)]
    [InlineData(WeightType.BFloat16, new byte[] { 0xc0, 0x3f }, 1.5f)]
    [InlineData(WeightType.Float8E4M3, new byte[] { 0x3c }, 1.5f)]
    [InlineData(WeightType.Float8E4M3, new byte[] { 0xfe }, -448f)]
    [InlineData(WeightType.Float8E4M3, new byte[] { 0x01 }, 0.001953125f)]
    [InlineData(WeightType.Float8E5M2, new byte[] { 0x3e }, 1.5f)]
    [InlineData(WeightType.Float8E5M2, new byte[] { 0x7b }, 57344f)]
    [InlineData(WeightType.Float8E8M0, new byte[] { 0x80 }, 2f)]
    public void Floating_types_convert(WeightType type, byte[] bytes, float expected)
    {
        using var target = zeros(3);
        var entry = WeightEntry.FromBytes("w", type, [3], new[] { bytes, bytes, bytes }.SelectMany(b => b).ToArray());
        using var module = new Holder(target);

        Load(module, entry);

        Assert.Equal([expected, expected, expected], Tensors.Values(target));
        var strict = Assert.Throws<WeightLoadException>(() => Load(module, entry, new LoadOptions { ConvertTypes = false }));
        Assert.Contains("expected float32[3]", strict.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(WeightType.UInt16, new byte[] { 0xff, 0xff }, 65535)]
    [InlineData(WeightType.UInt32, new byte[] { 0xff, 0xff, 0xff, 0xff }, 4294967295)]
    [InlineData(WeightType.UInt64, new byte[] { 5, 0, 0, 0, 0, 0, 0, 0x40 }, 4611686018427387909)]
    [InlineData(WeightType.Int8, new byte[] { 0xff }, -1)]
    [InlineData(WeightType.UInt8, new byte[] { 0xff }, 255)]
    public void Whole_numbers_convert(WeightType type, byte[] bytes, long expected)
    {
        using var target = zeros([1], dtype: ScalarType.Int64);
        using var module = new Holder(target);
        Load(module, WeightEntry.FromBytes("w", type, [1], bytes));
        Assert.Equal(expected, target.item<long>());
    }

    [Fact]
    public void A_number_that_no_type_holds_is_an_error_of_the_file()
    {
        using var target = zeros([1], dtype: ScalarType.Int64);
        using var module = new Holder(target);
        Assert.Throws<WeightFileException>(() => Load(module, WeightEntry.FromBytes("w", WeightType.UInt64, [1], new byte[] { 0, 0, 0, 0, 0, 0, 0, 0x80 })));
    }

    [Fact]
    public void Kinds_of_numbers_do_not_convert_into_each_other()
    {
        using var target = zeros(2);
        using var module = new Holder(target);
        Assert.Throws<WeightLoadException>(() => Load(module, WeightEntry.FromBytes("w", WeightType.Int32, [2], new byte[8])));
        Assert.Throws<WeightLoadException>(() => Load(module, WeightEntry.FromBytes("w", WeightType.Complex64, [2], new byte[16])));
    }

    [Fact]
    public void Tensors_of_any_memory_layout_are_filled_and_written()
    {
        using var plain = zeros(2, 3);
        using var target = plain.t();
        using var module = new Holder(target);
        var bytes = Enumerable.Range(0, 6).SelectMany(i => BitConverter.GetBytes((float)i)).ToArray();

        Load(module, WeightEntry.FromBytes("w", WeightType.Float32, [3, 2], bytes));
        StateDict.Save(module, folder.File("out.safetensors"));

        Assert.Equal([0, 2, 4, 1, 3, 5], Tensors.Values(plain));
        using var file = WeightFile.Open(folder.File("out.safetensors"));
        Assert.Equal(bytes, SafetensorsTests.Bytes(file.Entries[0]));
    }

    [Fact]
    public void Every_type_of_tensor_comes_back()
    {
        foreach (var type in new[] { ScalarType.Bool, ScalarType.Byte, ScalarType.Int8, ScalarType.Int16, ScalarType.Int32, ScalarType.Int64, ScalarType.Float16, ScalarType.BFloat16, ScalarType.Float32, ScalarType.Float64, ScalarType.ComplexFloat32 })
        {
            using var source = arange(5).to(type);
            using var target = zeros([5], dtype: type);
            using var from = new Holder(source);
            using var to = new Holder(target);
            StateDict.Save(from, folder.File("type.safetensors"));
            Assert.True(StateDict.Load(to, folder.File("type.safetensors"), new LoadOptions { ConvertTypes = false }).IsComplete);
            StateDict.Save(to, folder.File("again.safetensors"));
            Assert.Equal(File.ReadAllBytes(folder.File("type.safetensors")), File.ReadAllBytes(folder.File("again.safetensors")));
        }
    }

    private static void Load(Holder module, WeightEntry entry, LoadOptions? options = null)
    {
        using var scratch = new TemporaryFolder();
        SafetensorsWriter.Write(scratch.File("w"), [entry]);
        StateDict.Load(module, scratch.File("w"), options);
    }

    private static void Change(ToyBackbone model)
    {
        using var guard = no_grad();
        foreach (var (_, tensor) in StateDict.Of(model))
        {
            tensor.add_(3);
        }
    }

    private static WeightEntry Floats(string name, params float[] values) =>
        WeightEntry.FromBytes(name, WeightType.Float32, [values.Length], values.SelectMany(BitConverter.GetBytes).ToArray());

    private static WeightEntry Counter(string name) => WeightEntry.FromBytes(name, WeightType.Int64, [], new byte[8]);

    private string Stored(params WeightEntry[] entries)
    {
        SafetensorsWriter.Write(folder.File("stored.safetensors"), entries);
        return folder.File("stored.safetensors");
    }

    private string Relative(string text) => text.Replace(folder.Path + Path.DirectorySeparatorChar, "", StringComparison.Ordinal);

    private sealed class Holder : nn.Module<Tensor, Tensor>
    {
        public Holder(Tensor w)
            : base(nameof(Holder)) =>
            register_buffer("w", w);

        public override Tensor forward(Tensor input) => input.alias();
    }
}
