using System.Globalization;
using Notochord.Dsl.Model;
using Notochord.Dsl.Shapes;
using Notochord.Dsl.Text;

namespace Notochord.Dsl.Ir;

/// <summary>A static value: of a parameter, a definition, an argument.</summary>
public abstract record Value
{
    /// <summary>Its type, for messages.</summary>
    public abstract string TypeName { get; }
}

/// <summary>An integer. In a graph it may depend on the sizes of the input.</summary>
public sealed record IntValue(Dim Dim) : Value
{
    /// <inheritdoc/>
    public override string TypeName => "int";

    /// <inheritdoc/>
    public override string ToString() => Dim.Value?.ToString(CultureInfo.InvariantCulture) ?? Dim.ToString();
}

/// <summary>A double.</summary>
public sealed record DoubleValue(double Number) : Value
{
    /// <inheritdoc/>
    public override string TypeName => "double";

    /// <inheritdoc/>
    public override string ToString() => Number.ToString("R", CultureInfo.InvariantCulture);
}

/// <summary>A boolean.</summary>
public sealed record BoolValue(bool Flag) : Value
{
    /// <inheritdoc/>
    public override string TypeName => "bool";

    /// <inheritdoc/>
    public override string ToString() => Flag ? "true" : "false";
}

/// <summary>A string.</summary>
public sealed record StringValue(string Text) : Value
{
    /// <inheritdoc/>
    public override string TypeName => "string";

    /// <inheritdoc/>
    public override string ToString() => $"\"{Text}\"";
}

/// <summary>A list.</summary>
public sealed record ListValue(EquatableArray<Value> Items) : Value
{
    /// <inheritdoc/>
    public override string TypeName => Items.Count == 0 ? "list" : Items[0].TypeName + "[]";

    /// <inheritdoc/>
    public override string ToString() => $"[{string.Join(", ", Items)}]";
}

/// <summary>A block with some arguments: what a <c>block</c> parameter holds.</summary>
/// <param name="Block">The block.</param>
/// <param name="Bound">Arguments given so far, by parameter name.</param>
public sealed record BlockValue(Block Block, EquatableArray<(string Name, Value Value)> Bound) : Value
{
    /// <inheritdoc/>
    public override string TypeName => "block";

    /// <inheritdoc/>
    public override string ToString() => Bound.Count == 0 ? Block.Name : $"{Block.Name}({string.Join(", ", Bound.Select(b => $"{b.Name}={b.Value}"))})";
}

/// <summary>Nothing: <c>none</c>.</summary>
public sealed record NoneValue : Value
{
    /// <inheritdoc/>
    public override string TypeName => "none";

    /// <inheritdoc/>
    public override string ToString() => "none";
}
