using System.Globalization;
using System.Security;
using System.Text;

namespace Notochord.Training.Metrics;

/// <summary>Draws a <see cref="ConfusionMatrix"/> as an SVG picture that follows the reader's light or dark theme.</summary>
/// <remarks>
/// A cell's colour is its share of the row, on a square-root scale so that a few mistakes among a thousand still show; hits are
/// blue, mistakes orange. The text depends on the matrix and the titles alone: the same input gives the same bytes.
/// </remarks>
public static class ConfusionMatrixSvg
{
    private const int Cell = 46;
    private const int Top = 158;
    private const int Margin = 24;
    private const int MarginColumn = 62;
    // An em of the label font, and how much of it an average letter takes.
    private const double LetterWidth = 7.2;
    // Above this strength of colour, white text reads better than the theme's.
    private const double WhiteTextFrom = 0.55;

    private const string Style = """
        <style>
          .page { fill: #ffffff } .ink { fill: #1f2430 } .soft { fill: #667085 } .rule { stroke: #d5dae3 }
          .hit { fill: #1d5fd1 } .miss { fill: #d9480f } .white { fill: #ffffff }
          @media (prefers-color-scheme: dark) {
            .page { fill: #14171f } .ink { fill: #e6e9f0 } .soft { fill: #98a2b5 } .rule { stroke: #343b4a }
            .hit { fill: #4b8bf5 } .miss { fill: #f2762e }
          }
          text { font-family: system-ui, -apple-system, "Segoe UI", "Noto Sans", sans-serif; font-size: 13px }
          .title { font-size: 20px; font-weight: 600 } .axis { font-weight: 600 } .number { font-variant-numeric: tabular-nums; font-size: 12px }
          .middle { text-anchor: middle } .end { text-anchor: end }
        </style>
        """;

    /// <summary>The picture's text, UTF-8 when written to a file.</summary>
    /// <param name="matrix">What to draw.</param>
    /// <param name="title">The heading, such as the model's name.</param>
    /// <param name="subtitle">The line below it; null for accuracy and number of examples.</param>
    public static string Draw(ConfusionMatrix matrix, string title, string? subtitle = null)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        var count = matrix.Classes.Count;
        var left = Margin + 24 + (int)Math.Ceiling(LetterWidth * matrix.Classes.Max(name => name.Length)) + 10;
        var (gridEnd, gridBottom) = (left + (count * Cell), Top + (count * Cell));
        var (width, height) = (gridEnd + MarginColumn + Margin, gridBottom + 112);
        subtitle ??= string.Create(CultureInfo.InvariantCulture, $"accuracy {Percent(matrix.Accuracy)} over {matrix.Total:N0} examples");

        var svg = new StringBuilder();
        Line(svg, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" role=\"img\" aria-labelledby=\"t s\">");
        Line(svg, Style);
        Line(svg, $"<rect class=\"page\" width=\"{width}\" height=\"{height}\" rx=\"8\"/>");
        Line(svg, $"<text id=\"t\" class=\"ink title\" x=\"{Margin}\" y=\"40\">{Escape(title)}</text>");
        Line(svg, $"<text id=\"s\" class=\"soft\" x=\"{Margin}\" y=\"62\">{Escape(subtitle)}</text>");
        DrawLabels(svg, matrix, left, gridBottom);
        for (var actual = 0; actual < count; actual++)
        {
            for (var predicted = 0; predicted < count; predicted++) DrawCell(svg, matrix, actual, predicted, left);
        }
        DrawMargins(svg, matrix, left, gridEnd, gridBottom);
        DrawLegend(svg, left, gridBottom + 70);
        Line(svg, "</svg>");
        return svg.ToString();
    }

    private static void DrawLabels(StringBuilder svg, ConfusionMatrix matrix, int left, int gridBottom)
    {
        var middle = (Top + gridBottom) / 2;
        Line(svg, $"<text class=\"soft axis middle\" transform=\"translate({Margin + 6} {middle}) rotate(-90)\">true class</text>");
        Line(svg, $"<text class=\"soft axis\" x=\"{left}\" y=\"88\">predicted class</text>");
        for (var i = 0; i < matrix.Classes.Count; i++)
        {
            var name = Escape(matrix.Classes[i]);
            var centre = (i * Cell) + (Cell / 2);
            Line(svg, $"<text class=\"ink end\" x=\"{left - 10}\" y=\"{Top + centre + 5}\">{name}</text>");
            Line(svg, $"<text class=\"ink\" transform=\"translate({left + centre - 2} {Top - 8}) rotate(-32)\">{name}</text>");
        }
    }

    private static void DrawCell(StringBuilder svg, ConfusionMatrix matrix, int actual, int predicted, int left)
    {
        var number = matrix[actual, predicted];
        var share = number == 0 ? 0 : (double)number / matrix.Support(actual);
        var strength = Math.Sqrt(share);
        var (x, y) = (left + (predicted * Cell), Top + (actual * Cell));
        var kind = actual == predicted ? "hit" : "miss";
        Line(svg, "<g>");
        Line(svg, $"<title>{Escape(matrix.Classes[actual])} taken for {Escape(matrix.Classes[predicted])}: {number} ({Percent(share)})</title>");
        // A trace of colour even for zero, so that the grid reads as one.
        Line(svg, $"<rect class=\"{kind}\" x=\"{x + 1}\" y=\"{y + 1}\" width=\"{Cell - 2}\" height=\"{Cell - 2}\" rx=\"4\" fill-opacity=\"{Number(0.04 + (0.96 * strength))}\"/>");
        if (number > 0)
            Line(svg, $"<text class=\"{(strength >= WhiteTextFrom ? "white" : "ink")} number middle\" x=\"{x + (Cell / 2)}\" y=\"{y + (Cell / 2) + 4}\">{number}</text>");
        Line(svg, "</g>");
    }

    private static void DrawMargins(StringBuilder svg, ConfusionMatrix matrix, int left, int gridEnd, int gridBottom)
    {
        Line(svg, $"<path class=\"rule\" d=\"M{gridEnd + 6} {Top}V{gridBottom}M{left} {gridBottom + 6}H{gridEnd}\"/>");
        Line(svg, $"<text class=\"soft axis end\" x=\"{gridEnd + MarginColumn}\" y=\"{Top - 12}\">recall</text>");
        Line(svg, $"<text class=\"soft axis end\" x=\"{left - 10}\" y=\"{gridBottom + 27}\">precision</text>");
        for (var i = 0; i < matrix.Classes.Count; i++)
        {
            var centre = (i * Cell) + (Cell / 2);
            Line(svg, $"<text class=\"ink number end\" x=\"{gridEnd + MarginColumn}\" y=\"{Top + centre + 4}\">{Percent(matrix.Recall(i))}</text>");
            Line(svg, $"<text class=\"ink number middle\" x=\"{left + centre}\" y=\"{gridBottom + 27}\">{Percent(matrix.Precision(i))}</text>");
        }
    }

    private static void DrawLegend(StringBuilder svg, int left, int y)
    {
        const int Swatch = 22;
        double[] shares = [0.01, 0.05, 0.1, 0.25, 0.5, 1];
        var x = left;
        foreach (var (kind, text) in new[] { ("hit", "found"), ("miss", "mistaken") })
        {
            Line(svg, $"<text class=\"soft\" x=\"{x}\" y=\"{y + 12}\">{text}</text>");
            x += 64;
            foreach (var share in shares)
            {
                Line(svg, $"<rect class=\"{kind}\" x=\"{x}\" y=\"{y}\" width=\"{Swatch}\" height=\"14\" fill-opacity=\"{Number(0.04 + (0.96 * Math.Sqrt(share)))}\"/>");
                x += Swatch;
            }
            x += 28;
        }
        Line(svg, $"<text class=\"soft\" x=\"{left}\" y=\"{y + 32}\">colour: share of the row, {string.Join(", ", shares.Select(Share))}</text>");
    }

    private static void Line(StringBuilder svg, string text) => svg.Append(text.ReplaceLineEndings("\n")).Append('\n');

    private static string Percent(double share) => double.IsNaN(share) ? "–" : (100 * share).ToString("0.0", CultureInfo.InvariantCulture) + "%";

    private static string Share(double share) => (100 * share).ToString("0", CultureInfo.InvariantCulture) + "%";

    private static string Number(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);

    // Control characters have no place in XML 1.0, escaped or not.
    private static string Escape(string text) => SecurityElement.Escape(string.Concat(text.Where(c => !char.IsControl(c))));
}
