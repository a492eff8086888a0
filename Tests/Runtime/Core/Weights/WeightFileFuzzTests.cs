using System.Diagnostics;
using System.IO.Compression;
using Notochord.Weights;
using Notochord.Weights.Safetensors;

namespace Notochord.Tests.Runtime.Core.Weights;

/// <summary>Damaged files either still make sense or are refused: no other exception, no hang, no large allocation.</summary>
public sealed class WeightFileFuzzTests : IDisposable
{
    private const int Mutants = 1_500;
    private const long MostBytesPerMutant = 64L << 20;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Safetensors() => Fuzz("model.safetensors", SafetensorsSample(), seed: 1);

    [Fact]
    public void A_safetensors_index() => Fuzz(
        "model.safetensors.index.json",
        """{"metadata":{"total_size":2},"weight_map":{"b":"m-2.safetensors","a":"m-1.safetensors"}}"""u8.ToArray(),
        seed: 2);

    [Fact]
    public void A_stored_checkpoint() => Fuzz("model.pth", Checkpoint(CompressionLevel.NoCompression), seed: 3);

    [Fact]
    public void A_compressed_checkpoint() => Fuzz("model.pth", Checkpoint(CompressionLevel.Optimal), seed: 4);

    [Fact]
    public void A_pickle_within_an_intact_archive()
    {
        var random = new Random(5);
        var pickle = Pickle().ToArray()[2..^1];
        for (var i = 0; i < Mutants; i++)
        {
            var mutant = new PickleBuilder().Raw(Mutate(pickle, random)).Archive(new Dictionary<string, byte[]> { ["0"] = new byte[24] });
            Try("model.pth", mutant, i);
        }
    }

    private static PickleBuilder Pickle()
    {
        var pickle = new PickleBuilder().Op("}(").Text("epoch").Int(3).Text("model").Global("collections", "OrderedDict").Op(")R(");
        pickle.Text("a.weight").Tensor("FloatStorage", "0", 6, 0, [2, 3], [3, 1]);
        pickle.Text("a.bias").Tensor("FloatStorage", "0", 6, 1, [2], [2]);
        return pickle.Op("uu");
    }

    private static byte[] Checkpoint(CompressionLevel compression) =>
        Pickle().Archive(new Dictionary<string, byte[]> { ["0"] = new byte[24] }, compression);

    private byte[] SafetensorsSample()
    {
        var path = folder.File("sample");
        SafetensorsWriter.Write(
            path,
            [
                WeightEntry.FromBytes("a.weight", WeightType.Float32, [2, 3], new byte[24]),
                WeightEntry.FromBytes("a.bias", WeightType.Float16, [2], new byte[4]),
                WeightEntry.FromBytes("count", WeightType.Int64, [], new byte[8]),
            ],
            new Dictionary<string, string> { ["format"] = "pt" });
        return File.ReadAllBytes(path);
    }

    private void Fuzz(string name, byte[] sample, int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < Mutants; i++)
        {
            Try(name, Mutate(sample, random), i);
        }
    }

    private static byte[] Mutate(byte[] sample, Random random)
    {
        var bytes = sample.ToList();
        for (var change = random.Next(1, 5); change > 0 && bytes.Count > 0; change--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(6))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2:
                    bytes[at] = random.Next(2) == 0 ? (byte)0xff : (byte)0;
                    break;
                case 3:
                    bytes.RemoveRange(at, Math.Min(random.Next(1, 9), bytes.Count - at));
                    break;
                case 4:
                    bytes.InsertRange(at, bytes.GetRange(at, Math.Min(random.Next(1, 17), bytes.Count - at)));
                    break;
                default:
                    bytes.RemoveRange(at, random.Next(8) == 0 ? bytes.Count - at : 0);
                    break;
            }
        }

        return [.. bytes];
    }

    private void Try(string name, byte[] mutant, int number)
    {
        var path = folder.Write(name, mutant);
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var clock = Stopwatch.StartNew();
        try
        {
            using var file = WeightFile.Open(path);
            foreach (var entry in file.Entries.Where(entry => entry.ByteLength <= 1 << 20))
            {
                entry.Read(0, new byte[entry.ByteLength]);
            }
        }
        catch (WeightFileException)
        {
            // Refused, which is right.
        }
        catch (Exception problem)
        {
            throw new InvalidOperationException($"Mutant {number} gave {problem.GetType().Name}: {Convert.ToBase64String(mutant)}", problem);
        }

        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(5), $"Mutant {number} took {clock.Elapsed}: {Convert.ToBase64String(mutant)}");
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        Assert.True(allocated < MostBytesPerMutant, $"Mutant {number} allocated {allocated} bytes: {Convert.ToBase64String(mutant)}");
    }
}
