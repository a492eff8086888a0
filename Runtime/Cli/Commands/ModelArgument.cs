using System.CommandLine;
using Notochord.Cli.Models;

namespace Notochord.Cli.Commands;

/// <summary>The name of a model on the command line.</summary>
internal static class ModelArgument
{
    /// <summary>The argument, with the names for the shell's completion.</summary>
    public static Argument<string> Create(IModelLibrary library)
    {
        var argument = new Argument<string>("model") { Description = "The model's name; `notochord list` prints them.", HelpName = "MODEL" };
        argument.CompletionSources.Add(_ => library.Names.Select(name => new System.CommandLine.Completions.CompletionItem(name)));
        return argument;
    }
}
