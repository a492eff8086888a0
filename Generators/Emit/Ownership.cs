using Notochord.Dsl.Ir;
using Notochord.Dsl.Text;

namespace Notochord.Generators.Emit;

/// <summary>A sequence of steps with what is released on entry: variables that only the other way needs.</summary>
internal sealed class OwnedBlock(IReadOnlyList<Local> releaseFirst, IReadOnlyList<OwnedStep> steps)
{
    public IReadOnlyList<Local> ReleaseFirst => releaseFirst;

    public IReadOnlyList<OwnedStep> Steps => steps;

    /// <summary>The same steps after these releases.</summary>
    public OwnedBlock After(IReadOnlyList<Local> releases) => new(releases, Steps);
}

/// <summary>An instruction with what its variables' owners do about it.</summary>
/// <param name="Instruction">The instruction.</param>
/// <param name="ReleaseAfter">Variables whose last use this is, and results that nobody reads.</param>
/// <param name="Replaced">Results whose old value this instruction reads, so that it is released after the new one exists.</param>
/// <param name="Moves">Of an <see cref="Alias"/>: the source ends here, so that its handle moves on. Otherwise the target is a second handle.</param>
/// <param name="LiveAfter">Owned variables that hold a value after it.</param>
/// <param name="First">The body of a loop or the first side of a branch.</param>
/// <param name="Second">The other side of a branch.</param>
/// <param name="ItemMoves">Of a <see cref="MakeList"/>: for each item whether its handles move into the list; the others are given a second one.</param>
internal sealed record OwnedStep(
    Instruction Instruction,
    IReadOnlyList<Local> ReleaseAfter,
    IReadOnlyList<Local> Replaced,
    bool Moves,
    IReadOnlyList<Local> LiveAfter,
    OwnedBlock? First = null,
    OwnedBlock? Second = null,
    IReadOnlyList<bool>? ItemMoves = null);

/// <summary>Decides where each owned tensor is released: right after its last use on every path. A backward liveness analysis over structured code
/// (Appel, Modern Compiler Implementation, ch. 10); on an edge where a variable dies without a use, the side entered releases it.</summary>
internal sealed class Ownership
{
    private readonly Dictionary<int, Local> _locals = [];

    private Ownership()
    {
    }

    /// <summary>The code with its releases. Steps after a return are left out.</summary>
    public static OwnedBlock Analyze(Code code) => new Ownership().Block(code.Body, [], out _);

    /// <summary>Whether every way through the block ends in a return.</summary>
    public static bool Returns(OwnedBlock block) => block.Steps.Count > 0 && block.Steps[block.Steps.Count - 1] switch
    {
        { Instruction: Dsl.Ir.Return } => true,
        { Instruction: Branch, First: { } then, Second: { } other } => Returns(then) && Returns(other),
        _ => false,
    };

    private OwnedBlock Block(EquatableArray<Instruction> body, HashSet<int> liveOut, out HashSet<int> liveIn)
    {
        var end = 0;
        while (end < body.Count && (end == 0 || !AlwaysReturns(body[end - 1]))) end++;
        var steps = new OwnedStep[end];
        liveIn = liveOut;
        for (var i = end - 1; i >= 0; i--) steps[i] = Step(body[i], liveIn, out liveIn);
        return new OwnedBlock([], steps);
    }

    private OwnedStep Step(Instruction instruction, HashSet<int> after, out HashSet<int> before) => instruction switch
    {
        Branch b => AtBranch(b, after, out before),
        Loop l => AtLoop(l, after, out before),
        Return r => AtReturn(r, out before),
        Alias a => AtAlias(a, after, out before),
        MakeList m => AtList(m, after, out before),
        _ => Straight(instruction, after, out before),
    };

    private OwnedStep Straight(Instruction instruction, HashSet<int> after, out HashSet<int> before)
    {
        var results = Owned(Reads.Results(instruction));
        var reads = Owned(Reads.Tensors(instruction));
        before = [.. after];
        before.ExceptWith(results);
        before.UnionWith(reads);
        var replaced = reads.Where(results.Contains).ToList();
        var release = reads.Where(r => !results.Contains(r) && !after.Contains(r)).Concat(results.Where(r => !after.Contains(r)));
        return new OwnedStep(instruction, Named(release), Named(replaced), false, Named(after));
    }

    private OwnedStep AtAlias(Alias alias, HashSet<int> after, out HashSet<int> before)
    {
        if (alias.Target.Id == alias.Source.Id)
        {
            before = after;
            return new OwnedStep(alias, [], [], true, Named(after));
        }

        var step = Straight(alias, after, out before);
        // The source's handle becomes the target's, unless nobody wants the target: then it is released as it is.
        var moves = alias.Source is { Kind: LocalKind.Result, Part: null } && !after.Contains(alias.Source.Id);
        if (!moves) return step;
        var release = after.Contains(alias.Target.Id) ? [] : new[] { alias.Target };
        return step with { Moves = true, ReleaseAfter = release };
    }

    // What ends here moves into the list, at its first mention; the rest, and parts of other lists, are second handles.
    private OwnedStep AtList(MakeList list, HashSet<int> after, out HashSet<int> before)
    {
        var step = Straight(list, after, out before);
        var moved = new HashSet<int>();
        var moves = list.Items.Select(i => i is { Kind: LocalKind.Result, Part: null } && (!after.Contains(i.Id) || i.Id == list.Target.Id) && moved.Add(i.Id)).ToList();
        return step with
        {
            ReleaseAfter = [.. step.ReleaseAfter.Where(l => !moved.Contains(l.Id))],
            Replaced = [.. step.Replaced.Where(l => !moved.Contains(l.Id))],
            ItemMoves = moves,
        };
    }

    private OwnedStep AtReturn(Return instruction, out HashSet<int> before)
    {
        before = [.. Owned(instruction.Values)];
        return new OwnedStep(instruction, [], [], false, []);
    }

    private OwnedStep AtBranch(Branch branch, HashSet<int> after, out HashSet<int> before)
    {
        var then = Block(branch.Then, after, out var thenIn);
        var other = Block(branch.Else, after, out var otherIn);
        before = [.. thenIn];
        before.UnionWith(otherIn);
        before.UnionWith(Owned(Reads.Tensors(branch)));
        return new OwnedStep(
            branch, [], [], false, Named(after),
            then.After(Named(before.Except(thenIn))),
            other.After(Named(before.Except(otherIn))));
    }

    private OwnedStep AtLoop(Loop loop, HashSet<int> after, out HashSet<int> before)
    {
        // What is alive at the head: what the code behind needs, what the limit reads, and what a round needs, to a fixed point.
        var head = new HashSet<int>(after);
        head.UnionWith(Owned(Reads.Tensors(loop)));
        OwnedBlock body;
        HashSet<int> bodyIn;
        while (true)
        {
            body = Block(loop.Body, head, out bodyIn);
            if (bodyIn.IsSubsetOf(head)) break;
            head.UnionWith(bodyIn);
        }

        before = head;
        return new OwnedStep(loop, Named(head.Except(after)), [], false, Named(after), body.After(Named(head.Except(bodyIn))));
    }

    private static bool AlwaysReturns(Instruction instruction) => instruction switch
    {
        Return => true,
        Branch b => b.Then.Any(AlwaysReturns) && b.Else.Any(AlwaysReturns),
        _ => false,
    };

    private List<int> Owned(IEnumerable<Local> locals)
    {
        var ids = new List<int>();
        foreach (var local in locals)
        {
            if (local.Kind != LocalKind.Result || ids.Contains(local.Id)) continue;
            ids.Add(local.Id);
            _locals[local.Id] = local.Part is null ? local : local with { Part = null };
        }

        return ids;
    }

    private List<Local> Named(IEnumerable<int> ids) => [.. ids.OrderBy(id => id).Select(id => _locals[id])];
}
