using System.Diagnostics;
using System.Globalization;
using Notochord.Dsl.Binding;
using Notochord.Dsl.Model;
using Notochord.Dsl.Reading;
using Notochord.Dsl.Text;
using Notochord.Generators.Pipeline;

namespace Notochord.Benchmarks;

/// <summary>How long each declaration of the zoo takes from text to C#, and how much C# comes of it.</summary>
internal static class CompileTimes
{
    /// <summary>One line a file: the least of several rounds for each step, in milliseconds. The first round, in which the steps themselves are compiled by
    /// the runtime as in a compiler that has just started, is told apart.</summary>
    public static void Print(string zoo, int rounds, TextWriter output)
    {
        var texts = Directory.EnumerateFiles(zoo, "*.yaml", SearchOption.AllDirectories)
            .Where(f => Path.GetRelativePath(zoo, f).Split(Path.DirectorySeparatorChar)[0] is not ("bin" or "obj"))
            .Order(StringComparer.Ordinal).Select(f => (Path: f, Text: File.ReadAllText(f))).ToList();
        var rows = texts.ToDictionary(t => t.Path, t => new Row());
        var clock = Stopwatch.StartNew();
        Round(texts, rows);
        var first = clock.Elapsed.TotalMilliseconds;
        foreach (var row in rows.Values) row.Reset();
        for (var i = 0; i < rounds; i++) Round(texts, rows);

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{"file",-32}{"variants",9}{"read",9}{"bind",9}{"follow",9}{"emit",9}{"ms",9}{"lines",9}"));
        foreach (var (path, _) in texts) Line(output, Path.GetRelativePath(zoo, path), rows[path]);
        var total = new Row();
        foreach (var row in rows.Values) total.Add(row);
        Line(output, "total", total);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{total.Lines} lines of {rows.Values.Count(r => r.Variants > 0)} architectures and {rows.Values.Count(r => r.Variants == 0)} libraries; the first round took {first:F0} ms"));
    }

    // The steps of the generator one by one; the whole unit is compiled once more, for what is left is the emitter's.
    private static void Round(List<(string Path, string Text)> texts, Dictionary<string, Row> rows)
    {
        var files = new List<DeclarationFile>();
        foreach (var (path, text) in texts) files.Add(Timed(() => DeclarationReader.Read(path, text), ref rows[path].Read));
        foreach (var unit in Scopes.Split(files, [], new ProjectOptions("Zoo", IsRuntime: false)).Units)
        {
            var row = rows[unit.File.Path];
            var binder = new Binder(path => new FileScope(unit.Scope, path), new DiagnosticBag());
            var bind = double.MaxValue;
            var follow = 0d;
            var whole = double.MaxValue;
            var bound = Timed(
                () =>
                {
                    foreach (var block in unit.File.Blocks) binder.Bind(block);
                    return unit.File.Architecture is { } architecture ? binder.Bind(architecture) : null;
                },
                ref bind);
            if (bound is not null)
            {
                follow = double.MaxValue;
                Timed(() => VariantSurvey.Of(bound, binder, withDefaults: true, default), ref follow);
            }

            var compiled = Timed(() => UnitCompiler.Compile(unit, default), ref whole);
            row.Bind = Math.Min(row.Bind, bind);
            row.Follow = Math.Min(row.Follow, follow);
            row.Whole = Math.Min(row.Whole, whole);
            row.Variants = unit.File.Architecture is { } a ? Math.Max(1, a.Variants.Count) : 0;
            row.Lines = compiled.Sources.Sum(s => s.Text.Count(c => c == '\n'));
        }
    }

    private static T Timed<T>(Func<T> action, ref double least)
    {
        var from = Stopwatch.GetTimestamp();
        var result = action();
        least = Math.Min(least, Stopwatch.GetElapsedTime(from).TotalMilliseconds);
        return result;
    }

    private static void Line(TextWriter output, string name, Row row)
        => output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-32}{row.Variants,9}{row.Read,9:F1}{row.Bind,9:F1}{row.Follow,9:F1}{row.Emit,9:F1}{row.Sum,9:F1}{row.Lines,9}"));

    private sealed class Row
    {
        public double Read;
        public double Bind;
        public double Follow;
        public double Whole;

        // What is left of the whole: it binds and follows as well.
        public double Emit => Math.Max(0, Whole - Bind - Follow);

        public double Sum => Read + Math.Max(Whole, Bind + Follow);

        public int Variants { get; set; }

        public int Lines { get; set; }

        public void Reset() => Read = Bind = Follow = Whole = double.MaxValue;

        public void Add(Row other)
        {
            (Read, Bind, Follow, Whole) = (Read + other.Read, Bind + other.Bind, Follow + other.Follow, Whole + other.Whole);
            (Variants, Lines) = (Variants + other.Variants, Lines + other.Lines);
        }
    }
}
