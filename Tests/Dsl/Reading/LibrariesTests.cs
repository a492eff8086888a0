using Notochord.Dsl.Reading;

namespace Notochord.Tests.Dsl.Reading;

public sealed class LibrariesTests
{
    [Fact]
    public void The_standard_library_reads_without_findings()
    {
        Assert.NotEmpty(StandardLibrary.Files);
        Assert.All(StandardLibrary.Files, f => Assert.Empty(f.Diagnostics));
        Assert.Same(StandardLibrary.Files[0], StandardLibrary.Files[0]);
    }

    [Fact]
    public void A_name_is_the_files_own_block_then_a_librarys_then_a_standard_one()
    {
        var standard = StandardLibrary.Files.SelectMany(f => f.Blocks).First().Name;
        var scopes = Resolve(("a.arch.yaml", Arch("a", "[one]") + Block("mine") + Block("both")), ("lib/one.blocks.yaml", Block("both") + Block(standard) + Block("ones")));

        var scope = scopes.For("a.arch.yaml")!;
        Assert.Empty(scopes.Diagnostics);
        Assert.Equal("a.arch.yaml", scope.Find("mine")!.Path);
        Assert.Equal("a.arch.yaml", scope.Find("both")!.Path);
        Assert.Equal("lib/one.blocks.yaml", scope.Find("ones")!.Path);
        Assert.Equal("lib/one.blocks.yaml", scope.Find(standard)!.Path);
        Assert.Null(scope.Find("nothing"));
        Assert.StartsWith(StandardLibrary.Prefix, Resolve(("b.arch.yaml", Arch("b", "[]"))).For("b.arch.yaml")!.Find(standard)!.Path, StringComparison.Ordinal);
    }

    [Fact]
    public void A_library_sees_what_it_uses_and_its_users_do_not()
    {
        var scopes = Resolve(("a.arch.yaml", Arch("a", "one")), ("one.blocks.yaml", "use: [two]\n---\n" + Block("f")), ("two.blocks.yaml", Block("g")));

        var scope = scopes.For("a.arch.yaml")!;
        Assert.Empty(scopes.Diagnostics);
        Assert.Null(scope.Find("g"));
        Assert.Equal("two.blocks.yaml", scope.Find("g", from: scope.Find("f")!.Path)!.Path);
    }

    [Fact]
    public void Scopes_compare_by_what_they_reach()
    {
        (string, string)[] files = [("a.arch.yaml", Arch("a", "one")), ("one.blocks.yaml", Block("f")), ("two.blocks.yaml", Block("g"))];
        var before = Resolve(files);
        files[2].Item2 += "doc: changed\n";
        var other = Resolve(files);
        files[1].Item2 += "doc: changed\n";
        var after = Resolve(files);

        Assert.NotSame(before.For("a.arch.yaml"), other.For("a.arch.yaml"));
        Assert.Equal(before.For("a.arch.yaml"), other.For("a.arch.yaml"));
        Assert.NotEqual(before.For("two.blocks.yaml"), other.For("two.blocks.yaml"));
        Assert.NotEqual(before.For("a.arch.yaml"), after.For("a.arch.yaml"));
    }

    [Fact]
    public void Unknown_libraries_cycles_and_names_declared_twice_are_found()
    {
        var scopes = Resolve(
            ("a.arch.yaml", Arch("a", "[attenton, one, two, three, left]")),
            ("b/a.arch.yaml", Arch("a", "[attention]")),
            ("attention.blocks.yaml", Block("h")),
            ("one.blocks.yaml", Block("f") + Block("g")),
            ("two.blocks.yaml", Block("n")),
            ("three.blocks.yaml", Block("g")),
            ("other/two.blocks.yaml", Block("k")),
            ("left.blocks.yaml", "use: right\n---\n" + Block("l")),
            ("right.blocks.yaml", "use: [middle]\n---\n" + Block("r")),
            ("middle.blocks.yaml", "use: [left]\n---\n" + Block("m")),
            ("self.blocks.yaml", "use: [self]\n---\n" + Block("s")));

        Snapshot.Verify(string.Join('\n', scopes.Diagnostics.Select(d => d.ToString())));
    }

    [Fact]
    public void A_cycle_still_gives_scopes()
    {
        var scopes = Resolve(("left.blocks.yaml", "use: right\n---\n" + Block("l")), ("right.blocks.yaml", "use: [left]\n---\n" + Block("r")));

        Assert.Equal("right.blocks.yaml", scopes.For("left.blocks.yaml")!.Find("r")!.Path);
        Assert.Equal(2, scopes.Diagnostics.Count);
    }

    private static ProjectScopes Resolve(params (string Path, string Text)[] files)
    {
        var read = files.Select(f => DeclarationReader.Read(f.Path, f.Text)).ToList();
        Assert.All(read, f => Assert.Empty(f.Diagnostics));
        return Libraries.Resolve(read);
    }

    private static string Arch(string name, string uses) => $"arch: {name}\nuse: {uses}\ninput: x[B]\nvariants:\n  {name}_small: {{}}\nstem: linear(3, 4)\n";

    private static string Block(string name) => $"---\nblock: {name}(int a)\ninput: x[B]\nforward: return x;\n";
}
