using Notochord.Cli.Console;
using Spectre.Console;

namespace Notochord.Cli.Tests;

public sealed class OutputTests
{
    [Fact]
    public void A_pipe_gets_no_escape_sequence_and_one_line_a_row()
    {
        var terminal = FakeTerminal.Piped();
        Fill(new Output(terminal.Terminal, isJson: false));

        Assert.DoesNotContain('\u001b', terminal.Out);
        Assert.Contains(terminal.Out.Split('\n'), line => line.Contains(new string('m', 300) + "[0]", StringComparison.Ordinal) && line.Contains("1,234", StringComparison.Ordinal));
    }

    [Fact]
    public void A_screen_gets_no_line_beyond_its_width()
    {
        var terminal = FakeTerminal.Screen(60);
        Fill(new Output(terminal.Terminal, isJson: false));

        Assert.Contains('\u001b', terminal.Out);
        Assert.All(WithoutEscapes(terminal.Out).Split('\n'), line => Assert.InRange(line.Length, 0, 60));
    }

    [Fact]
    public void A_program_gets_no_table()
    {
        var terminal = FakeTerminal.Piped();
        Fill(new Output(terminal.Terminal, isJson: true));

        Assert.Empty(terminal.Out);
    }

    [Fact]
    public void A_long_error_in_a_pipe_stays_one_line()
    {
        var terminal = FakeTerminal.Piped();
        var message = string.Join(' ', Enumerable.Repeat("word", 100));
        new Output(terminal.Terminal, isJson: false).Error(message);

        Assert.Equal($"error: {message}\n", terminal.Error);
    }

    [Fact]
    public void Numbers_that_are_none_are_valid_json()
    {
        var terminal = FakeTerminal.Piped();
        new Output(terminal.Terminal, isJson: true).Json(new { Precision = double.NaN, Name = "a/b+c" });

        Assert.Contains("\"precision\": \"NaN\"", terminal.Out, StringComparison.Ordinal);
        Assert.Contains("\"a/b+c\"", terminal.Out, StringComparison.Ordinal);
    }

    private static void Fill(Output output)
    {
        var table = Output.NewTable(("module", false), ("params", true));
        table.AddRow(Output.Cells(new string('m', 300) + "[0]", "1,234"));
        output.Show(table);
    }

    private static string WithoutEscapes(string text) => System.Text.RegularExpressions.Regex.Replace(text, "\u001b\\[[0-9;]*m", "");
}
