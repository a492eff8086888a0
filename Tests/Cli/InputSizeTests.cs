using System.Text.Json;
using Notochord.Cli.Commands;

namespace Notochord.Cli.Tests;

/// <summary>Sizes of inputs on the command line, of images and of anything else.</summary>
public sealed class InputSizeTests : IDisposable
{
    private const string Clip = "arch: clip\nparams: { dim: 4 }\ninput: clip[B, 3, T, H, W]\nsizes: { T: 2, H: 8, W: 6 }\nmodules:\n  fc: linear(3, dim)\nforward: return fc(mean(clip, [2, 3, 4]));\n";
    private const string Sequence = "arch: seq\ninput: x[B, N, 5]\nmodules:\n  fc: linear(5, 4)\nforward: return fc(x);\n";
    private const string Sized = "arch: sized\nparams: { img_size: 8 }\ninput: image[B, 3, img_size, img_size]\nparameters:\n  p: ones[img_size]\nforward: return image * p;\n";

    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;
    private readonly FakeTerminal _terminal = FakeTerminal.Piped();

    public InputSizeTests()
    {
        foreach (var (name, text) in new[] { ("clip", Clip), ("seq", Sequence), ("sized", Sized) }) File.WriteAllText(Path.Combine(_folder, name + ".arch.yaml"), text);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("224", "H=224, W=224")]
    [InlineData("192x256", "H=192, W=256")]
    [InlineData("T=16,H=112, W=96", "T=16, H=112, W=96")]
    [InlineData("N=196", "N=196")]
    public void What_is_typed_is_read(string text, string expected) => Assert.Equal(expected, string.Join(", ", InputSize.Parse(text)!.Sizes.Select(s => $"{s.Key}={s.Value}")));

    [Theory]
    [InlineData("0")]
    [InlineData("-3")]
    [InlineData("1x2x3")]
    [InlineData("T=")]
    [InlineData("=3")]
    [InlineData("T=3,T=4")]
    [InlineData("T=3,4")]
    [InlineData("")]
    public void What_is_none_is_a_mistake_of_the_command_line(string text)
    {
        var mistake = Assert.Throws<CommandException>(() => InputSize.Parse(text));
        Assert.Equal(ExitCodes.Usage, mistake.ExitCode);
        Assert.Contains("T=16,H=112,W=112", mistake.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("clip", null, "[1,3,2,8,6]")]
    [InlineData("clip", "T=4,W=2", "[1,3,4,8,2]")]
    [InlineData("clip", "16x12", "[1,3,2,16,12]")]
    [InlineData("seq", "N=7", "[1,7,5]")]
    [InlineData("sized", "16", "[1,3,16,16]")]
    [InlineData("sized", "H=16,W=16", "[1,3,16,16]")]
    public async Task Summaries_and_runs_are_of_that_size(string model, string? size, string expected)
    {
        Assert.Equal(ExitCodes.Ok, await RunAsync("summary", model, size));
        Assert.Equal(expected, Text(Json().GetProperty("input")));
        Assert.Equal(ExitCodes.Ok, await RunAsync("run", model, size, "--repeat", "1"));
        Assert.Equal(expected, Text(Json().GetProperty("tensors")[0].GetProperty("shape")));
    }

    [Theory]
    [InlineData("summary")]
    [InlineData("run")]
    [InlineData("golden")]
    public async Task A_size_that_nobody_gives_is_asked_for(string verb)
    {
        Assert.Equal(ExitCodes.BadInput, await RunAsync(verb, "seq", null));
        Assert.Contains("declare `sizes: { N: 196 }`", _terminal.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_list_goes_on_without_a_size()
    {
        Assert.Equal(ExitCodes.Ok, await RunAsync("list", null, null, "--filter", "seq"));
        var row = Json().GetProperty("models")[0];
        Assert.Equal(24, row.GetProperty("parameters").GetInt64());
        Assert.False(row.TryGetProperty("macs", out _));
        Assert.Contains("--size N=196", _terminal.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("clip", "T=3", "[2,3,3,8,6]", "{}")]
    [InlineData("sized", "4", "[2,3,4,4]", "{\"img_size\":4}")]
    public async Task A_golden_is_recorded_and_compared(string model, string size, string input, string arguments)
    {
        var goldens = Path.Combine(_folder, "goldens");
        Assert.Equal(ExitCodes.Ok, await RunAsync("golden", model, size, "--batch", "2", "--out", goldens));
        using var golden = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(goldens, model + ".json")));
        Assert.Equal(input, golden.RootElement.GetProperty("input").ToString());
        Assert.Equal(arguments, golden.RootElement.GetProperty("source").GetProperty("kwargs").ToString());
        _ = _terminal.TakeOut();
        Assert.Equal(ExitCodes.Ok, await CommandLineApp.RunAsync(["parity", goldens, "--arch", _folder, "--engine", "executor"], [ParityCommand.Verb], _terminal.Terminal, default));
        Assert.Contains(model + " (self)", _terminal.Out, StringComparison.Ordinal);
    }

    private static string Text(JsonElement element) => JsonSerializer.Serialize(element);

    private JsonElement Json() => JsonDocument.Parse(_terminal.TakeOut()).RootElement;

    private async Task<int> RunAsync(string verb, string? model, string? size, params string[] more)
    {
        _ = _terminal.TakeOut();
        string[] line = [verb, .. model is null ? Array.Empty<string>() : [model], "--arch", _folder, .. size is null ? Array.Empty<string>() : ["--size", size], .. more, "--json"];
        return await CommandLineApp.RunAsync(line, [GoldenVerb.Verb, ListCommand.Verb, RunVerb.Create(new FakeLibrary()), SummaryCommand.Verb], _terminal.Terminal, default);
    }
}
