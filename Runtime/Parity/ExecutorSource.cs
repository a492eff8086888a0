using Notochord.Dsl;
using Notochord.Dsl.Instantiation;
using Notochord.Dsl.Ir;
using Notochord.Execution;

namespace Notochord.Parity;

/// <summary>Models of declarations, run by the executor.</summary>
/// <param name="project">The declarations.</param>
public sealed class ExecutorSource(Project project) : IParitySource
{
    /// <inheritdoc/>
    public string Engine => "executor";

    /// <inheritdoc/>
    /// <exception cref="InvalidDataException">The declaration has errors, or no parameter for an argument of the golden.</exception>
    public ParityModel? Create(Golden golden)
    {
        ArgumentNullException.ThrowIfNull(golden);
        var architecture = project.Architectures.FirstOrDefault(a => a.Name == golden.Model || a.Variants.Any(v => v.Name == golden.Model));
        if (architecture is null) return null;
        var given = Arguments.For(golden, architecture);
        var model = Instance(golden.Model, given);
        if (model.ParameterCount != golden.ParameterCount && !golden.Arguments.ContainsKey(Arguments.ImageSize))
        {
            // A model that takes other sizes than its own was run with one: it keeps its own.
            var declared = Instance(golden.Model, given.Where(g => g.Key != Arguments.ImageSize).ToDictionary(g => g.Key, g => g.Value));
            if (declared.ParameterCount == golden.ParameterCount) model = declared;
        }

        var backbone = new ExecutedBackbone(model);
        return ParityModel.Of(backbone, golden) with { Traced = (input, seen) => backbone.Trace(input, seen).Dispose() };
    }

    private ModelInstance Instance(string name, IReadOnlyDictionary<string, Value> given)
    {
        var known = project.Diagnostics.Items.Count;
        if (project.Instantiate(name, given) is { } model) return model;
        // What was found before is not reported a second time, and the model still is none.
        var findings = project.Diagnostics.Items.Skip(known).Select(d => d.ToString()).ToList();
        throw new InvalidDataException(findings.Count > 0 ? string.Join('\n', findings) : $"The declaration of {name} has errors.");
    }
}
