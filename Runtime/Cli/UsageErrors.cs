using System.CommandLine;
using Notochord.Cli.Console;
using Notochord.Dsl.Text;

namespace Notochord.Cli;

/// <summary>Says what is wrong with a command line, and what may have been meant.</summary>
internal static class UsageErrors
{
    public static void Tell(ParseResult parsed, Output output)
    {
        var command = parsed.CommandResult.Command;
        var unknown = parsed.UnmatchedTokens;
        // What follows an unknown option is most likely its value.
        var told = unknown.Any(IsOption) ? unknown.Where(IsOption) : unknown;
        foreach (var token in told)
        {
            var kind = IsOption(token) ? "option" : command.Subcommands.Count > 0 ? "command" : "argument";
            var known = kind == "option" ? NamesOfOptions(parsed) : command.Subcommands.Select(sub => sub.Name);
            output.Error($"there is no {kind} '{token}'. {Suggest.Nearest(token, known)}".TrimEnd());
        }
        // The parser's own messages on unknown words repeat these, and complain besides that the verb is missing.
        if (unknown.Count == 0)
        {
            foreach (var error in parsed.Errors) output.Error(error.Message);
        }
        var path = parsed.RootCommandResult == parsed.CommandResult ? "" : command.Name + " ";
        output.Hint($"see: notochord {path}--help");
    }

    private static bool IsOption(string token) => token.StartsWith('-');

    private static IEnumerable<string> NamesOfOptions(ParseResult parsed) =>
        parsed.CommandResult.Command.Options.Concat(parsed.RootCommandResult.Command.Options.Where(option => option.Recursive)).Select(option => option.Name);
}
