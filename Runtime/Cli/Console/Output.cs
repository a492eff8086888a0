using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Notochord.Cli.Console;

/// <summary>Writes a command's results, for people or (with <c>--json</c>) for programs, and its errors.</summary>
/// <remarks>With <c>--json</c>, standard output holds exactly one document and nothing else.</remarks>
internal sealed class Output
{
    // Without a screen nothing is wrapped: a table in a pipe keeps one row a line.
    private const int NoScreenWidth = 10_000;

    private static readonly JsonSerializerOptions JsonOptions = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DictionaryKeyPolicy = null,
        WriteIndented = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    private readonly IAnsiConsole _out;
    private readonly IAnsiConsole _error;

    public Output(Terminal terminal, bool isJson)
    {
        Terminal = terminal;
        IsJson = isJson;
        _out = CreateConsole(terminal.Out, terminal.OutColours, terminal.Width);
        _error = CreateConsole(terminal.Error, terminal.ErrorColours, terminal.Width);
    }

    public Terminal Terminal { get; }

    public bool IsJson { get; }

    /// <summary>A line of plain text for people; brackets and the like are shown as they are.</summary>
    public void Line(string text = "")
    {
        if (!IsJson) Terminal.Out.WriteLine(text);
    }

    /// <summary>A table, tree or other rendering for people.</summary>
    public void Show(IRenderable rendering)
    {
        if (IsJson) return;
        _out.Write(rendering);
        if (rendering is not Table) _out.WriteLine();
    }

    /// <summary>The one document for programs; nothing without <c>--json</c>.</summary>
    public void Json<T>(T document)
    {
        if (IsJson) Terminal.Out.WriteLine(JsonSerializer.Serialize(document, JsonOptions));
    }

    /// <summary>Something went wrong; the first line says what, the others may say how to mend it.</summary>
    public void Error(string message) => _error.Write(Prefixed("error: ", Color.Red, message));

    /// <summary>Worth knowing, and not in the way.</summary>
    public void Warn(string message) => _error.Write(Prefixed("warning: ", Color.Yellow, message));

    /// <summary>How to go on after an error.</summary>
    public void Hint(string text) => Terminal.Error.WriteLine(text);

    /// <summary>A progress bar on standard error; it shows itself when the work takes longer than a second.</summary>
    public ProgressBar StartProgress(string what, long total, string unit) => new(Terminal, what, total, unit, TimeProvider.System);

    /// <summary>A table in the house style: no box, a rule below the heading.</summary>
    public static Table NewTable(params ReadOnlySpan<(string Heading, bool IsNumber)> columns)
    {
        var table = new Table { Border = TableBorder.Simple };
        foreach (var (heading, isNumber) in columns)
        {
            var column = new TableColumn(new Text(heading, new Style(decoration: Decoration.Bold)));
            table.AddColumn(isNumber ? column.RightAligned().NoWrap() : column);
        }
        return table;
    }

    /// <summary>A row's cells, shown as they are: model and class names may hold brackets, which markup would eat.</summary>
    public static IRenderable[] Cells(params ReadOnlySpan<string> texts)
    {
        var cells = new IRenderable[texts.Length];
        for (var i = 0; i < cells.Length; i++) cells[i] = new Text(texts[i]);
        return cells;
    }

    private static Paragraph Prefixed(string prefix, Color colour, string message) =>
        new Paragraph().Append(prefix, new Style(colour, decoration: Decoration.Bold)).Append(message + "\n");

    private static IAnsiConsole CreateConsole(TextWriter writer, bool colours, int? width)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = colours ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = colours ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(writer),
        });
        console.Profile.Width = width ?? NoScreenWidth;
        console.Profile.Capabilities.Unicode = true;
        return console;
    }
}
