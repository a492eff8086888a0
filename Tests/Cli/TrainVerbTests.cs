using System.Text.Json;
using Notochord.Cli.Commands;

namespace Notochord.Cli.Tests;

/// <summary>Trains and judges on real images through the command line, with a model that needs no compiler.</summary>
public sealed class TrainVerbTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;
    private readonly FakeTerminal _terminal = FakeTerminal.Piped();
    private readonly FakeLibrary _library = new();

    private string Weights => Path.Combine(_folder, "new", "w.safetensors");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task What_was_saved_is_judged_as_it_was_after_training()
    {
        var picture = Path.Combine(_folder, "c.svg");

        Assert.Equal(ExitCodes.Ok, await RunAsync("train", "linear", "--limit", "2000", "--epochs", "2", "--save", Weights, "--confusion", picture, "--json"));
        var trained = JsonDocument.Parse(_terminal.TakeOut()).RootElement;
        Assert.Equal(ExitCodes.Ok, await RunAsync("evaluate", "linear", "--limit", "2000", "--weights", Weights, "--json"));
        var judged = JsonDocument.Parse(_terminal.TakeOut()).RootElement;

        Assert.Equal(7850, trained.GetProperty("parameters").GetInt64());
        Assert.Equal(30, trained.GetProperty("steps").GetInt32());
        Assert.InRange(Accuracy(trained), 0.6, 1.0);
        Assert.Equal(Accuracy(trained), Accuracy(judged));
        Assert.Equal(2000, judged.GetProperty("test").GetProperty("images").GetInt32());
        Assert.Contains("linear on fashion-mnist", await File.ReadAllTextAsync(picture), StringComparison.Ordinal);
    }

    [Fact]
    public async Task People_see_epochs_a_table_and_the_accuracy()
    {
        Assert.Equal(ExitCodes.Ok, await RunAsync("train", "linear", "--limit", "500", "--epochs", "2", "--seed", "3"));

        Assert.Contains("linear: 7,850 parameters, 500 training and 500 test images, 2 epochs, seed 3", _terminal.Out, StringComparison.Ordinal);
        Assert.Matches(@"epoch   2/2  loss \d\.\d{4}", _terminal.Out);
        Assert.Matches(@"Ankle boot +\d+\.\d\d% +\d+\.\d\d%", _terminal.Out);
        Assert.Matches(@"test accuracy \d\d\.\d\d%", _terminal.Out);
        Assert.Empty(_terminal.Error);
    }

    [Fact]
    public async Task The_same_seed_gives_the_same_file()
    {
        await RunAsync("train", "linear", "--limit", "500", "--epochs", "1", "--save", Weights);
        var first = await File.ReadAllBytesAsync(Weights);
        await RunAsync("train", "linear", "--limit", "500", "--epochs", "1", "--save", Weights);

        Assert.Equal(first, await File.ReadAllBytesAsync(Weights));
    }

    [Fact]
    public async Task Cancelling_leaves_weights_that_load()
    {
        using var source = new CancellationTokenSource();
        _library.Forwarded = count => { if (count == 5) source.Cancel(); };

        Assert.Equal(ExitCodes.Cancelled, await RunAsync(source.Token, "train", "linear", "--limit", "5000", "--save", Weights));
        Assert.Contains("stopped after 5 steps; the weights so far are in " + Weights, _terminal.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Ok, await RunAsync("evaluate", "linear", "--limit", "100", "--weights", Weights));
    }

    [Theory]
    [InlineData(ExitCodes.Usage, "--epochs", "train", "linear", "--epochs", "many")]
    [InlineData(ExitCodes.Usage, "Epochs must be at least 1, and is 0", "train", "linear", "--epochs", "0")]
    [InlineData(ExitCodes.Usage, "--limit: at least 1", "train", "linear", "--limit", "0")]
    [InlineData(ExitCodes.Usage, "expected cpu, cuda or cuda:N, found 'tpu'", "train", "linear", "--device", "tpu")]
    [InlineData(ExitCodes.Usage, "fashion-mnist", "train", "linear", "--data", "imagenet")]
    [InlineData(ExitCodes.Usage, "--weights", "evaluate", "linear")]
    [InlineData(ExitCodes.BadInput, "/no/such/folder", "train", "linear", "--data-dir", "/no/such/folder")]
    [InlineData(ExitCodes.BadInput, "no.safetensors", "evaluate", "linear", "--weights", "/no.safetensors")]
    [InlineData(ExitCodes.BadInput, "there is no model 'linaer'. Did you mean 'linear'?", "train", "linaer")]
    [InlineData(ExitCodes.BadInput, "/tmp is a folder", "train", "linear", "--save", "/tmp")]
    public async Task What_cannot_be_done_says_why(int code, string mentions, params string[] args)
    {
        Assert.Equal(code, await RunAsync(args));

        Assert.Contains(mentions, _terminal.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", _terminal.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Divergence_is_a_failure_with_advice()
    {
        Assert.Equal(ExitCodes.Failures, await RunAsync("train", "linear", "--limit", "2000", "--lr", "1e37"));

        Assert.Contains("lower learning rate", _terminal.Error, StringComparison.Ordinal);
    }

    private static double Accuracy(JsonElement result) => result.GetProperty("test").GetProperty("accuracy").GetDouble();

    private Task<int> RunAsync(params string[] args) => RunAsync(CancellationToken.None, args);

    private Task<int> RunAsync(CancellationToken cancellation, params string[] args) =>
        CommandLineApp.RunAsync(args, [TrainVerb.Create(_library), EvaluateVerb.Create(_library)], _terminal.Terminal, cancellation);
}
