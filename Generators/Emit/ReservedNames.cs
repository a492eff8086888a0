namespace Notochord.Generators.Emit;

/// <summary>Identifiers that a generated member must not hide.</summary>
internal static class ReservedNames
{
    /// <summary>Types that generated code names.</summary>
    public static IReadOnlyList<string> Types { get; } =
    [
        "torch", "Tensor", "Module", "Parameter", "Op", "Init", "Guard", "Arithmetic", "Identity", "Chain", "Blocks", "TransientBuffers", "Array", "Func", "Math", "F", "ScalarType", "CultureInfo", "Backbone",
        "Recomputation", "Inverse", "IRecomputable",
    ];

    /// <summary>Members of <c>torch.nn.Module</c> that a field of the same name would hide.</summary>
    public static IReadOnlyList<string> Module { get; } =
    [
        "forward", "call", "name", "training", "train", "eval", "to", "_to", "cpu", "cuda", "type", "apply", "children", "named_children", "modules",
        "named_modules", "parameters", "named_parameters", "buffers", "named_buffers", "register_module", "register_parameter", "register_buffer",
        "add_module", "state_dict", "load_state_dict", "load", "save", "zero_grad", "requires_grad_", "get_parameter", "get_buffer", "has_parameter",
        "has_buffer", "half", "@float", "@double", "bfloat16", "GetName", "Dispose", "Equals", "GetHashCode", "GetType", "ToString", "Finalize",
        "MemberwiseClone", "RegisterComponents", "ClearModules", "register_forward_hook", "register_forward_pre_hook", "Save", "Load", "Create", "Run",
        "Recompute", "Compute", "Recover",
    ];

    /// <summary>Members of <c>Backbone</c> as well.</summary>
    public static IReadOnlyList<string> Backbone { get; } =
        [.. Module, "Info", "Forward", "ForwardFeatures", "ResetClassifier", "ParameterCount", "forward_features", "features", "options", "variant", "levels", "info", "Channels", "Reductions", "Levels", "Level", "IsTrunk", "Whole", "Prune", "Used", "KeepFeatures"];
}
