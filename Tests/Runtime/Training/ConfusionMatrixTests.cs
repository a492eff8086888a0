using System.Xml.Linq;
using Notochord.Training.Metrics;

namespace Notochord.Tests.Training;

public sealed class ConfusionMatrixTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    [Fact]
    public void Counts_and_measures()
    {
        // 8 cats: 6 found, 2 taken for dogs; 4 dogs: 1 found, 3 taken for cats; no bird.
        var matrix = Of(["cat", "dog", "bird"], [6, 2, 0], [3, 1, 0], [0, 0, 0]);

        Assert.Equal(12, matrix.Total);
        Assert.Equal(7 / 12.0, matrix.Accuracy, 12);
        Assert.Equal(6 / 8.0, matrix.Recall(0), 12);
        Assert.Equal(6 / 9.0, matrix.Precision(0), 12);
        Assert.Equal(12 / 17.0, matrix.F1(0), 12);
        Assert.Equal((4L, 3L), (matrix.Support(1), matrix.Predicted(1)));
        Assert.Equal((double.NaN, double.NaN, double.NaN), (matrix.Recall(2), matrix.Precision(2), matrix.F1(2)));
    }

    [Fact]
    public void An_index_without_a_class_is_refused_and_not_counted()
    {
        var matrix = Of(["a", "b"], [1, 0], [0, 1]);

        Assert.Throws<ArgumentOutOfRangeException>(() => matrix.Add(0, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => matrix.Add(-1, 0));
        Assert.Equal(2, matrix.Total);
    }

    [Fact]
    public void The_picture_shows_every_count_in_its_place()
    {
        var picture = XDocument.Parse(ConfusionMatrixSvg.Draw(Of(["cat", "dog"], [6, 2], [3, 1]), "net on pets"));

        var cells = picture.Descendants(Svg + "g").ToList();
        Assert.Equal(
            ["cat taken for cat: 6 (75.0%)", "cat taken for dog: 2 (25.0%)", "dog taken for cat: 3 (75.0%)", "dog taken for dog: 1 (25.0%)"],
            cells.Select(cell => cell.Element(Svg + "title")!.Value));
        Assert.Equal(["hit", "miss", "miss", "hit"], cells.Select(cell => cell.Element(Svg + "rect")!.Attribute("class")!.Value));
        // Rows are true classes: the second cell is right of the first, the third below it.
        double At(int cell, string axis) => (double)cells[cell].Element(Svg + "rect")!.Attribute(axis)!;
        Assert.True(At(1, "x") > At(0, "x") && At(1, "y") == At(0, "y"));
        Assert.True(At(2, "y") > At(0, "y") && At(2, "x") == At(0, "x"));
        Assert.Contains("accuracy 58.3% over 12 examples", picture.Descendants(Svg + "text").Select(text => text.Value));
    }

    [Fact]
    public void More_of_a_row_is_a_stronger_colour()
    {
        var picture = XDocument.Parse(ConfusionMatrixSvg.Draw(Of(["a", "b", "c"], [90, 9, 1], [0, 5, 0], [0, 0, 5]), "x"));

        var row = picture.Descendants(Svg + "g").Take(3).Select(cell => (double)cell.Element(Svg + "rect")!.Attribute("fill-opacity")!).ToList();
        Assert.True(row[0] > row[1] && row[1] > row[2]);
    }

    [Fact]
    public void Names_of_any_kind_and_empty_matrices_make_a_valid_picture()
    {
        var names = new[] { "<b> & \"co\"", "bell\u0007", "名前" };

        var picture = XDocument.Parse(ConfusionMatrixSvg.Draw(new ConfusionMatrix(names), "a < b & c"));

        var texts = picture.Descendants(Svg + "text").Select(text => text.Value).ToList();
        Assert.Contains("<b> & \"co\"", texts);
        Assert.Contains("bell", texts);
        Assert.Contains("a < b & c", texts);
    }

    [Fact]
    public void The_same_matrix_gives_the_same_bytes()
    {
        var matrix = Of(["a", "b"], [3, 1], [0, 4]);

        Assert.Equal(ConfusionMatrixSvg.Draw(matrix, "t"), ConfusionMatrixSvg.Draw(matrix, "t"));
        Assert.DoesNotContain("\r", ConfusionMatrixSvg.Draw(matrix, "t"), StringComparison.Ordinal);
    }

    private static ConfusionMatrix Of(string[] names, params int[][] rows)
    {
        var matrix = new ConfusionMatrix(names);
        for (var actual = 0; actual < rows.Length; actual++)
            for (var predicted = 0; predicted < rows.Length; predicted++)
                for (var i = 0; i < rows[actual][predicted]; i++) matrix.Add(actual, predicted);
        return matrix;
    }
}
