using Notochord.Dsl.Ir;
using Notochord.Dsl.Model;

namespace Notochord.Cli.Models;

/// <summary>The parameter that plans a model for a size of image.</summary>
internal static class ImageSize
{
    public const string Param = "img_size";

    /// <summary>Its value for a size: one number where the architecture has one for both.</summary>
    public static Value Of(Architecture architecture, (long Height, long Width) size) =>
        architecture.Body.Params.FirstOrDefault(param => param.Name == Param)?.Type == ParamType.Int
            ? new IntValue(size.Height)
            : new ListValue([new IntValue(size.Height), new IntValue(size.Width)]);
}
