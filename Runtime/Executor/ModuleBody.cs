using Notochord.Dsl.Ir;
using Notochord.Dsl.Model;
using Notochord.Dsl.Shapes;
using Notochord.Modules;
using static TorchSharp.torch;

namespace Notochord.Execution;

/// <summary>What a declaration puts into a module: its tensors and children, registered on it under the declared names.</summary>
internal sealed class ModuleBody : IGraphScope
{
    private readonly nn.Module _owner;
    private readonly Dictionary<string, ExecutedModule> _children = [];
    private readonly Dictionary<string, TensorList> _lists = [];

    public ModuleBody(nn.Module owner, ModuleType type)
    {
        _owner = owner;
        Type = type;
        foreach (var spec in type.Tensors) Register(spec);
        foreach (var child in type.Children) _owner.register_module(child.Name, _children[child.Name] = new ExecutedModule(child.Type));
    }

    /// <summary>What it is.</summary>
    public ModuleType Type { get; private set; }

    public nn.Module Owner => _owner;

    public Tensor State(string name) => _owner.get_parameter(name) ?? _owner.get_buffer(name) ?? throw new InvalidOperationException($"{Type.Display} has no tensor '{name}'.");

    public IGraphScope Child(string path) => Module(path).Body;

    /// <summary>A child, or a child's child: <c>blocks.3</c>.</summary>
    public ExecutedModule Module(string path)
    {
        var (body, module) = (this, (ExecutedModule?)null);
        foreach (var name in path.Split('.'))
        {
            module = body._children.TryGetValue(name, out var child) ? child : throw new InvalidOperationException($"{body.Type.Display} has no module '{name}' (of '{path}').");
            body = module.Body;
        }

        return module!;
    }

    /// <summary>Becomes another type of the same structure: children that <paramref name="isRebuilt"/> names are made anew, the others stay.</summary>
    public void Replace(ModuleType type, string prefix, Func<string, bool> isRebuilt)
    {
        Type = type;
        // All are registered again, so that the order of the state dict stays.
        foreach (var name in _children.Keys) _owner.register_module(name, null!);
        foreach (var child in type.Children)
        {
            var path = prefix + child.Name;
            if (_children.TryGetValue(child.Name, out var known) && !isRebuilt(path)) known.Body.Replace(child.Type, path + ".", isRebuilt);
            else
            {
                known?.Dispose();
                _children[child.Name] = new ExecutedModule(child.Type);
                if (!_owner.training) _children[child.Name].eval();
            }

            _owner.register_module(child.Name, _children[child.Name]);
        }
    }

    private void Register(TensorSpec spec)
    {
        if (spec.Constant is not null)
        {
            if (spec.Role == TensorRole.Constant) TransientBuffers.Register(_owner, spec.Name, Compute(spec));
            else if (spec.Role == TensorRole.Parameter) _owner.register_parameter(spec.Name, Init.computed(Compute(spec)));
            else _owner.register_buffer(spec.Name, Compute(spec));
            return;
        }

        long[] sizes = [.. spec.Shape.Axes.Select(a => a.Value ?? throw new InvalidOperationException($"'{spec.Name}' has no known size {a}."))];
        var tensor = empty(sizes, spec.Shape.Type == ElementType.Int ? ScalarType.Int64 : ScalarType.Float32);
        Initializers.Fill(tensor, spec);
        if (spec.Name.Split('.') is [var list, _])
        {
            // One of a list.
            if (!_lists.TryGetValue(list, out var tensors)) _owner.register_module(list, tensors = _lists[list] = new TensorList());
            tensors.Add(spec.Role == TensorRole.Parameter ? nn.Parameter(tensor) : tensor);
        }
        else if (spec.Role == TensorRole.Parameter) _owner.register_parameter(spec.Name, nn.Parameter(tensor));
        else _owner.register_buffer(spec.Name, tensor);
    }

    private Tensor Compute(TensorSpec spec)
    {
        using (no_grad()) return GraphRunner.Run(spec.Constant!, [], this)[0];
    }
}
