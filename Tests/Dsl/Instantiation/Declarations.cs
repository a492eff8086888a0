using System.Globalization;

namespace Notochord.Dsl.Tests.Instantiation;

/// <summary>Small projects for tests.</summary>
internal static class Declarations
{
    /// <summary>A project of one architecture, <c>net.arch.yaml</c>.</summary>
    public static Project Net(string yaml) => new([("net.arch.yaml", yaml.ReplaceLineEndings("\n"))]);

    /// <summary>Findings after checking everything: <c>line:column id message</c>, with suggestion.</summary>
    public static IReadOnlyList<string> Findings(string yaml)
    {
        var project = Net(yaml);
        project.Check();
        return [.. project.Diagnostics.Items.Select(d => string.Create(CultureInfo.InvariantCulture, $"{d.Span.Line}:{d.Span.Column} {d.Rule.Id} {d.Message}{(d.Suggestion is null ? "" : " " + d.Suggestion)}"))];
    }

    /// <summary>An architecture that is one block applied to the image, and the block.</summary>
    public static string OneBlock(string application, string block, string parameters = "  dim: 8") => $"""
        arch: net
        params:
        {parameters}
        input: image[B, 3, H, W]
        stem:
          conv: conv2d(3, dim, 3, padding=1)
          block: "{application}"
        ---
        {block}
        """;
}
