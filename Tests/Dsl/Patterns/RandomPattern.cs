using Notochord.Dsl.Patterns;

namespace Notochord.Tests.Patterns;

/// <summary>A random pattern with sizes; its plan is held against the meaning of the notation, element by element.</summary>
internal sealed class RandomPattern
{
    private readonly Random _random;
    private readonly PatternKind _kind;
    private readonly List<(string Name, int Size)> _axes = [];
    private readonly List<List<int>> _left = [];
    private readonly List<List<int>> _right = [];
    private readonly Dictionary<string, int> _given = [];
    private readonly string _text;
    private readonly string _seed;

    public RandomPattern(int seed, PatternKind kind)
    {
        (_random, _kind, _seed) = (new Random(seed), kind, $"seed {seed}");
        var count = _random.Next(1, 6);
        for (var i = 0; i < count; i++) _axes.Add((((char)('a' + i)).ToString(), _random.Next(1, 4)));
        var shared = kind == PatternKind.Rearrange ? count : _random.Next(1, count + 1);
        var all = Enumerable.Range(0, count).ToArray();
        var (fewer, more) = (all.Take(shared).ToArray(), all);
        _random.Shuffle(more);
        _random.Shuffle(fewer);
        Group(_left, kind == PatternKind.Repeat ? fewer : more);
        Group(_right, kind == PatternKind.Repeat ? more : fewer);
        foreach (var a in _right.SelectMany(g => g).Except(_left.SelectMany(g => g))) _given[_axes[a].Name] = _axes[a].Size;
        foreach (var group in _left)
        {
            // All but one must be given, and all may be.
            var open = group.Count == 0 ? -1 : _random.Next(group.Count + 1);
            for (var i = 0; i < group.Count; i++)
            {
                if (i != open && (group.Count > 1 || _random.Next(4) == 0)) _given[_axes[group[i]].Name] = _axes[group[i]].Size;
            }
        }

        _text = $"{Side(_left)} -> {Side(_right)}";
    }

    private long[] InputSizes => [.. _left.Select(Size)];

    public void Check()
    {
        var plan = PatternPlan.Create(Pattern.Parse(_text), _kind, _left.Count, _given.Keys);
        var (values, sizes) = Carry(plan);
        Assert.True(sizes.SequenceEqual(_right.Select(Size)), $"{_seed}: {_text}: sizes [{string.Join(", ", sizes)}]");
        var expected = Meaning();
        Assert.True(values.SequenceEqual(expected), $"{_seed}: {_text} on [{string.Join(", ", InputSizes)}]\n{string.Join(" ", values)}\n{string.Join(" ", expected)}");
    }

    // For each combination of all axes, the element of the left goes to the element of the right; sums where several meet.
    private long[] Meaning()
    {
        var result = new long[_right.Aggregate(1L, (n, g) => n * Size(g))];
        var index = new int[_axes.Count];
        do result[At(_right, index)] += At(_left, index) + 1;
        while (Next(index));
        return result;
    }

    private long At(List<List<int>> side, int[] index) => side.SelectMany(g => g).Aggregate(0L, (at, a) => (at * _axes[a].Size) + index[a]);

    private bool Next(int[] index)
    {
        for (var i = index.Length - 1; i >= 0; i--)
        {
            if (++index[i] < _axes[i].Size) return true;
            index[i] = 0;
        }

        return false;
    }

    // The steps of the plan on plain arrays; element i of the input is i + 1.
    private (long[] Values, long[] Sizes) Carry(PatternPlan plan)
    {
        var size = plan.Factors.Select((_, f) => FactorSize(plan, f)).ToArray();
        var values = Enumerable.Range(1, (int)InputSizes.Aggregate(1L, (a, b) => a * b)).Select(i => (long)i).ToArray();
        var from = plan.SplitFactors.ToArray();
        var target = plan.Kept.Count == 0 ? [] : plan.Order.Select(o => plan.Kept[o]).ToArray();
        var result = new List<long>();
        var places = plan.Target.Select(f => size[f]).ToArray();
        var count = places.Aggregate(1L, (a, b) => a * b);
        for (var i = 0L; i < count; i++)
        {
            var at = new Dictionary<int, long>();
            var rest = i;
            for (var k = places.Length - 1; k >= 0; k--)
            {
                at[plan.Target[k]] = rest % places[k];
                rest /= places[k];
            }

            Assert.Equal(target, plan.Target.Where(f => plan.Kept.Contains(f)));
            result.Add(Sum(plan, values, from, size, at, 0));
        }

        return ([.. result], [.. plan.Merge.Select(g => g.Aggregate(1L, (n, f) => n * size[f]))]);
    }

    private static long Sum(PatternPlan plan, long[] values, int[] from, long[] size, Dictionary<int, long> at, int next)
    {
        if (next == plan.Reduced.Count) return values[from.Aggregate(0L, (n, f) => (n * size[f]) + at[f])];
        var sum = 0L;
        for (var i = 0L; i < size[plan.Reduced[next]]; i++)
        {
            at[plan.Reduced[next]] = i;
            sum += Sum(plan, values, from, size, at, next + 1);
        }

        return sum;
    }

    private long FactorSize(PatternPlan plan, int f) => plan.Factors[f].Source switch
    {
        FactorSource.Number => plan.Factors[f].Axis.Number!.Value,
        FactorSource.Given => _given[plan.Factors[f].Axis.Name],
        FactorSource.Whole => InputSizes[plan.Factors[f].InputAxis],
        _ => InputSizes[plan.Factors[f].InputAxis] / plan.Split[plan.Factors[f].InputAxis].Where(o => o != f).Aggregate(1L, (n, o) => n * FactorSize(plan, o)),
    };

    private void Group(List<List<int>> side, int[] axes)
    {
        foreach (var a in axes)
        {
            if (_random.Next(6) == 0) side.Add([]);
            if (side.Count > 0 && side[^1].Count > 0 && _random.Next(3) == 0) side[^1].Add(a);
            else side.Add([a]);
        }
    }

    private long Size(List<int> group) => group.Aggregate(1L, (n, a) => n * _axes[a].Size);

    private string Side(List<List<int>> side) => string.Join(" ", side.Select(g => g.Count switch
    {
        0 => _random.Next(2) == 0 ? "1" : "()",
        1 => _axes[g[0]].Name,
        _ => $"({string.Join(" ", g.Select(a => _axes[a].Name))})",
    }));
}
