using System.Runtime.CompilerServices;
using Notochord.Dsl;
using Notochord.Dsl.Instantiation;
using Notochord.Dsl.Ir;
using Notochord.Execution;

namespace Notochord.Tests;

/// <summary>Backbones from YAML written in a test.</summary>
internal static class Declarations
{
    /// <summary>The only architecture of a file, with parameters overridden.</summary>
    public static ModelInstance Model(string yaml, params (string Name, Value Value)[] overrides)
    {
        var project = new Project([("test.arch.yaml", yaml)]);
        var architecture = project.Architectures.FirstOrDefault();
        var model = architecture is null ? null : project.Instantiate(architecture.Name, overrides.ToDictionary(o => o.Name, o => o.Value));
        Assert.True(model is not null && !project.Diagnostics.HasErrors, string.Join("\n", project.Diagnostics.Items));
        return model;
    }

    /// <summary>The same, to be run.</summary>
    public static ExecutedBackbone Backbone(string yaml) => new(Model(yaml), overrides => Model(yaml, [.. overrides.Select(o => (o.Key, o.Value))]));

    /// <summary>An architecture over blocks of the zoo: these inputs, this forward; <paramref name="more"/> are its other sections.</summary>
    /// <param name="libraries">Their libraries.</param>
    public static ExecutedBackbone OverBlocks(string[] libraries, string input, string forward, string more)
    {
        var text = $"arch: t\nuse: [{string.Join(", ", libraries)}]\ninput: {input}\n{more.Trim()}\nforward: |\n  {forward.Replace("\n", "\n  ")}\n";
        var project = new Project([("test.arch.yaml", text), .. Libraries()]);
        var model = project.Instantiate("t");
        Assert.True(model is not null && !project.Diagnostics.HasErrors, string.Join("\n", project.Diagnostics.Items));
        return new ExecutedBackbone(model);
    }

    private static IEnumerable<(string Path, string Text)> Libraries([CallerFilePath] string file = "")
        => Directory.EnumerateFiles(Path.Combine(Path.GetDirectoryName(file)!, "..", "..", "Architectures", "blocks"), "*.yaml").Order(StringComparer.Ordinal).Select(path => (Path.GetFileName(path), File.ReadAllText(path)));

    /// <summary>An architecture of one block: these inputs, this forward.</summary>
    public static ExecutedBackbone Forward(string input, string forward, string more = "")
        => Backbone($"arch: t\ninput: {input}\n{more}forward: |\n  {forward.Replace("\n", "\n  ")}\n");
}
