using Notochord.Cli;
using Notochord.Cli.Commands;
using Notochord.Cli.Console;

using var interruption = new Interruption();
return await CommandLineApp.RunAsync(args, [CheckCommand.Verb, ListCommand.Verb, ParityCommand.Verb, SummaryCommand.Verb], Terminal.OfProcess(), interruption.Token);
