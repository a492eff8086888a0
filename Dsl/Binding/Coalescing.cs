using Notochord.Dsl.Ir;
using Notochord.Dsl.Text;

namespace Notochord.Dsl.Binding;

/// <summary>Removes aliases that only rename: where a result is used by nothing but an <see cref="Alias"/> in the same straight line, it is computed into
/// the alias's target at once.</summary>
internal static class Coalescing
{
    public static EquatableArray<Instruction> Run(IReadOnlyList<Instruction> body)
    {
        var uses = new Dictionary<int, int>();
        Count(body, uses);
        return Rewrite(body, uses);
    }

    private static EquatableArray<Instruction> Rewrite(IReadOnlyList<Instruction> body, Dictionary<int, int> uses)
    {
        var result = new List<Instruction>();
        foreach (var instruction in body)
        {
            switch (instruction)
            {
                case Alias { Source: { Kind: LocalKind.Result, IsMutable: false, Part: null } } alias when uses[alias.Source.Id] == 1 && Producer(result, alias.Source) is var at and >= 0:
                    // Nothing between may touch the target, or the order of assignments would change.
                    if (result.Skip(at + 1).Any(i => Touches(i, alias.Target.Id))) goto default;
                    result[at] = WithResult(result[at], alias.Source, alias.Target);
                    break;
                case Branch b:
                    result.Add(b with { Then = Rewrite(b.Then, uses), Else = Rewrite(b.Else, uses) });
                    break;
                case Loop l:
                    result.Add(l with { Body = Rewrite(l.Body, uses) });
                    break;
                default:
                    result.Add(instruction);
                    break;
            }
        }

        return result.ToEquatableArray();
    }

    private static int Producer(List<Instruction> body, Local local) => body.FindLastIndex(i => i switch
    {
        Apply a => a.Results.Contains(local),
        CallModule c => c.Results.Contains(local),
        MakeList m => m.Target == local,
        _ => false,
    });

    private static Instruction WithResult(Instruction i, Local from, Local to) => i switch
    {
        Apply a => a with { Results = a.Results.Select(r => r == from ? to : r).ToEquatableArray() },
        CallModule c => c with { Results = c.Results.Select(r => r == from ? to : r).ToEquatableArray() },
        MakeList m => m with { Target = to },
        _ => i,
    };

    private static bool Touches(Instruction i, int id) => CodeWalker.Locals(i).Any(l => l.Id == id);

    private static void Count(IEnumerable<Instruction> body, Dictionary<int, int> uses)
    {
        foreach (var local in body.SelectMany(CodeWalker.Uses)) uses[local.Id] = uses.TryGetValue(local.Id, out var n) ? n + 1 : 1;
    }
}
