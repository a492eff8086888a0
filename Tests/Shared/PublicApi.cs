using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;

namespace Notochord.Tests;

/// <summary>Prints what an assembly promises: public types and their public and protected members, in a stable order.</summary>
internal static class PublicApi
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly NullabilityInfoContext Nulls = new();

    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(void)] = "void",
        [typeof(bool)] = "bool",
        [typeof(byte)] = "byte",
        [typeof(int)] = "int",
        [typeof(long)] = "long",
        [typeof(float)] = "float",
        [typeof(double)] = "double",
        [typeof(string)] = "string",
        [typeof(object)] = "object",
    };

    public static string Print(Assembly assembly)
    {
        var text = new StringBuilder();
        foreach (var type in assembly.GetExportedTypes().OrderBy(type => type.FullName, StringComparer.Ordinal))
        {
            text.Append(Header(type)).Append('\n');
            foreach (var line in Members(type))
            {
                text.Append("    ").Append(line).Append('\n');
            }

            text.Append('\n');
        }

        return text.ToString();
    }

    private static string Header(Type type)
    {
        var kind = type.IsEnum ? "enum" : type.IsInterface ? "interface" : type.IsValueType ? "struct" : type.BaseType == typeof(MulticastDelegate) ? "delegate" : "class";
        var modifier = type is { IsAbstract: true, IsSealed: true } ? "static " : type.IsAbstract && !type.IsInterface ? "abstract " : type.IsSealed && kind == "class" ? "sealed " : "";
        IEnumerable<Type> bases = type.BaseType is { } parent && parent != typeof(object) && kind == "class" ? [parent] : [];
        var inherited = string.Join(", ", bases.Select(Name).Concat(kind == "class" ? type.GetInterfaces().Except(type.BaseType?.GetInterfaces() ?? []).Select(Name).Order(StringComparer.Ordinal) : []));
        return $"{modifier}{kind} {type.Namespace}.{Name(type)}{(inherited.Length > 0 ? " : " + inherited : "")}";
    }

    private static IEnumerable<string> Members(Type type)
    {
        if (type.IsEnum)
        {
            return Enum.GetNames(type).Select((name, i) => $"{Convert.ToInt64(Enum.GetValues(type).GetValue(i))} {name}");
        }

        var methods = type.GetMethods(Declared).Where(method => Visible(method) && !method.IsSpecialName && !Synthetic(method)).Select(Method);
        var constructors = type.GetConstructors(Declared).Where(Visible).Select(constructor => $"{Access(constructor)}{Short(type)}({Parameters(constructor)})");
        var fields = type.GetFields(Declared).Where(field => field.IsPublic || field.IsFamily).Select(field => $"{(field.IsStatic ? "static " : "")}{Name(field.FieldType)} {field.Name}");
        var properties = type.GetProperties(Declared).Where(property => property.GetAccessors(nonPublic: true).Any(Visible) && property.Name != "EqualityContract").Select(Property);
        return new[] { constructors, fields, properties, methods }.SelectMany(group => group.Order(StringComparer.Ordinal));
    }

    private static string Method(MethodInfo method)
    {
        var generic = method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(Name))}>" : "";
        return $"{Access(method)}{Modifier(method)}{Name(method.ReturnType)}{Mark(Nulls.Create(method.ReturnParameter).ReadState, method.ReturnType)} {method.Name}{generic}({Parameters(method)})";
    }

    private static string Property(PropertyInfo property)
    {
        var get = property.GetMethod is { } getter && Visible(getter) ? "get; " : "";
        var set = property.SetMethod is { } setter && Visible(setter)
            ? setter.ReturnParameter.GetRequiredCustomModifiers().Any(modifier => modifier.Name == "IsExternalInit") ? "init; " : "set; "
            : "";
        var index = property.GetIndexParameters();
        var name = index.Length > 0 ? $"this[{string.Join(", ", index.Select(Parameter))}]" : property.Name;
        var accessor = property.GetAccessors(nonPublic: true).First(Visible);
        return $"{Access(accessor)}{Modifier(accessor)}{Name(property.PropertyType)}{Mark(Nulls.Create(property).ReadState, property.PropertyType)} {name} {{ {get}{set}}}";
    }

    /// <summary>What the compiler adds to records: equality, deconstruction and copies, the same for each.</summary>
    private static bool Synthetic(MethodInfo method) =>
        method.IsDefined(typeof(CompilerGeneratedAttribute)) || (method.Name == "PrintMembers" && method.IsFamily);

    private static bool Visible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static string Access(MethodBase method) => method.IsPublic ? "" : "protected ";

    private static string Modifier(MethodInfo method) =>
        method.IsStatic ? "static "
        : method.DeclaringType!.IsInterface ? ""
        : method.IsAbstract ? "abstract "
        : method.GetBaseDefinition() != method ? "override "
        : method is { IsVirtual: true, IsFinal: false } ? "virtual "
        : "";

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(Parameter));

    private static string Parameter(ParameterInfo parameter)
    {
        var extension = parameter is { Position: 0, Member: MethodInfo method } && method.IsDefined(typeof(ExtensionAttribute)) ? "this " : "";
        var many = parameter.IsDefined(typeof(ParamArrayAttribute)) || parameter.IsDefined(typeof(ParamCollectionAttribute)) ? "params " : "";
        var value = parameter.HasDefaultValue ? " = " + Literal(parameter.DefaultValue, parameter.ParameterType) : "";
        return $"{extension}{many}{Name(parameter.ParameterType)}{Null(parameter)} {parameter.Name}{value}";
    }

    private static string Null(ParameterInfo parameter) => parameter.ParameterType.IsByRef ? "" : Mark(Nulls.Create(parameter).WriteState, parameter.ParameterType);

    /// <summary>The mark of a reference that may be null; nullable values have theirs in the name.</summary>
    private static string Mark(NullabilityState state, Type type) =>
        state == NullabilityState.Nullable && !type.IsValueType ? "?" : "";

    private static string Literal(object? value, Type type) => value switch
    {
        null => type.IsValueType && Nullable.GetUnderlyingType(type) is null ? "default" : "null",
        string text => $"\"{text}\"",
        bool flag => flag ? "true" : "false",
        Enum member => $"{Short(type)}.{member}",
        _ => $"{value}",
    };

    private static string Name(Type type)
    {
        if (Keywords.TryGetValue(type, out var keyword))
        {
            return keyword;
        }

        if (type.IsArray)
        {
            return $"{Name(type.GetElementType()!)}[{new string(',', type.GetArrayRank() - 1)}]";
        }

        if (type.IsByRef)
        {
            return $"ref {Name(type.GetElementType()!)}";
        }

        if (Nullable.GetUnderlyingType(type) is { } value)
        {
            return $"{Name(value)}?";
        }

        var outer = type.DeclaringType is { } declaring && !type.IsGenericParameter ? Short(declaring) + "." : "";
        return type.IsGenericType ? $"{outer}{Short(type)}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>" : outer + Short(type);
    }

    private static string Short(Type type) => type.Name.Split('`')[0];
}
