using Notochord.Dsl.Expressions;
using Notochord.Dsl.Ir;

namespace Notochord.Generators.Emit;

/// <summary>The names of one generated class: what each name of the block is called in its members, and which of them are fields.</summary>
internal sealed class BlockContext
{
    private readonly Dictionary<string, string> _modules = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _states = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _statics = new(StringComparer.Ordinal);

    public BlockContext(BoundBlock bound, string className, bool isBackbone)
    {
        Bound = bound;
        ClassName = className;
        Members = new NameScope();
        foreach (var name in ReservedNames.Types) Members.Reserve(name);
        foreach (var name in isBackbone ? ReservedNames.Backbone : ReservedNames.Module) Members.Reserve(name);
        Members.Reserve(className);
        foreach (var t in bound.Tensors) _states[t.Name] = Members.Take(t.Name);
        foreach (var c in bound.Constants) _states[c.Name] = Members.Take(c.Name);
        foreach (var m in bound.Modules) _modules[m.Name] = Members.Take(m.Name);
        // A child may bear the name of a static value; the static one is then the private field with a number.
        foreach (var name in StoredStatics(bound, isBackbone)) _statics[name] = Members.Take(name);
    }

    public BoundBlock Bound { get; }

    public string ClassName { get; }

    /// <summary>The names that members of the class have taken.</summary>
    public NameScope Members { get; }

    /// <summary>Static values that methods read, and so are fields: declared name and identifier.</summary>
    public IReadOnlyDictionary<string, string> Stored => _statics;

    /// <summary>The field of a child.</summary>
    public string Module(string name) => _modules[name];

    /// <summary>The field of a parameter, buffer or constant.</summary>
    public string State(string name) => _states[name];

    /// <summary>Whether a parameter or buffer may be absent.</summary>
    public bool IsOptional(string state) => Bound.Tensors.Any(t => t.Name == state && t.Condition is not null);

    /// <summary>The type of a static name; what is no parameter, definition or variable is an index or an axis.</summary>
    public StaticKind Kind(string name) => Bound.StaticTypes.TryGetValue(name, out var type) ? StaticKinds.Of(type) : StaticKind.Int64;

    /// <summary>The axes of the input contract that a lone name gives: name, input and axis.</summary>
    public IEnumerable<(string Name, string Input, int Axis)> Axes()
    {
        var seen = new HashSet<string>();
        foreach (var input in Bound.Block.Inputs)
        {
            var rest = input.Axes.ToList().FindIndex(a => a is RangeExpr);
            for (var i = 0; i < input.Axes.Count; i++)
            {
                if (input.Axes[i] is not NameExpr axis || Bound.StaticTypes.ContainsKey(axis.Name) || !seen.Add(axis.Name)) continue;
                yield return (axis.Name, input.Name ?? "x", rest >= 0 && i > rest ? i - input.Axes.Count : i);
            }
        }
    }

    /// <summary>Parameters and definitions that the forward or a constant reads.</summary>
    private static IEnumerable<string> StoredStatics(BoundBlock bound, bool isBackbone)
    {
        var read = new HashSet<string>(
            bound.Constants.Select(c => c.Code).Append(bound.Forward)
                .SelectMany(c => Reads.Nested(c.Body)).SelectMany(Reads.Statics).SelectMany(ExprTree.Names));
        read.UnionWith(bound.Block.Inputs.SelectMany(i => i.Axes).Select(a => Guards.Divisor(bound, a)).Where(d => d is not null).SelectMany(d => ExprTree.Names(d!)));
        // A backbone checks its input; blocks get what their callers made.
        if (isBackbone) read.UnionWith(bound.Block.Inputs.SelectMany(i => i.Axes).Where(a => a is not RangeExpr).SelectMany(ExprTree.Names));
        return bound.Block.Params.Select(p => p.Name).Concat(bound.Block.Definitions.Select(d => d.Name)).Where(read.Contains);
    }
}
