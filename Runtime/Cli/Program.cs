using Notochord.Cli;
using Notochord.Cli.Commands;
using Notochord.Cli.Console;
using Notochord.Cli.Models;

var zoo = new ZooLibrary();
Verb[] verbs =
[
    CheckCommand.Verb,
    EmitVerb.Create(),
    EvaluateVerb.Create(zoo),
    GoldenVerb.Verb,
    ListCommand.Verb,
    ParityCommand.Verb,
    RunVerb.Create(zoo),
    SummaryCommand.Verb,
    TrainVerb.Create(zoo),
];
using var interruption = new Interruption();
return await CommandLineApp.RunAsync(args, verbs, Terminal.OfProcess(), interruption.Token);
