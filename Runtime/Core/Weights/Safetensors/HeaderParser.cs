using System.Collections.Immutable;
using System.Text.Json;

namespace Notochord.Weights.Safetensors;

/// <summary>Reads the JSON of a safetensors header, token by token, so that each complaint has a byte position.</summary>
internal ref struct HeaderParser
{
    private readonly string path;
    private readonly ImmutableArray<HeaderTensor>.Builder tensors = ImmutableArray.CreateBuilder<HeaderTensor>();
    private readonly ImmutableSortedDictionary<string, string>.Builder metadata = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
    private readonly HashSet<string> names = new(StringComparer.Ordinal);
    private Utf8JsonReader json;

    private HeaderParser(string path, ReadOnlySpan<byte> bytes)
    {
        this.path = path;
        json = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = 4 });
    }

    public static (ImmutableArray<HeaderTensor> Tensors, ImmutableSortedDictionary<string, string> Metadata) Parse(string path, ReadOnlySpan<byte> bytes)
    {
        var parser = new HeaderParser(path, bytes);
        try
        {
            parser.Header();
        }
        catch (JsonException problem)
        {
            throw parser.Error($"the header is not JSON: {problem.Message}", problem);
        }
        catch (InvalidOperationException problem)
        {
            // A string that is not UTF-8, or half of a surrogate pair.
            throw parser.Error($"the header's text is not valid: {problem.Message}", problem);
        }

        return (parser.tensors.ToImmutable(), parser.metadata.ToImmutable());
    }

    private void Header()
    {
        json.Read();
        Expect(JsonTokenType.StartObject, "an object of tensors");
        while (NextProperty() is { } name)
        {
            if (!names.Add(name))
            {
                throw Error($"'{name}' is there twice.");
            }

            json.Read();
            if (name == SafetensorsHeader.MetadataKey)
            {
                Metadata();
            }
            else
            {
                tensors.Add(Tensor(name));
            }
        }

        // Only spaces may follow: they pad the data to a multiple of 8.
        json.Read();
    }

    private void Metadata()
    {
        Expect(JsonTokenType.StartObject, "metadata as an object of strings");
        while (NextProperty() is { } key)
        {
            json.Read();
            Expect(JsonTokenType.String, $"a string as metadata '{key}'");
            if (!metadata.TryAdd(key, json.GetString()!))
            {
                throw Error($"metadata '{key}' is there twice.");
            }
        }
    }

    private HeaderTensor Tensor(string name)
    {
        Expect(JsonTokenType.StartObject, $"an object that describes '{name}'");
        WeightType? type = null;
        ImmutableArray<long>? shape = null;
        ImmutableArray<long>? offsets = null;
        while (NextProperty() is { } key)
        {
            json.Read();
            switch (key)
            {
                case "dtype" when type is null:
                    type = Type(name);
                    break;
                case "shape" when shape is null:
                    shape = Numbers(name, "shape", WeightShape.MostAxes);
                    break;
                case "data_offsets" when offsets is null:
                    offsets = Numbers(name, "data_offsets", 2);
                    break;
                default:
                    throw Error($"'{name}': '{key}' is unknown or there twice; a tensor has dtype, shape and data_offsets.");
            }
        }

        if (type is null || shape is null || offsets is null)
        {
            var missing = type is null ? "dtype" : shape is null ? "shape" : "data_offsets";
            throw Error($"'{name}' has no {missing}.");
        }

        return Checked(name, type.Value, shape.Value, offsets.Value);
    }

    private readonly HeaderTensor Checked(string name, WeightType type, ImmutableArray<long> shape, ImmutableArray<long> offsets)
    {
        if (offsets.Length != 2 || offsets[0] > offsets[1])
        {
            throw Error($"'{name}': data_offsets {WeightShape.Text(offsets)} are not [begin, end].");
        }

        var (begin, end) = (offsets[0], offsets[1]);
        var bytes = WeightShape.Bytes(type, shape.AsSpan());
        if (bytes != end - begin)
        {
            var needed = bytes is null ? "more bytes than can be counted" : $"{bytes} bytes";
            throw Error($"'{name}': {type.SafetensorsName()} {WeightShape.Text(shape)} needs {needed}, and data_offsets {WeightShape.Text(offsets)} give {end - begin}.");
        }

        return new HeaderTensor(name, type, shape, begin, end);
    }

    private WeightType Type(string name)
    {
        Expect(JsonTokenType.String, $"the dtype of '{name}' as a string");
        var text = json.GetString()!;
        return WeightTypes.TryParseSafetensors(text, out var type)
            ? type
            : throw Error($"'{name}': the dtype '{text}' is unknown; known are {WeightTypes.SafetensorsNames}.");
    }

    private ImmutableArray<long> Numbers(string name, string what, int most)
    {
        Expect(JsonTokenType.StartArray, $"{what} of '{name}' as a list of numbers");
        var numbers = ImmutableArray.CreateBuilder<long>();
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (json.TokenType != JsonTokenType.Number || !json.TryGetInt64(out var number) || number < 0)
            {
                throw Error($"'{name}': {what} holds something that is not a whole number from 0 to {long.MaxValue}.");
            }

            if (numbers.Count == most)
            {
                throw Error($"'{name}': {what} has more than {most} numbers.");
            }

            numbers.Add(number);
        }

        return numbers.ToImmutable();
    }

    private string? NextProperty()
    {
        json.Read();
        return json.TokenType == JsonTokenType.PropertyName ? json.GetString() : null;
    }

    private readonly void Expect(JsonTokenType type, string what)
    {
        if (json.TokenType != type)
        {
            throw Error($"expected {what}, found {json.TokenType}.");
        }
    }

    private readonly WeightFileException Error(string problem, Exception? inner = null) =>
        new(path, $"header, byte {SafetensorsHeader.LengthBytes + json.TokenStartIndex}", problem, inner);
}
