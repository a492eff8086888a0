using System.CommandLine;
using Notochord.Cli.Console;

namespace Notochord.Cli;

/// <summary>Does a verb's work; gives one of <see cref="ExitCodes"/>.</summary>
internal delegate Task<int> VerbAction(ParseResult parsed, Output output, CancellationToken cancellation);

/// <summary>One verb of the command line.</summary>
/// <param name="Name">What is typed.</param>
/// <param name="Description">One sentence for the help.</param>
/// <param name="Build">Adds the verb's arguments and options to its command, and gives what runs it.</param>
internal sealed record Verb(string Name, string Description, Func<Command, VerbAction> Build);
