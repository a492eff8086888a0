using Notochord.Benchmarks;

// dotnet run -c Release --project Tests/Benchmarks [-- --build] [-- --rounds N]
var rounds = Array.IndexOf(args, "--rounds") is var at and >= 0 && at + 1 < args.Length && int.TryParse(args[at + 1], out var n) ? n : 5;
if (args.Any(a => a is not "--build" and not "--rounds" && !int.TryParse(a, out _)) || rounds < 1)
{
    Console.Error.WriteLine("usage: benchmark [--rounds N] [--build]");
    return 2;
}

var root = AppContext.BaseDirectory;
while (!File.Exists(Path.Combine(root, "compiler.sln"))) root = Path.GetDirectoryName(root) ?? throw new InvalidOperationException("No repository above the benchmark.");

CompileTimes.Print(Path.Combine(root, "Architectures"), rounds, Console.Out);
return args.Contains("--build") ? BuildShare.Print(root, Console.Out) : 0;
