using System.Text;

namespace Notochord.Differential.Tests;

/// <summary>How the data of a block lies while its forward is written.</summary>
[Flags]
internal enum Layout
{
    /// <summary>[B, C, H, W].</summary>
    Map = 1,

    /// <summary>[B, H, W, C].</summary>
    Last = 2,

    /// <summary>[B, H W, C].</summary>
    Tokens = 4,

    /// <summary>Channels are the last axis.</summary>
    Rows = Last | Tokens,

    /// <summary>Any.</summary>
    All = Map | Rows,
}

/// <summary>Writes one random block from [B, dim, H, W] to the same shape; H and W are even. What each step leaves in <c>x</c> has the shape that it found.</summary>
internal sealed class BlockWriter
{
    /// <summary>The parameters of every random block.</summary>
    public const string Signature = "int dim, int heads = 2, double ratio = 1.5, bool flag = true, int times = 2, int[] taps = [1, 3], block norm = layer_norm, block act = gelu";

    // The deepest nesting of if, for and residuals.
    private const int MaxDepth = 2;

    private readonly Dictionary<string, List<string>> _sections = new() { ["define"] = ["hidden: (int)(dim * ratio) / 4 * 4"], ["modules"] = [], ["parameters"] = [], ["constants"] = [] };
    private readonly StringBuilder _forward = new();
    private readonly IReadOnlyList<string> _helpers;
    private int _count;
    private int _depth;

    // Excluded: a block parameter that is never applied has no signature in C# (its value would be built without the arguments that it needs), so each is
    // applied here, and always to the same arguments, as the language asks.
    public BlockWriter(Random random, IReadOnlyList<string> helpers)
    {
        (Random, _helpers) = (random, helpers);
        To(Layout.Last);
        Line($"x = {Module("act")}({Module("norm(dim)")}(x));");
        To(Layout.Map);
    }

    public Random Random { get; }

    public Layout Layout { get; private set; } = Layout.Map;

    /// <summary>Which axis the channels are.</summary>
    public int ChannelAxis => Layout switch { Layout.Map => 1, Layout.Last => 3, _ => 2 };

    /// <summary>An axis of positions.</summary>
    public int PositionAxis => Layout == Layout.Map ? 2 : 1;

    /// <summary>The pattern of the layout.</summary>
    public string Axes => Layout switch { Layout.Map => "b c h w", Layout.Last => "b h w c", _ => "b n c" };

    /// <summary>The pattern of the layout with another term for the channels.</summary>
    public string AxesWith(string channels) => Axes.Replace("c", channels, StringComparison.Ordinal);

    /// <summary>Private blocks [B, dim, H, W] -> the same that may be called.</summary>
    public IReadOnlyList<string> Helpers => _helpers;

    /// <summary>Whether another statement may hold statements.</summary>
    public bool MayNest => _depth < MaxDepth;

    /// <summary>A name that the block does not have.</summary>
    public string Fresh(string prefix) => $"{prefix}{_count++}";

    /// <summary>A new child.</summary>
    public string Module(string entry, string prefix = "m") => Entry("modules", prefix, entry);

    /// <summary>A new parameter tensor.</summary>
    public string Parameter(string entry) => Entry("parameters", "p", entry);

    /// <summary>A new constant.</summary>
    public string Constant(string entry) => Entry("constants", "c", entry);

    /// <summary>A statement.</summary>
    public void Line(string statement) => _forward.Append(' ', 2 * (_depth + 1)).Append(statement).Append('\n');

    /// <summary>A vector over the channels in a form that broadcasts in this layout.</summary>
    public string OnChannels(string vector) => Layout == Layout.Map ? $"rearrange({vector}, \"c -> 1 c 1 1\")" : vector;

    /// <summary>One of several.</summary>
    public T Pick<T>(params ReadOnlySpan<T> choices) => choices[Random.Next(choices.Length)];

    /// <summary>Random steps from x to x, which end in the layout that they began with.</summary>
    public void Steps(int count)
    {
        var layout = Layout;
        for (var i = 0; i < count; i++)
        {
            if (Random.Next(4) == 0) To(Pick(Layout.Map, Layout.Last, Layout.Tokens));
            var fitting = Differential.Tests.Steps.All.Where(s => s.On.HasFlag(Layout) && (MayNest || !s.Nests)).ToList();
            fitting[Random.Next(fitting.Count)].Write(this);
        }

        To(layout);
    }

    /// <summary>Statements of one level more.</summary>
    public void Nested(string header, Action body)
    {
        Line($"{header} {{");
        _depth++;
        body();
        _depth--;
        Line("}");
    }

    /// <summary>Changes the layout of x.</summary>
    public void To(Layout layout)
    {
        if (layout == Layout) return;
        if (Layout == Layout.Tokens)
        {
            Line(layout == Layout.Map ? "x = rearrange(x, \"b (h w) c -> b c h w\", h=H);" : "x = rearrange(x, \"b (h w) c -> b h w c\", w=W);");
        }
        else
        {
            var to = layout switch { Layout.Map => "b c h w", Layout.Last => "b h w c", _ => "b (h w) c" };
            Line($"x = rearrange(x, \"{Axes} -> {to}\");");
        }

        Layout = layout;
    }

    /// <summary>The block as YAML.</summary>
    public string Text(string name)
    {
        var text = new StringBuilder($"block: {name}({Signature})\ninput: x[B, dim, H, W]\noutput: \"[B, dim, H, W]\"\n");
        foreach (var (section, entries) in _sections.Where(s => s.Value.Count > 0))
        {
            text.Append(section).Append(":\n");
            foreach (var entry in entries) text.Append("  ").Append(entry).Append('\n');
        }

        return text.Append("forward: |\n").Append(_forward).ToString();
    }

    private string Entry(string section, string prefix, string entry)
    {
        var name = Fresh(prefix);
        _sections[section].Add($"{name}: {(entry[0] is '{' or '[' ? entry : $"'{entry}'")}");
        return name;
    }
}
