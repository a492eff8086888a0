using Notochord.Dsl.Ir;

namespace Notochord.Dsl.Instantiation;

/// <summary>Initialisers that an architecture puts in place of those of its blocks, with the values of their arguments: by block and tensor.</summary>
internal sealed class InitTable : Dictionary<(string Block, string Tensor), (string Initializer, IReadOnlyDictionary<string, Value> Arguments)>
{
    /// <summary>What modules that are initialised in the same way have in common.</summary>
    public string Key => string.Join("\n", this.Select(i => $"{i.Key.Block}.{i.Key.Tensor}={i.Value.Initializer}({string.Join(",", i.Value.Arguments.Select(a => $"{a.Key}={a.Value}"))})"));

    /// <summary>Those of an architecture whose parameters have these values. Null after a diagnostic.</summary>
    public static InitTable? Of(BoundArchitecture architecture, ModuleBuilder builder, IReadOnlyDictionary<string, Value> statics)
    {
        var result = new InitTable();
        foreach (var init in architecture.Inits)
        {
            if (builder.Evaluate(init.Arguments, statics) is not { } arguments) return null;
            result[(init.Block, init.Tensor)] = (init.Initializer, arguments);
        }

        return result;
    }
}
