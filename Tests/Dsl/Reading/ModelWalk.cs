using System.Collections;

namespace Notochord.Tests.Dsl.Reading;

/// <summary>Visits every object of a model, by its properties.</summary>
internal static class ModelWalk
{
    public static void Visit(object? node, Action<object> visit)
    {
        if (node is null or string || node.GetType().IsPrimitive || node.GetType().IsEnum) return;
        visit(node);
        if (node is IEnumerable items)
        {
            foreach (var item in items) Visit(item, visit);
            return;
        }

        foreach (var property in node.GetType().GetProperties().Where(p => p.GetIndexParameters().Length == 0 && p.Name is not "Short" and not "FileName"))
        {
            if (!property.GetGetMethod()!.IsStatic) Visit(property.GetValue(node), visit);
        }
    }
}
