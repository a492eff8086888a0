using System.Globalization;
using System.Text;

namespace Notochord.Cli.Console;

/// <summary>One line on standard error, redrawn in place: share, count, rate, time left. Gone when the work is done.</summary>
/// <remarks>It stays silent where standard error is no screen, and for work that is over within a second.</remarks>
internal sealed class ProgressBar : IDisposable
{
    private const int WidestBar = 32;
    private const int NarrowestBar = 8;
    private const string ClearLine = "\r\u001b[K";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Redraw = TimeSpan.FromSeconds(0.1);
    // How far back the rate remembers: long enough to be calm, short enough to follow.
    private static readonly TimeSpan RateMemory = TimeSpan.FromSeconds(5);

    private readonly Terminal _terminal;
    private readonly string _what;
    private readonly string _unit;
    private readonly long _total;
    private readonly TimeProvider _clock;
    private readonly long _start;
    private TimeSpan _drawn = Patience - Redraw;
    private (TimeSpan Time, long Done) _last;
    private double _rate;
    private bool _isVisible;

    public ProgressBar(Terminal terminal, string what, long total, string unit, TimeProvider clock)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(total);
        (_terminal, _what, _total, _unit, _clock) = (terminal, what, total, unit, clock);
        _start = clock.GetTimestamp();
    }

    /// <summary>Tells how much is done in all, and perhaps a word on how it goes.</summary>
    public void Report(long done, string? note = null)
    {
        if (!_terminal.IsErrorLive) return;
        var elapsed = _clock.GetElapsedTime(_start);
        UpdateRate(elapsed, done);
        if (elapsed - _drawn < Redraw) return;
        _drawn = elapsed;
        _isVisible = true;
        _terminal.Error.Write(ClearLine + Compose(Math.Min(done, _total), note));
        _terminal.Error.Flush();
    }

    /// <summary>Takes the line away, so that something else can be written; the next report draws it again.</summary>
    public void Clear()
    {
        if (!_isVisible) return;
        _terminal.Error.Write(ClearLine);
        _terminal.Error.Flush();
        _isVisible = false;
    }

    public void Dispose() => Clear();

    private void UpdateRate(TimeSpan elapsed, long done)
    {
        var passed = elapsed - _last.Time;
        if (passed <= TimeSpan.Zero) return;
        var now = (done - _last.Done) / passed.TotalSeconds;
        // Weighted by time, so that many small reports and one large one say the same.
        var keep = _rate == 0 ? 0 : Math.Exp(-passed / RateMemory);
        _rate = (keep * _rate) + ((1 - keep) * now);
        _last = (elapsed, done);
    }

    private string Compose(long done, string? note)
    {
        var share = (double)done / _total;
        var left = _rate > 0 ? TimeSpan.FromSeconds(Math.Min((_total - done) / _rate, int.MaxValue)) : (TimeSpan?)null;
        var numbers = string.Create(CultureInfo.InvariantCulture,
            $" {100 * share,3:0}%  {done:N0}/{_total:N0} {_unit}  {Rate(_rate)}/s  ETA {(left is { } time ? Duration(time) : "?")}");
        var text = new StringBuilder(_what).Append(' ');
        var room = (_terminal.Width ?? 80) - 1 - text.Length - numbers.Length;
        var noteRoom = note is null ? 0 : note.Length + 2;
        var bar = Math.Min(WidestBar, room - noteRoom);
        if (bar < NarrowestBar) (bar, note) = (Math.Min(WidestBar, room), null);
        if (bar >= NarrowestBar)
        {
            var full = (int)Math.Round(share * bar);
            text.Append('━', full).Append('╌', bar - full);
        }
        text.Append(numbers);
        if (note is not null) text.Append("  ").Append(note);
        // A line longer than the screen would not be cleared whole.
        return text.ToString(0, Math.Min(text.Length, (_terminal.Width ?? 80) - 1));
    }

    internal static string Rate(double rate) => rate switch
    {
        >= 1e6 => (rate / 1e6).ToString("0.0", CultureInfo.InvariantCulture) + "M",
        >= 1e4 => (rate / 1e3).ToString("0.0", CultureInfo.InvariantCulture) + "k",
        >= 10 => rate.ToString("0", CultureInfo.InvariantCulture),
        _ => rate.ToString("0.0", CultureInfo.InvariantCulture),
    };

    internal static string Duration(TimeSpan time)
    {
        if (time.TotalDays >= 100) return "long";
        var seconds = (long)Math.Round(time.TotalSeconds);
        var (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
        return hours > 0
            ? string.Create(CultureInfo.InvariantCulture, $"{hours}:{minutes:00}:{seconds % 60:00}")
            : string.Create(CultureInfo.InvariantCulture, $"{minutes}:{seconds % 60:00}");
    }
}
