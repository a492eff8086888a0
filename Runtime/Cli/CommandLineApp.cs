using System.CommandLine;
using System.CommandLine.Invocation;
using Notochord.Cli.Console;
using Notochord.Guards;
using Notochord.Weights;

namespace Notochord.Cli;

/// <summary>The command line as a whole: the verbs, and how each way to end becomes an exit code.</summary>
internal static class CommandLineApp
{
    /// <summary>Parses and runs one command line.</summary>
    /// <param name="args">As given by the shell.</param>
    /// <param name="verbs">The commands to offer.</param>
    /// <param name="terminal">Where to write.</param>
    /// <param name="cancellation">Asks a running command to stop.</param>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public static async Task<int> RunAsync(string[] args, IEnumerable<Verb> verbs, Terminal terminal, CancellationToken cancellation)
    {
        var json = new Option<bool>("--json") { Description = "Write the result as one JSON document on standard output.", Recursive = true };
        var root = new RootCommand("Declares, checks, compiles and trains vision backbones.") { json };
        foreach (var verb in verbs.OrderBy(verb => verb.Name, StringComparer.Ordinal)) root.Add(ToCommand(verb, json, terminal));

        var parsed = root.Parse(args);
        // Theirs would end the process two seconds after a Ctrl-C, whatever file is half written.
        var configuration = new InvocationConfiguration
        {
            Output = terminal.Out,
            Error = terminal.Error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
        };
        if (parsed.Action is ParseErrorAction)
        {
            UsageErrors.Tell(parsed, new Output(terminal, isJson: false));
            return ExitCodes.Usage;
        }
        return await parsed.InvokeAsync(configuration, cancellation);
    }

    private static Command ToCommand(Verb verb, Option<bool> json, Terminal terminal)
    {
        var command = new Command(verb.Name, verb.Description);
        var action = verb.Build(command);
        command.SetAction((parsed, cancellation) => RunGuardedAsync(action, parsed, new Output(terminal, parsed.GetValue(json)), cancellation));
        return command;
    }

    private static async Task<int> RunGuardedAsync(VerbAction action, ParseResult parsed, Output output, CancellationToken cancellation)
    {
        try
        {
            return await action(parsed, output, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            output.Warn("cancelled");
            return ExitCodes.Cancelled;
        }
        catch (CommandException known)
        {
            output.Error(known.Message);
            return known.ExitCode;
        }
        catch (Exception outside) when (outside is IOException or InvalidDataException or UnauthorizedAccessException or DllNotFoundException or WeightLoadException or ShapeGuardException)
        {
            output.Error(outside.Message);
            return ExitCodes.BadInput;
        }
        catch (Exception bug)
        {
            output.Error($"this is a bug of notochord, please report it with the declaration and this text:\n{bug}");
            return ExitCodes.Internal;
        }
    }
}
