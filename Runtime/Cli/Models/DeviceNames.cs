using System.CommandLine;
using System.Globalization;
using TorchSharp;
using static TorchSharp.torch;

namespace Notochord.Cli.Models;

/// <summary>Devices as a person types them: <c>cpu</c>, <c>cuda</c>, <c>cuda:1</c>.</summary>
internal static class DeviceNames
{
    public static Option<string> CreateOption()
    {
        var option = new Option<string>("--device") { Description = "Where to compute: cpu, cuda or cuda:N.", DefaultValueFactory = _ => "cpu" };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is { } text && !TrySplit(text, out _, out _))
                result.AddError($"--device: expected cpu, cuda or cuda:N, found '{text}'");
        });
        return option;
    }

    /// <summary>The device of that name, ready to compute.</summary>
    /// <exception cref="CommandException">It is not there.</exception>
    public static Device Open(string text)
    {
        if (!TrySplit(text, out var type, out var index)) throw new CommandException(ExitCodes.Usage, $"no device is called '{text}'");
        ComputeThreads.Set();
        if (type == DeviceType.CPU) return torch.CPU;
        if (!torch.cuda.is_available())
            throw new CommandException(ExitCodes.BadInput, "--device cuda: this libtorch sees no CUDA device; use one with CUDA (NOTOCHORD_LIBTORCH) on a machine with a GPU");
        if (index >= torch.cuda.device_count())
            throw new CommandException(ExitCodes.BadInput, $"--device {text}: there are {torch.cuda.device_count()} CUDA devices, numbered from 0");
        return new Device(type, index);
    }

    private static bool TrySplit(string text, out DeviceType type, out int index)
    {
        var parts = text.Split(':');
        type = parts[0] == "cuda" ? DeviceType.CUDA : DeviceType.CPU;
        index = 0;
        return parts switch
        {
            ["cpu"] or ["cuda"] => true,
            ["cuda", var number] => int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out index),
            _ => false,
        };
    }
}
