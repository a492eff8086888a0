using System.Runtime.CompilerServices;
using System.Text;
using Notochord.Dsl.Primitives;

namespace Notochord.Tests.Primitives;

/// <summary>docs/primitives.md is what the table says. Run once with NOTOCHORD_ACCEPT_SNAPSHOTS=1 to write it anew.</summary>
public class ReferencePageTests
{
    [Fact]
    public void ThePageIsUpToDate()
    {
        var path = Path.Combine(Path.GetDirectoryName(Here())!, "../../../docs/primitives.md");
        var page = Page();
        if (Environment.GetEnvironmentVariable("NOTOCHORD_ACCEPT_SNAPSHOTS") == "1") File.WriteAllText(path, page);
        Assert.Equal(page, File.Exists(path) ? File.ReadAllText(path).ReplaceLineEndings("\n") : "");
    }

    private static string Here([CallerFilePath] string path = "") => path;

    private static string Page()
    {
        var page = new StringBuilder();
        page.Append("# Primitives\n\n");
        page.Append("Made from `PrimitiveTable` by `ReferencePageTests`; edit the entry, not this page.\n\n");
        page.Append("Types: `tensor`, `tensor?` (may be `none`), `tensor[]`, `number` (a tensor, or a number known at build time), `int`, `int[]` (one integer stands for a list of one, which broadcasts), `double`, `bool`, `string`. ");
        page.Append("What follows `[Literal]` is written out at the call. `named axes` takes sizes by name, `p=window`. A negative axis counts from the end.\n");
        foreach (var family in PrimitiveTable.Families)
        {
            page.Append($"\n## {family.Title}\n\n");
            foreach (var p in family.Primitives)
            {
                var notes = (p.ResultCount is null ? "" : " Several results.") + (p.IsView ? " A view." : "");
                page.Append($"- `{p.Signature.Replace(long.MaxValue.ToString(), "size")}`  \n  {p.Doc.Replace("<", "\\<")}{notes}\n");
            }
        }

        return page.ToString();
    }
}
