using Notochord.Dsl.Expressions;
using Notochord.Dsl.Ir;
using Notochord.Dsl.Primitives;
using Notochord.Dsl.Text;
using Notochord.Generators.Emit;

namespace Notochord.Generators.Tests.Emit;

/// <summary>Each owned tensor is released exactly once on every path, and never read afterwards.</summary>
public class OwnershipTests
{
    private static readonly SourceSpan Nowhere = SourceSpan.None;
    private static readonly Primitive Add = PrimitiveTable.Find("add")!;

    [Theory]
    [MemberData(nameof(Seeds))]
    public void RandomProgramsNeitherLeakNorReadReleasedTensors(int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < 200; i++)
        {
            var code = new ProgramMaker(random).Make();
            var owned = Ownership.Analyze(code);
            for (var path = 0; path < 8; path++) new Machine(new Random(random.Next())).Run(owned, code);
        }
    }

    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 20)];

    [Fact]
    public void AMachineFindsALeak()
    {
        var (x, a, b) = (Input(0), Result(1), Result(2));
        var code = new Code([x], [Apply(a, x, x), Apply(b, a, x), new Return([b], Nowhere)]);
        var owned = Ownership.Analyze(code);
        var withoutReleases = new OwnedBlock([], [.. owned.Steps.Select(s => s with { ReleaseAfter = [] })]);
        Assert.ThrowsAny<Exception>(() => new Machine(new Random(0)).Run(withoutReleases, code));
    }

    [Fact]
    public void AResultThatNobodyReadsIsReleasedAtOnce()
    {
        var (x, a, b) = (Input(0), Result(1), Result(2));
        var owned = Ownership.Analyze(new Code([x], [Apply(a, x, x), Apply(b, x, x), new Return([b], Nowhere)]));
        Assert.Equal([a], owned.Steps[0].ReleaseAfter);
    }

    [Fact]
    public void ASideThatDoesNotNeedAVariableReleasesIt()
    {
        var (x, a, b, c) = (Input(0), Result(1), Result(2), Result(3));
        var branch = new Branch(new BoolLiteral(true, Nowhere), [Apply(b, a, x), new Return([b], Nowhere)], [], Nowhere);
        var owned = Ownership.Analyze(new Code([x], [Apply(a, x, x), branch, Apply(c, x, x), new Return([c], Nowhere)]));
        Assert.Empty(owned.Steps[1].First!.ReleaseFirst);
        Assert.Equal([a], owned.Steps[1].Second!.ReleaseFirst);
    }

    [Fact]
    public void ALoopReleasesTheOldValueOfWhatItReplaces()
    {
        var (x, a) = (Input(0), new Local(1, "a", LocalKind.Result, IsMutable: true));
        var loop = new Loop("i", Int(0), Int(3), [Apply(a, a, x)], Nowhere);
        var owned = Ownership.Analyze(new Code([x], [new Alias(a, x, Nowhere), loop, new Return([a], Nowhere)]));
        Assert.False(owned.Steps[0].Moves);
        Assert.Equal([a], owned.Steps[1].First!.Steps[0].Replaced);
    }

    [Fact]
    public void ASizeThatIsReadLaterKeepsItsTensor()
    {
        var (x, a, b) = (Input(0), Result(1), Result(2));
        var size = new SetStatic("n", new AxisExpr(a, 0, Nowhere), Nowhere);
        var owned = Ownership.Analyze(new Code([x], [Apply(a, x, x), Apply(b, a, x), size, new Return([b], Nowhere)]));
        Assert.Empty(owned.Steps[1].ReleaseAfter);
        Assert.Equal([a], owned.Steps[2].ReleaseAfter);
    }

    private static Local Input(int id) => new(id, "x", LocalKind.Input);

    private static Local Result(int id) => new(id, $"r{id}", LocalKind.Result);

    private static IntLiteral Int(long value) => new(value, Nowhere);

    private static Apply Apply(Local result, Local a, Local b) => new([result], Add, [new TensorOperand(a), new TensorOperand(b)], default, Nowhere);

    /// <summary>Makes structured programs in which every variable is assigned before it is read.</summary>
    private sealed class ProgramMaker(Random random)
    {
        private int _next = 1;

        public Code Make()
        {
            var x = Input(0);
            var body = Block([x, new Local(-1, "w", LocalKind.State)], [], 0, mustReturn: true);
            return new Code([x], [.. body]);
        }

        private List<Instruction> Block(List<Local> readable, List<Local> mutable, int depth, bool mustReturn)
        {
            var body = new List<Instruction>();
            var known = new List<Local>(readable);
            var own = new List<Local>(mutable);
            for (var n = random.Next(1, 7); n > 0; n--)
            {
                switch (random.Next(depth < 3 ? 8 : 5))
                {
                    case 0:
                        var place = new Local(_next++, "m", LocalKind.Result, IsMutable: true);
                        body.Add(new Alias(place, Pick(known), Nowhere));
                        known.Add(place);
                        own.Add(place);
                        break;
                    case 1 when own.Count > 0:
                        body.Add(Apply(own[random.Next(own.Count)], Pick(known), Pick(known)));
                        break;
                    case 2 when own.Count > 0:
                        body.Add(new Alias(own[random.Next(own.Count)], Pick(known), Nowhere));
                        break;
                    case 3:
                        var two = new[] { Result(_next++), Result(_next++) };
                        body.Add(new CallModule([.. two], new ModulePath("f", default), [new TensorOperand(Pick(known))], null, Nowhere));
                        known.AddRange(two);
                        break;
                    case 5:
                        body.Add(new Loop($"i{_next++}", Int(0), Int(random.Next(4)), [.. Block(known, own, depth + 1, false)], Nowhere));
                        break;
                    case 6:
                        body.Add(new Branch(new BoolLiteral(true, Nowhere), [.. Block(known, own, depth + 1, false)], [.. Block(known, own, depth + 1, false)], Nowhere));
                        break;
                    case 7:
                        body.Add(new Branch(new BoolLiteral(true, Nowhere), [.. Block(known, own, depth + 1, true)], [], Nowhere));
                        break;
                    default:
                        var result = Result(_next++);
                        body.Add(Apply(result, Pick(known), Pick(known)));
                        known.Add(result);
                        break;
                }
            }

            if (mustReturn) body.Add(new Return(random.Next(3) == 0 ? [Pick(known), Pick(known)] : [Pick(known)], Nowhere));
            return body;
        }

        private Local Pick(List<Local> from) => from[random.Next(from.Count)];
    }

    /// <summary>Runs the analysed code along a random path, as the emitter writes it, and counts handles.</summary>
    private sealed class Machine(Random random)
    {
        private readonly Dictionary<int, object> _values = [];
        private readonly HashSet<object> _alive = [];

        public void Run(OwnedBlock body, Code code)
        {
            foreach (var input in code.Inputs) _values[input.Id] = new object();
            _values[-1] = new object();
            var returned = Block(body) ?? throw new InvalidOperationException("No return.");
            Assert.Equal(returned.Distinct().Count(), returned.Count);
            foreach (var handle in returned) Assert.True(_alive.Remove(handle), "A returned handle is released, or not ours.");
            Assert.Empty(_alive);
        }

        private List<object>? Block(OwnedBlock block)
        {
            Release(block.ReleaseFirst);
            foreach (var step in block.Steps)
            {
                // A variable put into itself is no step at all: nothing is written for it.
                if (step.Instruction is Alias self && self.Target.Id == self.Source.Id) continue;
                foreach (var local in Reads.Tensors(step.Instruction)) Read(local);
                switch (step.Instruction)
                {
                    case Branch:
                        if (Block(random.Next(2) == 0 ? step.First! : step.Second!) is { } early) return early;
                        break;
                    case Loop:
                        for (var n = random.Next(4); n > 0; n--)
                        {
                            if (Block(step.First!) is { } inside) return inside;
                        }

                        break;
                    case Return r:
                        return Values(r);
                    case Alias a when step.Moves:
                        Write(step, a.Target, _values[a.Source.Id]);
                        break;
                    default:
                        foreach (var result in Reads.Results(step.Instruction)) Write(step, result, New());
                        break;
                }

                Release(step.ReleaseAfter);
            }

            return null;
        }

        private List<object> Values(Return r)
        {
            var moved = new HashSet<int>();
            return [.. r.Values.Select(v => v.Kind == LocalKind.Result && moved.Add(v.Id) ? Read(v) : New())];
        }

        private object New()
        {
            var handle = new object();
            _alive.Add(handle);
            return handle;
        }

        private object Read(Local local)
        {
            var value = _values[local.Id];
            if (local.Kind == LocalKind.Result) Assert.Contains(value, _alive);
            return value;
        }

        private void Write(OwnedStep step, Local local, object value)
        {
            if (step.Replaced.Any(r => r.Id == local.Id)) Assert.True(_alive.Remove(_values[local.Id]), "An old value is released twice.");
            _values[local.Id] = value;
        }

        private void Release(IReadOnlyList<Local> locals)
        {
            foreach (var local in locals) Assert.True(_alive.Remove(_values[local.Id]), $"'{local.Name}{local.Id}' is released twice.");
        }
    }
}
