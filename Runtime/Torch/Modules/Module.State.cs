namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public partial class Module
        {
            /// <summary>Parameters and persistent buffers by path, module after module.</summary>
            public virtual Dictionary<string, Tensor> state_dict(Dictionary<string, Tensor>? destination = null, string? prefix = null)
            {
                destination ??= [];
                var root = string.IsNullOrEmpty(prefix) ? "" : prefix + ".";
                foreach (var (path, module) in Scopes(true))
                {
                    foreach (var (name, value) in module.PersistentState()) destination.TryAdd(root + path + name, value);
                }
                return destination;
            }

            /// <summary>
            /// Copies values of the same names into this module. Returns the names that were missing in the source and those that
            /// the module does not have; in strict mode either is an error.
            /// </summary>
            public virtual (IList<string> missing_keys, IList<string> unexpected_keyes) load_state_dict(Dictionary<string, Tensor> source, bool strict = true, IList<string>? skip = null)
            {
                ArgumentNullException.ThrowIfNull(source);
                var mine = state_dict();
                var skipped = new HashSet<string>(skip ?? []);
                var missing = mine.Keys.Where(k => !source.ContainsKey(k) && !skipped.Contains(k)).ToList();
                var unexpected = source.Keys.Where(k => !mine.ContainsKey(k) && !skipped.Contains(k)).ToList();
                if (strict && missing.Count + unexpected.Count > 0)
                    throw new InvalidOperationException($"The loaded state_dict is not identical to the target dictionary. Missing: {Listing(missing)}. Unexpected: {Listing(unexpected)}.");
                using var off = no_grad();
                foreach (var (name, value) in source)
                {
                    if (skipped.Contains(name) || !mine.TryGetValue(name, out var target)) continue;
                    if (!target.shape.AsSpan().SequenceEqual(value.shape))
                        throw new ArgumentException($"'{name}' has shape [{string.Join(", ", target.shape)}]; the source's is [{string.Join(", ", value.shape)}].", nameof(source));
                    target.copy_(value);
                }
                return (missing, unexpected);
            }

            internal void MoveTo(ScalarType? dtype, Device? device)
            {
                foreach (var (_, module) in Scopes(true)) module.MoveOwn(dtype, device);
            }

            /// <summary>
            /// Changes the element type (of real numbers) and the device. Objects stay what they are: fields that hold a parameter
            /// or a buffer see the new values.
            /// </summary>
            private void MoveOwn(ScalarType? dtype, Device? device)
            {
                using var off = no_grad();
                foreach (var parameter in _ownParameters.Values)
                {
                    if (parameter is null) continue;
                    var needed = parameter.requires_grad;
                    using var gradient = parameter.grad;
                    if (!Move(parameter, dtype, device)) continue;
                    parameter.requires_grad = needed;
                    if (gradient is null) continue;
                    Move(gradient, dtype, device);
                    parameter.grad = gradient;
                }
                foreach (var (buffer, _) in _ownBuffers.Values)
                {
                    if (buffer is not null) Move(buffer, dtype, device);
                }
            }

            private static bool Move(Tensor held, ScalarType? dtype, Device? device)
            {
                var wanted = dtype is { } d && (held.is_floating_point() || held.is_complex()) ? d : held.dtype;
                var place = device ?? held.device;
                if (wanted == held.dtype && place.type == held.device_type && (place.index < 0 || place.index == held.device_index)) return false;
                using var moved = held.to(wanted, place);
                held.TakeOver(moved.detach());
                return true;
            }

            private static string Listing(List<string> names) =>
                names.Count == 0 ? "none" : string.Join(", ", names.Take(10)) + (names.Count > 10 ? $" and {names.Count - 10} more" : "");
        }
    }
}

/// <summary>Moving modules, with their own type as the result.</summary>
public static class ModuleExtensionMethods
{
    public static T to<T>(this T module, torch.ScalarType type) where T : torch.nn.Module => Moved(module, type, null);

    public static T to<T>(this T module, torch.Device device) where T : torch.nn.Module => Moved(module, null, device);

    public static T to<T>(this T module, torch.Device device, torch.ScalarType type) where T : torch.nn.Module => Moved(module, type, device);

    public static T to<T>(this T module, DeviceType deviceType, int deviceIndex = -1) where T : torch.nn.Module =>
        Moved(module, null, new torch.Device(deviceType, deviceIndex));

    public static T to<T>(this T module, string device) where T : torch.nn.Module => Moved(module, null, new torch.Device(device));

    public static T to<T>(this T module, torch.Tensor other) where T : torch.nn.Module => Moved(module, other.dtype, other.device);

    public static T cpu<T>(this T module) where T : torch.nn.Module => Moved(module, null, torch.CPU);

    public static T cuda<T>(this T module, int deviceIndex = -1) where T : torch.nn.Module =>
        Moved(module, null, new torch.Device(DeviceType.CUDA, deviceIndex));

    private static T Moved<T>(T module, torch.ScalarType? dtype, torch.Device? device) where T : torch.nn.Module
    {
        module.MoveTo(dtype, device);
        return module;
    }
}
