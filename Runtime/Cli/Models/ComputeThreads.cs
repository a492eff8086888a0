using System.Globalization;
using TorchSharp;

namespace Notochord.Cli.Models;

/// <summary>How many threads libtorch computes with.</summary>
/// <remarks>
/// Left alone, a libtorch without MKL takes half of the logical processors, which is one of two where a core has a single thread;
/// and a thread's first matrix products run before that, with all of them, so that equal runs differ in the last bit.
/// </remarks>
internal static class ComputeThreads
{
    private const string SysFolder = "/sys/devices/system/cpu";

    /// <summary>One thread a core, unless <c>OMP_NUM_THREADS</c> says how many.</summary>
    public static void Set()
    {
        var chosen = Environment.GetEnvironmentVariable("OMP_NUM_THREADS");
        var count = int.TryParse(chosen, NumberStyles.None, CultureInfo.InvariantCulture, out var wanted) && wanted > 0 ? wanted : CountCores(SysFolder);
        torch.set_num_threads(count);
    }

    /// <summary>The cores that this process may use; two threads of one core share its arithmetic and count once.</summary>
    /// <param name="folder">Where the kernel lists its processors; where it does not, every processor counts.</param>
    internal static int CountCores(string folder)
    {
        var processors = Environment.ProcessorCount;
        if (!Directory.Exists(folder)) return processors;
        var cores = Directory.EnumerateDirectories(folder, "cpu*")
            .Select(cpu => Path.Combine(cpu, "topology", "thread_siblings_list"))
            .Where(File.Exists)
            .Select(File.ReadAllText)
            .Distinct(StringComparer.Ordinal)
            .Count();
        return cores == 0 ? processors : Math.Min(cores, processors);
    }
}
