namespace TorchSharp;

public static partial class torch
{
    /// <summary>The CPU.</summary>
    public static readonly Device CPU = new(DeviceType.CPU);

    /// <summary>The device of tensors that have a shape and no data.</summary>
    public static readonly Device META = new(DeviceType.META);

    public static Device device(DeviceType deviceType, int index = -1) => new(deviceType, index);
    public static Device device(string deviceType, int index = -1) => new(deviceType, index);
    public static Device device(string description) => new(description);
    public static Device device(int index) => new(index);

    /// <summary>A device and its number (-1: the current one).</summary>
    public class Device
    {
        public Device(DeviceType deviceType, int index = -1)
        {
            type = deviceType;
            this.index = index;
        }

        public Device(string deviceType, int index = -1) : this(Parse(deviceType, deviceType), index)
        {
        }

        public Device(int index) : this(DeviceType.CUDA, index)
        {
        }

        /// <summary>Reads "cpu", "cuda", "cuda:1".</summary>
        public Device(string description)
        {
            ArgumentNullException.ThrowIfNull(description);
            var colon = description.IndexOf(':', StringComparison.Ordinal);
            type = Parse(colon < 0 ? description : description[..colon], description);
            index = -1;
            if (colon >= 0)
            {
                index = int.TryParse(description.AsSpan(colon + 1), out var number) && number >= 0
                    ? number
                    : throw new ArgumentException($"'{description}' names no device: after the colon stands a number, as in 'cuda:0'", nameof(description));
            }
        }

        public DeviceType type { get; }

        public int index { get; }

        public static implicit operator Device(string description) => new(description);

        public override string ToString()
        {
#pragma warning disable CA1308 // device names are written in lower case
            var name = type.ToString().ToLowerInvariant();
#pragma warning restore CA1308
            return index < 0 ? name : $"{name}:{index}";
        }

        private static DeviceType Parse(string name, string description) =>
            Enum.TryParse<DeviceType>(name, true, out var parsed) && Enum.IsDefined(parsed) && !char.IsDigit(name[0])
                ? parsed
                : throw new ArgumentException($"'{description}' names no device: expected one of cpu, cuda, meta", nameof(description));
    }
}
