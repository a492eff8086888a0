using Notochord.Cli.Console;

namespace Notochord.Cli.Tests;

public sealed class ProgressBarTests
{
    private readonly FakeClock _clock = new();

    [Fact]
    public void Nothing_in_a_pipe()
    {
        var terminal = FakeTerminal.Piped();
        using (var bar = new ProgressBar(terminal.Terminal, "training", 100, "images", _clock)) RunTo(bar, 50, seconds: 20);

        Assert.Empty(terminal.Error);
    }

    [Fact]
    public void Nothing_for_what_is_over_within_a_second()
    {
        var terminal = FakeTerminal.Screen();
        using (var bar = new ProgressBar(terminal.Terminal, "training", 100, "images", _clock)) RunTo(bar, 100, seconds: 0.9);

        Assert.Empty(terminal.Error);
    }

    [Fact]
    public void Share_count_rate_and_time_left()
    {
        var terminal = FakeTerminal.Screen(120);
        using var bar = new ProgressBar(terminal.Terminal, "training", 8_020, "images", _clock);
        RunTo(bar, 2_000, seconds: 10, note: "loss 0.5");
        _clock.Advance(TimeSpan.FromSeconds(0.1));
        bar.Report(2_020, "loss 0.5");

        var line = LastLine(terminal);
        Assert.StartsWith("training ━", line, StringComparison.Ordinal);
        Assert.Contains("  25%  2,020/8,020 images  200/s  ETA 0:30  loss 0.5", line, StringComparison.Ordinal);
    }

    [Fact]
    public void The_rate_follows_a_change_of_pace()
    {
        var terminal = FakeTerminal.Screen(120);
        using var bar = new ProgressBar(terminal.Terminal, "x", 100_000, "images", _clock);
        RunTo(bar, 10_000, seconds: 10);
        RunTo(bar, 12_000, seconds: 20, from: 10_000);

        Assert.Contains(" 11", LastLine(terminal)[LastLine(terminal).IndexOf("images", StringComparison.Ordinal)..], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(40)]
    [InlineData(60)]
    [InlineData(80)]
    [InlineData(200)]
    public void Never_wider_than_the_screen(int width)
    {
        var terminal = FakeTerminal.Screen(width);
        using var bar = new ProgressBar(terminal.Terminal, "training", 5_000_000, "images", _clock);
        RunTo(bar, 1_234_567, seconds: 5, note: "epoch 12/90  loss 1.234567");

        Assert.All(terminal.Error.Split("\r\u001b[K"), line => Assert.InRange(line.Length, 0, width - 1));
    }

    [Fact]
    public void Redraws_at_most_ten_times_a_second_and_leaves_a_clean_line()
    {
        var terminal = FakeTerminal.Screen();
        using (var bar = new ProgressBar(terminal.Terminal, "x", 10_000, "steps", _clock)) RunTo(bar, 10_000, seconds: 3);

        Assert.InRange(terminal.Error.Split("\r\u001b[K").Length, 15, 25);
        Assert.EndsWith("\r\u001b[K", terminal.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.5, "0.5")]
    [InlineData(312.4, "312")]
    [InlineData(31_240, "31.2k")]
    [InlineData(2_500_000, "2.5M")]
    public void Rates_are_short(double rate, string text) => Assert.Equal(text, ProgressBar.Rate(rate));

    private static string LastLine(FakeTerminal terminal) => terminal.Error.Split("\r\u001b[K")[^1];

    private void RunTo(ProgressBar bar, long done, double seconds, string? note = null, long from = 0)
    {
        const int Reports = 1_000;
        for (var i = 1; i <= Reports; i++)
        {
            _clock.Advance(TimeSpan.FromSeconds(seconds / Reports));
            bar.Report(from + ((done - from) * i / Reports), note);
        }
    }

    private sealed class FakeClock : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public void Advance(TimeSpan time) => _now += time.Ticks;

        public override long GetTimestamp() => _now;
    }
}
