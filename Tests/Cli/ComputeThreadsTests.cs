using Notochord.Cli.Models;

namespace Notochord.Cli.Tests;

public sealed class ComputeThreadsTests
{
    [Fact]
    public void Two_threads_of_one_core_count_once()
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            // One core with two threads: as many processors as that or more are this process's in any case.
            foreach (var cpu in new[] { "cpu0", "cpu1" })
            {
                var topology = folder.CreateSubdirectory(Path.Combine(cpu, "topology"));
                File.WriteAllText(Path.Combine(topology.FullName, "thread_siblings_list"), "0-1\n");
            }
            folder.CreateSubdirectory("cpufreq");

            Assert.Equal(1, ComputeThreads.CountCores(folder.FullName));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("/no/such/folder")]
    [InlineData("/proc/self/task")]
    public void Where_the_kernel_does_not_say_every_processor_counts(string folder) =>
        Assert.Equal(Environment.ProcessorCount, ComputeThreads.CountCores(folder));
}
