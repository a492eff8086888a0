using System.CommandLine;
using Notochord.Cli.Console;
using Notochord.Dsl;
using Notochord.Dsl.Model;
using Notochord.Dsl.Reading;
using Notochord.Dsl.Text;

namespace Notochord.Cli;

/// <summary>The declarations that a command works on: files and folders that are named, or the zoo that ships with the command.</summary>
internal static class Sources
{
    public static Option<string[]> Option() => new("--arch")
    {
        Description = "An .arch.yaml file, or a folder of declarations, beside those of the zoo. May be given several times.",
        AllowMultipleArgumentsPerToken = true,
    };

    /// <summary>A project of these files and folders; libraries are found in the file's folder, in 'blocks' beside it, and in the zoo, and so are the
    /// architectures that they use.</summary>
    /// <param name="paths">Files and folders.</param>
    /// <param name="withZoo">Whether the zoo's own architectures are part of it; its libraries always are.</param>
    /// <param name="model">The only model that is wanted: declarations that do not speak of it, and libraries that nobody uses, are not even read.</param>
    public static Project Load(IReadOnlyCollection<string> paths, bool withZoo, string? model = null)
    {
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var usable = new List<string>();
        foreach (var path in paths)
        {
            if (Directory.Exists(path)) AddFolder(files, path, _ => true);
            else if (File.Exists(path))
            {
                files[path] = path;
                var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
                AddFolder(files, folder, IsLibrary, SearchOption.TopDirectoryOnly);
                AddFolder(files, Path.Combine(folder, "blocks"), IsLibrary);
                usable.Add(folder);
            }
            else throw new CommandException(ExitCodes.BadInput, $"there is no file or folder '{path}'");
        }

        if (Zoo is { } zoo)
        {
            var libraries = files.Keys.Select(Libraries.LibraryName).ToHashSet();
            AddFolder(files, zoo, p => IsLibrary(p) ? !libraries.Contains(Libraries.LibraryName(p)) : withZoo);
            usable.Add(zoo);
        }

        var read = files.Keys.Select(f => (Path: f, Text: model is not null && IsLibrary(f) ? null : Read(f))).Where(f => f.Text is not null && (model is null || f.Text.Contains(model, StringComparison.Ordinal)))
            .Select(f => DeclarationReader.Read(f.Path, f.Text!)).ToList();
        AddUsed(read, files, usable);
        return new Project(read);
    }

    // What the files read so far use: of the files known, and architectures beside them that another one has as a module.
    private static void AddUsed(List<DeclarationFile> read, SortedDictionary<string, string> files, List<string> folders)
    {
        var paths = read.Select(f => f.Path).ToHashSet();
        for (var i = 0; i < read.Count; i++)
        {
            foreach (var use in read[i].Uses.Select(u => u.Name).ToList())
            {
                if (!files.Keys.Any(f => Libraries.NameOf(f) == use))
                {
                    var known = files.Count;
                    foreach (var folder in folders) AddFolder(files, folder, p => !IsLibrary(p) && Libraries.NameOf(p) == use && files.Count == known);
                }

                foreach (var file in files.Keys.Where(f => Libraries.NameOf(f) == use && paths.Add(f))) read.Add(DeclarationReader.Read(file, Read(file)));
            }
        }
    }

    /// <summary>Folder of the zoo's declarations: beside the command, where the build puts them.</summary>
    public static string? Zoo { get; } = Path.Combine(AppContext.BaseDirectory, "zoo") is var folder && Directory.Exists(folder) ? folder : null;

    /// <summary>Findings as the C# compiler prints them, one below the other; true if there are errors.</summary>
    public static bool Report(Output output, DiagnosticBag diagnostics)
    {
        foreach (var d in diagnostics.Items) output.Hint(d.ToString());
        return diagnostics.HasErrors;
    }

    private static void AddFolder(SortedDictionary<string, string> files, string folder, Func<string, bool> wanted, SearchOption depth = SearchOption.AllDirectories)
    {
        if (!Directory.Exists(folder)) return;
        var known = files.Keys.Select(Path.GetFullPath).ToHashSet();
        foreach (var file in Directory.EnumerateFiles(folder, "*.yaml", depth))
        {
            var isDeclaration = IsLibrary(file) || file.EndsWith(".arch.yaml", StringComparison.OrdinalIgnoreCase);
            var relative = Path.GetRelativePath(folder, file);
            var isBuilt = relative.StartsWith("bin" + Path.DirectorySeparatorChar, StringComparison.Ordinal) || relative.StartsWith("obj" + Path.DirectorySeparatorChar, StringComparison.Ordinal);
            if (isDeclaration && !isBuilt && wanted(file) && known.Add(Path.GetFullPath(file))) files[file] = file;
        }
    }

    private static bool IsLibrary(string path) => Libraries.LibraryName(path) is not null;

    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new CommandException(ExitCodes.BadInput, $"cannot read '{path}': {e.Message}", e);
        }
    }
}
