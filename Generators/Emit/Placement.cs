using Notochord.Dsl.Ir;

namespace Notochord.Generators.Emit;

/// <summary>Where variables that are assigned in several places are declared: before the first step that leads to all of them.
/// A variable assigned in one place, or first assigned by a step of that very block, is declared by its assignment.</summary>
internal sealed class Placement
{
    private readonly Dictionary<(OwnedBlock Block, int Step), List<Local>> _tensors = [];
    private readonly Dictionary<(OwnedBlock Block, int Step), List<string>> _statics = [];

    public Placement(OwnedBlock body)
    {
        var tensors = new Dictionary<int, List<Site>>();
        var statics = new Dictionary<string, List<Site>>();
        var locals = new Dictionary<int, Local>();
        Visit(body, [], (instruction, path) =>
        {
            foreach (var local in Reads.Results(instruction).Concat(Reads.Tensors(instruction)))
            {
                if (local.Kind != LocalKind.Result) continue;
                locals[local.Id] = local.Part is null ? local : local with { Part = null };
                Add(tensors, local.Id, path);
            }

            foreach (var name in Reads.Statics(instruction).SelectMany(ExprTree.Names)) Add(statics, name, path);
            if (instruction is SetStatic set) Add(statics, set.Name, path);
        });

        var assigned = new HashSet<string>(Reads.Nested(body.Steps.Select(s => s.Instruction)).OfType<SetStatic>().Select(s => s.Name));
        foreach (var t in tensors) Place(_tensors, t.Value, locals[t.Key], s => Reads.Results(s).Any(r => r.Id == t.Key));
        foreach (var s in statics.Where(s => assigned.Contains(s.Key))) Place(_statics, s.Value, s.Key, i => i is SetStatic set && set.Name == s.Key);
    }

    /// <summary>Tensor variables to declare, without a value, before this step.</summary>
    public IEnumerable<Local> DeclaredBefore(OwnedBlock block, int step) => _tensors.TryGetValue((block, step), out var list) ? list : [];

    /// <summary>Static variables to declare, without a value, before this step.</summary>
    public IEnumerable<string> StaticsDeclaredBefore(OwnedBlock block, int step) => _statics.TryGetValue((block, step), out var list) ? list : [];

    private static void Visit(OwnedBlock block, List<(OwnedBlock, int)> path, Action<Instruction, List<(OwnedBlock, int)>> action)
    {
        for (var i = 0; i < block.Steps.Count; i++)
        {
            var here = new List<(OwnedBlock, int)>(path) { (block, i) };
            var step = block.Steps[i];
            action(step.Instruction, here);
            if (step.First is not null) Visit(step.First, here, action);
            if (step.Second is not null) Visit(step.Second, here, action);
        }
    }

    private static void Add<TKey>(Dictionary<TKey, List<Site>> sites, TKey key, List<(OwnedBlock, int)> path)
    {
        if (!sites.TryGetValue(key, out var list)) sites[key] = list = [];
        list.Add(new Site(path));
    }

    private static void Place<T>(Dictionary<(OwnedBlock, int), List<T>> places, List<Site> sites, T variable, Func<Instruction, bool> assigns)
    {
        // The deepest block that holds all sites, and the first of its steps that holds one.
        var depth = 0;
        while (sites.All(s => s.Path.Count > depth && ReferenceEquals(s.Path[depth].Block, sites[0].Path[depth].Block) && (depth == 0 || s.Path[depth - 1].Step == sites[0].Path[depth - 1].Step))) depth++;
        var block = sites[0].Path[depth - 1].Block;
        var first = sites.Min(s => s.Path[depth - 1].Step);
        if (assigns(block.Steps[first].Instruction)) return;
        if (!places.TryGetValue((block, first), out var list)) places[(block, first)] = list = [];
        list.Add(variable);
    }

    private sealed record Site(List<(OwnedBlock Block, int Step)> Path);
}
