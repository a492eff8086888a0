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

    /// <summary>An architecture of one block: these inputs, this forward.</summary>
    public static ExecutedBackbone Forward(string input, string forward, string more = "")
        => Backbone($"arch: t\ninput: {input}\n{more}forward: |\n  {forward.Replace("\n", "\n  ")}\n");
}
