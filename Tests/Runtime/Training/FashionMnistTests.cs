using Notochord.Training.Data;

namespace Notochord.Tests.Training;

public sealed class FashionMnistTests
{
    [Fact]
    public void The_installed_data_is_the_published_data()
    {
        var (train, test) = (FashionMnist.Load(Split.Train), FashionMnist.Load(Split.Test));

        Assert.Equal((60_000, 10_000), (train.Count, test.Count));
        Assert.Equal((1, 28, 28), (train.Channels, train.Height, train.Width));
        // The published labels: balanced classes, and the first of each file as in the paper's figures.
        Assert.All(Enumerable.Range(0, test.Count).CountBy(test.LabelOf), group => Assert.Equal(1_000, group.Value));
        Assert.Equal(("Ankle boot", "Ankle boot"), (train.Classes[train.LabelOf(0)], test.Classes[test.LabelOf(0)]));
    }

    [Fact]
    public void Its_scale_is_that_of_the_training_images()
    {
        var train = FashionMnist.Load(Split.Train);
        double sum = 0, squares = 0;
        long count = 0;
        for (var i = 0; i < train.Count; i++)
        {
            foreach (var pixel in train.PixelsOf(i))
            {
                double value = train.Scale.Apply(pixel);
                (sum, squares, count) = (sum + value, squares + (value * value), count + 1);
            }
        }

        Assert.InRange(sum / count, -0.001, 0.001);
        Assert.InRange(squares / count, 0.999, 1.001);
    }

    [Fact]
    public void A_missing_folder_is_named_with_the_way_out()
    {
        var missing = Assert.Throws<FileNotFoundException>(() => FashionMnist.Load(Split.Train, "/no/such/folder"));

        Assert.Contains("/no/such/folder", missing.Message, StringComparison.Ordinal);
        Assert.Contains("dataset-fashion-mnist", missing.Message, StringComparison.Ordinal);
        Assert.Contains(FashionMnist.FolderVariable, missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Labels_of_another_file_are_refused()
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            File.WriteAllBytes(Path.Combine(folder.FullName, "train-images-idx3-ubyte"), [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 1, 7, 7]);
            File.WriteAllBytes(Path.Combine(folder.FullName, "train-labels-idx1-ubyte"), [0, 0, 8, 1, 0, 0, 0, 3, 1, 1, 1]);

            var refused = Assert.Throws<InvalidDataException>(() => FashionMnist.Load(Split.Train, folder.FullName));

            Assert.Contains("one label for each of the 2 images, found [3]", refused.Message, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void A_label_without_a_class_is_refused()
    {
        var refused = Assert.Throws<InvalidDataException>(() => new LabelledImages(new byte[2], [0, 9], 1, 1, 1, ["a", "b"], new PixelScale(0, 1)));

        Assert.Contains("label 1 is 9; the 2 classes are numbered 0 to 1", refused.Message, StringComparison.Ordinal);
    }
}
