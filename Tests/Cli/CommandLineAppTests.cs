using System.CommandLine;
using System.Text.Json;

namespace Notochord.Cli.Tests;

public sealed class CommandLineAppTests
{
    private readonly FakeTerminal _terminal = FakeTerminal.Piped();

    [Theory]
    [InlineData(ExitCodes.Ok)]
    [InlineData(ExitCodes.Failures)]
    public async Task A_verb_decides_its_exit_code(int code) => Assert.Equal(code, await RunAsync(() => code, "act"));

    [Theory]
    [InlineData("")]
    [InlineData("atc", "there is no command 'atc'. Did you mean 'act'?")]
    [InlineData("act --tmes 3", "there is no option '--tmes'. Did you mean '--times'?")]
    [InlineData("act --times many", "many")]
    public async Task A_senseless_command_line_is_usage_and_says_where_to_read(string line, string mentions = "Required command was not provided")
    {
        var code = await RunAsync(() => ExitCodes.Ok, line.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.Equal(ExitCodes.Usage, code);
        Assert.Contains(mentions, _terminal.Error, StringComparison.Ordinal);
        Assert.Contains(line.StartsWith("act ", StringComparison.Ordinal) ? "see: notochord act --help" : "see: notochord --help", _terminal.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_lists_the_verbs_and_is_no_error()
    {
        Assert.Equal(ExitCodes.Ok, await RunAsync(() => ExitCodes.Ok, "--help"));

        Assert.Contains("Acts.", _terminal.Out, StringComparison.Ordinal);
        Assert.Empty(_terminal.Error);
    }

    [Fact]
    public async Task What_is_outside_our_control_is_bad_input_without_a_stack_trace()
    {
        var code = await RunAsync(() => throw new FileNotFoundException("weights.safetensors: no such file"), "act");

        Assert.Equal(ExitCodes.BadInput, code);
        Assert.Equal("error: weights.safetensors: no such file\n", _terminal.Error);
    }

    [Fact]
    public async Task A_known_end_keeps_its_code_and_its_brackets()
    {
        Assert.Equal(ExitCodes.Failures, await RunAsync(() => throw new CommandException(ExitCodes.Failures, "shape [1, 3] is [wrong]"), "act"));

        Assert.Equal("error: shape [1, 3] is [wrong]\n", _terminal.Error);
    }

    [Fact]
    public async Task A_bug_says_so_with_its_trace()
    {
        Assert.Equal(ExitCodes.Internal, await RunAsync(() => throw new KeyNotFoundException("oops"), "act"));

        Assert.Contains("bug of notochord", _terminal.Error, StringComparison.Ordinal);
        Assert.Contains(nameof(CommandLineAppTests), _terminal.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancellation_is_130()
    {
        using var source = new CancellationTokenSource();

        var code = await RunAsync(
            () =>
            {
                source.Cancel();
                source.Token.ThrowIfCancellationRequested();
                return ExitCodes.Ok;
            },
            source.Token, "act");

        Assert.Equal(ExitCodes.Cancelled, code);
        Assert.Contains("cancelled", _terminal.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("act", "--json")]
    [InlineData("--json", "act")]
    public async Task Json_is_the_only_thing_on_standard_output(params string[] args)
    {
        Assert.Equal(ExitCodes.Ok, await RunAsync(() => ExitCodes.Ok, args));

        using var document = JsonDocument.Parse(_terminal.Out);
        Assert.Equal(3, document.RootElement.GetProperty("two_words").GetInt32());
    }

    [Fact]
    public async Task Without_json_people_are_spoken_to()
    {
        await RunAsync(() => ExitCodes.Ok, "act");

        Assert.Equal("for people [really]\n", _terminal.Out);
    }

    private Task<int> RunAsync(Func<int> work, params string[] args) => RunAsync(work, CancellationToken.None, args);

    private Task<int> RunAsync(Func<int> work, CancellationToken cancellation, params string[] args)
    {
        var verb = new Verb("act", "Acts.", command =>
        {
            command.Add(new Option<int>("--times"));
            return (_, output, _) =>
            {
                var code = work();
                output.Line("for people [really]");
                output.Json(new { TwoWords = 3 });
                return Task.FromResult(code);
            };
        });
        return CommandLineApp.RunAsync(args, [verb], _terminal.Terminal, cancellation);
    }
}
