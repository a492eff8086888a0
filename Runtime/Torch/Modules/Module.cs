using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>A thing with parameters, buffers and submodules, kept in the order of their registration.</summary>
        public partial class Module : IDisposable
        {
            private protected readonly Dictionary<string, Parameter?> _ownParameters = [];
            private protected readonly Dictionary<string, (Tensor? Value, bool Persistent)> _ownBuffers = [];
            private protected readonly Dictionary<string, Module> _ownModules = [];
            private readonly List<string> _parameterOrder = [];
            private readonly List<string> _bufferOrder = [];
            private readonly List<string> _moduleOrder = [];

            public string name;

            protected Module(string name) => this.name = name;

            ~Module() => Dispose(false);

            /// <summary>Whether the module is in training mode.</summary>
            public virtual bool training { get; private set; } = true;

            public virtual string GetName() => name;

            public virtual void train(bool train = true)
            {
                training = train;
                foreach (var (_, child) in named_children()) child.train(train);
            }

            public virtual void eval() => train(false);

            public virtual void zero_grad()
            {
                foreach (var parameter in parameters()) parameter.grad = null;
            }

            public virtual Module apply(Action<Module> fn)
            {
                ArgumentNullException.ThrowIfNull(fn);
                foreach (var (_, child) in named_children()) child.apply(fn);
                fn(this);
                return this;
            }

            public virtual void register_parameter(string name, Parameter? param)
            {
                Claim(name, _ownParameters.ContainsKey(name));
                Own(param);
                _ownParameters[name] = param;
                Note(_parameterOrder, name);
            }

            public virtual void register_buffer(string name, Tensor? tensor, bool persistent = true)
            {
                Claim(name, _ownBuffers.ContainsKey(name));
                Own(tensor);
                _ownBuffers[name] = (tensor, persistent);
                Note(_bufferOrder, name);
            }

            public virtual void register_module(string name, Module submodule)
            {
                if (submodule is null)
                {
                    if (_ownModules.Remove(name)) _moduleOrder.Remove(name);
                    return;
                }
                Claim(name, _ownModules.ContainsKey(name));
                _ownModules[name] = submodule;
                Note(_moduleOrder, name);
            }

            public void add_module(string name, Module module) => register_module(name, module);

            /// <summary>
            /// Registers the fields that are modules, parameters or buffers, in TorchSharp by reflection. There is no reflection here
            /// (it does not survive trimming): register each by name, which the real TorchSharp accepts too.
            /// </summary>
            protected virtual void RegisterComponents() =>
                throw new NotSupportedException($"{GetType().Name}: RegisterComponents needs reflection, which this provider does not use. Call register_module, register_parameter and register_buffer instead.");

            /// <summary>Replaces a registered parameter, or forgets it.</summary>
            protected void ConditionallyRegisterParameter(string name, Tensor? value)
            {
                if (value is null)
                {
                    if (_ownParameters.Remove(name)) _parameterOrder.Remove(name);
                    return;
                }
                _ownParameters.Remove(name);
                register_parameter(name, value as Parameter ?? new Parameter(value));
            }

            protected void ConditionallyRegisterBuffer(string name, Tensor? value)
            {
                if (value is null)
                {
                    if (_ownBuffers.Remove(name)) _bufferOrder.Remove(name);
                    return;
                }
                var persistent = !_ownBuffers.Remove(name, out var before) || before.Persistent;
                register_buffer(name, value, persistent);
            }

            protected void ClearModules()
            {
                _ownModules.Clear();
                _moduleOrder.Clear();
            }

            public virtual IEnumerable<(string, Module)> named_children() => [.. _moduleOrder.Select(n => (n, _ownModules[n]))];

            public virtual IEnumerable<Module> children() => named_children().Select(c => c.Item2);

            /// <summary>All modules below this one, each before its own children.</summary>
            public virtual IEnumerable<(string, Module)> named_modules()
            {
                foreach (var (name, child) in named_children())
                {
                    yield return (name, child);
                    foreach (var (inner, module) in child.named_modules()) yield return ($"{name}.{inner}", module);
                }
            }

            public virtual IEnumerable<Module> modules() => named_modules().Select(m => m.Item2);

            /// <summary>The parameters by path, a shared one once.</summary>
            public virtual IEnumerable<(string, Parameter)> named_parameters(bool recurse = true)
            {
                var seen = new HashSet<Parameter>(ReferenceEqualityComparer.Instance);
                foreach (var (path, module) in Scopes(recurse))
                {
                    foreach (var name in module._parameterOrder)
                    {
                        if (module._ownParameters[name] is { } parameter && seen.Add(parameter)) yield return (path + name, parameter);
                    }
                }
            }

            public virtual IEnumerable<Parameter> parameters(bool recurse = true) => named_parameters(recurse).Select(p => p.Item2);

            public virtual IEnumerable<(string, Tensor)> named_buffers(bool recurse = true)
            {
                var seen = new HashSet<Tensor>(ReferenceEqualityComparer.Instance);
                foreach (var (path, module) in Scopes(recurse))
                {
                    foreach (var name in module._bufferOrder)
                    {
                        if (module._ownBuffers[name].Value is { } buffer && seen.Add(buffer)) yield return (path + name, buffer);
                    }
                }
            }

            public virtual IEnumerable<Tensor> buffers(bool recurse = true) => named_buffers(recurse).Select(b => b.Item2);

            public virtual bool has_parameter(string target) => Find(target) is var (owner, name) && owner?._ownParameters.GetValueOrDefault(name) is not null;

            public virtual bool has_buffer(string target) => Find(target) is var (owner, name) && owner?._ownBuffers.GetValueOrDefault(name).Value is not null;

            public virtual Parameter? get_parameter(string target) => Find(target) is var (owner, name) ? owner?._ownParameters.GetValueOrDefault(name) : null;

            public virtual Tensor? get_buffer(string target) => Find(target) is var (owner, name) ? owner?._ownBuffers.GetValueOrDefault(name).Value : null;

            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            protected virtual void Dispose(bool disposing)
            {
                if (!disposing) return;
                foreach (var module in _ownModules.Values) module.Dispose();
                foreach (var parameter in _ownParameters.Values) parameter?.Dispose();
                foreach (var (buffer, _) in _ownBuffers.Values) buffer?.Dispose();
            }

            private protected IEnumerable<(string Path, Module Module)> Scopes(bool recurse)
            {
                yield return ("", this);
                if (!recurse) yield break;
                foreach (var (path, module) in named_modules()) yield return (path + ".", module);
            }

            private protected IEnumerable<(string Name, Tensor Value)> PersistentState()
            {
                foreach (var name in _parameterOrder)
                {
                    if (_ownParameters[name] is { } parameter) yield return (name, parameter);
                }
                foreach (var name in _bufferOrder)
                {
                    if (_ownBuffers[name] is (Tensor buffer, true)) yield return (name, buffer);
                }
            }

            private (Module? Owner, string Name) Find(string target)
            {
                ArgumentNullException.ThrowIfNull(target);
                var owner = this;
                var parts = target.Split('.');
                foreach (var part in parts[..^1])
                {
                    if (!owner._ownModules.TryGetValue(part, out owner!)) return (null, target);
                }
                return (owner, parts[^1]);
            }

            private void Claim(string name, bool again)
            {
                if (string.IsNullOrEmpty(name) || name.Contains('.', StringComparison.Ordinal)) throw new ArgumentException($"'{name}' names no component: it must not be empty nor have a dot.", nameof(name));
                if (!again && (_ownParameters.ContainsKey(name) || _ownBuffers.ContainsKey(name) || _ownModules.ContainsKey(name)))
                    throw new InvalidOperationException($"The name '{name}' is already registered.");
            }

            private static void Note(List<string> order, string name)
            {
                if (!order.Contains(name)) order.Add(name);
            }

            /// <summary>What a module holds lives as long as the module, whatever scope it was made in.</summary>
            private static void Own(Tensor? held) => held?.DetachFromDisposeScope();
        }
    }
}
