using System.CommandLine;
using System.CommandLine.Completions;
using Notochord.Cli.Console;
using Notochord.Cli.Models;
using Notochord.Dsl.Text;

namespace Notochord.Cli.Commands;

/// <summary>The arguments that choose a model to run: a name of the zoo's generated models, or one of files that are named.</summary>
internal sealed class ModelChoice
{
    private readonly IModelLibrary _zoo;
    private readonly Argument<string> _name = new("model") { Description = "The model's name; `notochord list` prints them.", HelpName = "MODEL" };
    private readonly Option<string[]> _files = Sources.Option();

    /// <param name="zoo">What is there without files.</param>
    public ModelChoice(IModelLibrary zoo)
    {
        _zoo = zoo;
        _name.CompletionSources.Add(_ => zoo.Names.Select(name => new CompletionItem(name)));
    }

    public void AddTo(Command command)
    {
        command.Add(_name);
        command.Add(_files);
    }

    public string NameOf(ParseResult parsed) => parsed.GetRequiredValue(_name);

    /// <summary>A new model with fresh weights on the CPU. What the named files declare goes before the zoo.</summary>
    /// <exception cref="CommandException">There is none of that name, or it cannot be what is requested.</exception>
    public Backbone Create(ParseResult parsed, ModelRequest request, Output output)
    {
        var name = NameOf(parsed);
        var files = parsed.GetValue(_files) ?? [];
        List<IModelLibrary> libraries = [_zoo];
        if (files.Length > 0) libraries.Insert(0, new DeclaredLibrary(Sources.Load(files, withZoo: false), output));
        var library = libraries.Find(candidate => candidate.Names.Contains(name, StringComparer.Ordinal))
            ?? throw new CommandException(
                ExitCodes.BadInput,
                $"there is no model '{name}'. {Suggest.Nearest(name, libraries.SelectMany(candidate => candidate.Names)) ?? "`notochord list` prints them."}");
        return library.Create(name, request);
    }
}
