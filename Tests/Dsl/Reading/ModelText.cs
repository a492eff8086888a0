using System.Collections;
using System.Text;
using Notochord.Dsl.Text;

namespace Notochord.Tests.Dsl.Reading;

/// <summary>A model as text, without places: what two ways of saying the same have in common.</summary>
internal static class ModelText
{
    public static string Of(object model)
    {
        var text = new StringBuilder();
        Write(model, "", 0, text);
        return text.ToString();
    }

    private static void Write(object? node, string name, int depth, StringBuilder text)
    {
        if (node is null or SourceSpan) return;
        text.Append(' ', 2 * depth).Append(name).Append(' ');
        if (node is string || node.GetType().IsPrimitive || node.GetType().IsEnum)
        {
            text.Append(node).Append('\n');
        }
        else if (node is IEnumerable items)
        {
            text.Append('\n');
            foreach (var item in items) Write(item, "-", depth + 1, text);
        }
        else
        {
            text.Append(node.GetType().Name).Append('\n');
            foreach (var property in node.GetType().GetProperties().Where(p => p.GetIndexParameters().Length == 0)) Write(property.GetValue(node), property.Name, depth + 1, text);
        }
    }
}
