using Notochord.Dsl;
using Notochord.Execution;
using Xunit.Abstractions;
using static TorchSharp.torch;

namespace Notochord.Tests;

public class ZooTests(ITestOutputHelper output)
{
    [Fact]
    public void Runs()
    {
        var root = "/work/wt/prims/Architectures";
        var files = Directory.GetFiles(root, "*.yaml", SearchOption.AllDirectories).Where(f => !f.Contains("/obj/") && !f.Contains("/bin/")).Select(f => (f, File.ReadAllText(f)));
        var project = new Project(files);
        foreach (var a in project.Architectures.ToList())
        {
            foreach (var v in a.Variants.Take(1))
            {
                var watch = System.Diagnostics.Stopwatch.StartNew();
                var model = project.Instantiate(v.Name);
                output.WriteLine($"{v.Name}: {model?.ParameterCount} in {watch.Elapsed}");
                if (model is null) continue;
                try
                {
                    using var backbone = new ExecutedBackbone(model);
                    backbone.eval();
                    using var _ = no_grad();
                    using var x = randn(model.InputSizes());
                    watch.Restart();
                    using var y = backbone.Forward(x);
                    output.WriteLine($"   [{string.Join(", ", y.shape)}] {watch.Elapsed}");
                    foreach (var f in backbone.ForwardFeatures(x)) output.WriteLine($"   {f.Name} [{string.Join(", ", f.Tensor.shape)}] /{f.Reduction}");
                }
                catch (Exception e) { output.WriteLine(e.ToString()); }
            }
        }
        foreach (var d in project.Diagnostics.Items.Take(30)) output.WriteLine(d.ToString());
        Assert.Fail("see");
    }
}
