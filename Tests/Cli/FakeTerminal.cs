using Notochord.Cli.Console;

namespace Notochord.Cli.Tests;

/// <summary>A terminal that keeps what was written to it.</summary>
internal sealed class FakeTerminal
{
    private FakeTerminal(bool isScreen, int? width) =>
        Terminal = new Terminal(new StringWriter(), new StringWriter(), isScreen, isScreen, isScreen, width);

    public Terminal Terminal { get; }

    public string Out => Terminal.Out.ToString()!;

    public string Error => Terminal.Error.ToString()!;

    /// <summary>What was written so far; what comes next starts anew.</summary>
    public string TakeOut()
    {
        var text = Out;
        ((StringWriter)Terminal.Out).GetStringBuilder().Clear();
        return text;
    }

    public static FakeTerminal Piped() => new(isScreen: false, width: null);

    public static FakeTerminal Screen(int width = 80) => new(isScreen: true, width);
}
