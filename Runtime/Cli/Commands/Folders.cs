namespace Notochord.Cli.Commands;

/// <summary>Folders of files that a command is about to write.</summary>
internal static class Folders
{
    /// <summary>Makes the folder of a file where it is missing.</summary>
    /// <exception cref="CommandException">The path names a folder.</exception>
    public static void EnsureFor(string path)
    {
        if (Directory.Exists(path)) throw new CommandException(ExitCodes.BadInput, $"{path} is a folder; name a file");
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder) Directory.CreateDirectory(folder);
    }
}
