using System.Collections;
using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    /// <summary>Modules by number.</summary>
    public class ModuleList<T> : nn.Module, IList<T> where T : nn.Module
    {
        private readonly List<T> _items = [];

        public ModuleList(params T[] modules) : base(nameof(ModuleList<T>)) => extend(modules);

        public int Count => _items.Count;

        public bool IsReadOnly => false;

        public T this[int index]
        {
            get => _items[index];
            set
            {
                _items[index] = value;
                register_module(index.ToString(), value);
            }
        }

        public void append(params T[] parameters) => extend(parameters);

        public void extend(IEnumerable<T> modules)
        {
            ArgumentNullException.ThrowIfNull(modules);
            foreach (var module in modules) Add(module);
        }

        public void Add(T item)
        {
            register_module(_items.Count.ToString(), item);
            _items.Add(item);
        }

        public void Insert(int index, T item)
        {
            _items.Insert(index, item);
            Renumber();
        }

        public bool Remove(T item)
        {
            var removed = _items.Remove(item);
            if (removed) Renumber();
            return removed;
        }

        public void RemoveAt(int index)
        {
            _items.RemoveAt(index);
            Renumber();
        }

        public void Clear()
        {
            _items.Clear();
            ClearModules();
        }

        public bool Contains(T item) => _items.Contains(item);

        public int IndexOf(T item) => _items.IndexOf(item);

        public void CopyTo(T[] array, int arrayIndex) => _items.CopyTo(array, arrayIndex);

        public IEnumerator<T> GetEnumerator() => _items.GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        private void Renumber()
        {
            ClearModules();
            for (var i = 0; i < _items.Count; i++) register_module(i.ToString(), _items[i]);
        }
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.ModuleList<Module> ModuleList(params Module[] modules) => new(modules);

            public static Modules.ModuleList<T> ModuleList<T>(params T[] modules) where T : Module => new(modules);
        }
    }
}
