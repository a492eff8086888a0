using System.Reflection;
using static TorchSharp.torch;

namespace Notochord.Tests.Torch;

/// <summary>
/// What is public here exists in TorchSharp 0.99.6 and in 0.107.0, so that code compiled against this compiles against them. A form
/// here may have fewer trailing parameters than theirs, if the rest is optional there, and may require what is optional there. Where
/// the two versions name a parameter differently, code passes it by position; where they agree, the name here is theirs.
/// </summary>
public class ConformanceTests
{
    private static readonly ApiList[] s_lists = [new("0.99.6"), new("0.107.0")];

    private const string Functions = "functions with a backward of their own came after 0.99; the runtime recomputes only where they are (Compatibility/RecomputedFunction)";

    /// <summary>What is not in both, and why the runtime has it all the same.</summary>
    private static readonly Dictionary<string, string> s_exceptions = new()
    {
        ["0.99.6 torch.Tensor.grad"] = "a method there, a property in 0.107: the one difference that callers must shim",
        ["0.99.6 torch.nn.Module.register_buffer"] = "persistent came after 0.99; a buffer that is not state needs it",
        ["0.99.6 torch.autograd.AutogradContext.MaterializeGrads"] = Functions,
        ["0.99.6 torch.autograd.AutogradContext.set_materialize_grads"] = Functions,
        ["0.99.6 torch.autograd.AutogradContext.save_for_backward"] = Functions,
        ["0.99.6 torch.autograd.AutogradContext.mark_non_differentiable"] = Functions,
        ["0.99.6 torch.autograd.AutogradContext.save_data"] = Functions,
        ["0.99.6 torch.autograd.AutogradContext.get_data"] = Functions,
        ["0.99.6 torch.autograd.AutogradContext.get_saved_variables"] = Functions,
        ["0.99.6 torch.autograd.AutogradContext.Dispose"] = Functions,
    };

    public static TheoryData<string> PublicTypes() => [.. typeof(Tensor).Assembly.GetExportedTypes().Select(t => t.FullName!).Order()];

    [Theory]
    [MemberData(nameof(PublicTypes))]
    public void Every_public_member_is_in_both_versions(string fullName)
    {
        var type = typeof(Tensor).Assembly.GetType(fullName)!;
        var missing = new List<string>();
        foreach (var list in s_lists)
        {
            foreach (var (member, name) in Described(type))
            {
                var place = $"{list.Version} {NameOf(type)}.{name}";
                if (s_exceptions.ContainsKey(place)) continue;
                if (!Homes(type, list).All(home => list.Members(home).Any(theirs => Matches(member, theirs, list))))
                    missing.Add($"{place}: {Text(member)}");
            }
        }
        Assert.True(missing.Count == 0, string.Join("\n", missing));
    }

    [Fact]
    public void Enumerations_have_values_of_both_versions()
    {
        foreach (var type in typeof(Tensor).Assembly.GetExportedTypes().Where(t => t.IsEnum))
        {
            foreach (var list in s_lists)
            {
                if (list.Has(NameOf(type))) Assert.Empty(Enum.GetNames(type).Except(list.Values(NameOf(type))));
            }
        }
    }

    [Fact]
    public void No_exception_is_listed_that_is_none()
    {
        var used = new HashSet<string>();
        foreach (var type in typeof(Tensor).Assembly.GetExportedTypes())
        {
            foreach (var list in s_lists)
            {
                foreach (var (member, name) in Described(type))
                {
                    if (!Homes(type, list).All(home => list.Members(home).Any(theirs => Matches(member, theirs, list)))) used.Add($"{list.Version} {NameOf(type)}.{name}");
                }
            }
        }
        Assert.Empty(s_exceptions.Keys.Except(used));
    }

    /// <summary>Where both versions give a parameter one name, ours has it too: callers may use it.</summary>
    [Theory]
    [MemberData(nameof(PublicTypes))]
    public void Parameters_have_the_names_that_both_versions_agree_on(string fullName)
    {
        var type = typeof(Tensor).Assembly.GetType(fullName)!;
        var wrong = new List<string>();
        foreach (var (member, name) in Described(type))
        {
            for (var i = 0; i < member.Parameters.Count; i++)
            {
                var names = s_lists.Select(list => Homes(type, list).SelectMany(list.Members).Where(theirs => Matches(member, theirs, list)).Select(m => m.Parameters[i].Name).ToHashSet()).ToArray();
                var agreed = names[0].Intersect(names[1]).ToHashSet();
                if (agreed.Count > 0 && !agreed.Contains(member.Parameters[i].Name))
                    wrong.Add($"{NameOf(type)}.{name}: parameter {i} is '{member.Parameters[i].Name}', in both versions '{string.Join("' or '", agreed)}'");
            }
        }
        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
    }

    /// <summary>The types of the list that must have a type's members: itself, or for a base class of our own its leaves.</summary>
    private static IEnumerable<string> Homes(Type type, ApiList list) =>
        list.Has(NameOf(type)) || !type.IsAbstract || type.IsSealed
            ? [NameOf(type)]
            : type.Assembly.GetExportedTypes().Where(t => t.IsSubclassOf(type)).Select(NameOf);

    private static bool Matches(ApiMember ours, ApiMember theirs, ApiList list)
    {
        if (ours.Kind != theirs.Kind || ours.Name != theirs.Name || ours.Result != theirs.Result) return false;
        if (ours.Parameters.Count > theirs.Parameters.Count) return false;
        for (var i = 0; i < theirs.Parameters.Count; i++)
        {
            var t = theirs.Parameters[i];
            if (i >= ours.Parameters.Count)
            {
                if (!t.Optional) return false;
                continue;
            }
            var o = ours.Parameters[i];
            if (o.Type != t.Type) return false;
            if (o.Default is not null && (t.Default is null || !SameDefault(o.Default, t.Default))) return false;
            if (o.Params && !t.Params) return false;
        }
        return true;
    }

    private static bool SameDefault(string ours, string theirs) =>
        ours == theirs.Trim('"') || (double.TryParse(ours, out var a) && double.TryParse(theirs, out var b) && a == b) || theirs.EndsWith("." + ours, StringComparison.Ordinal)
        || (ours == "default" && theirs is "null" or "default");

    private static IEnumerable<(ApiMember Member, string Name)> Described(Type type)
    {
        const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        if (type.IsEnum) yield break;
        foreach (var field in type.GetFields(Declared).Where(f => f.IsPublic || f.IsFamily))
            yield return (new ApiMember("field", Name(field.FieldType), field.Name, []), field.Name);
        foreach (var property in type.GetProperties(Declared).Where(p => Seen(p.GetMethod)))
            yield return (new ApiMember("prop", Name(property.PropertyType), property.Name, Parameters(property.GetIndexParameters())), property.Name);
        foreach (var constructor in type.GetConstructors(Declared).Where(c => Seen(c) && !c.IsStatic))
            if (!type.IsValueType || constructor.GetParameters().Length > 0) yield return (new ApiMember("ctor", "", "ctor", Parameters(constructor.GetParameters())), "ctor");
        foreach (var method in type.GetMethods(Declared).Where(m => Seen(m) && (!m.IsSpecialName || m.Name.StartsWith("op_", StringComparison.Ordinal)) && m.Name != "Finalize"))
            yield return (new ApiMember("method", Name(method.ReturnType), method.Name, Parameters(method.GetParameters())), method.Name);
    }

    private static bool Seen(MethodBase? method) => method is not null && (method.IsPublic || method.IsFamily);

    private static List<ApiParameter> Parameters(ParameterInfo[] parameters) => [.. parameters.Select(p => new ApiParameter(
        Name(p.ParameterType), p.Name!, p.HasDefaultValue ? Default(p) : null, p.GetCustomAttribute<ParamArrayAttribute>() is not null))];

    private static string Default(ParameterInfo p) => p.DefaultValue switch
    {
        null => p.ParameterType.IsValueType && Nullable.GetUnderlyingType(p.ParameterType) is null ? "default" : "null",
        bool b => b ? "true" : "false",
        Enum e => e.ToString(),
        var v when p.ParameterType.IsEnum => Enum.ToObject(p.ParameterType, v).ToString()!,
        IFormattable f => f.ToString(null, System.Globalization.CultureInfo.InvariantCulture),
        var v => v.ToString()!,
    };

    private static readonly Dictionary<Type, string> s_keywords = new()
    {
        [typeof(void)] = "void",
        [typeof(bool)] = "bool",
        [typeof(byte)] = "byte",
        [typeof(sbyte)] = "sbyte",
        [typeof(short)] = "short",
        [typeof(int)] = "int",
        [typeof(long)] = "long",
        [typeof(float)] = "float",
        [typeof(double)] = "double",
        [typeof(string)] = "string",
        [typeof(object)] = "object",
    };

    private static string Text(ApiMember m) => $"{m.Result} {m.Name}({string.Join(", ", m.Parameters.Select(p => $"{p.Type} {p.Name}" + (p.Default is null ? "" : " = " + p.Default)))})";

    /// <summary>The name that a list heads a type's members with.</summary>
    private static string NameOf(Type type) => type.FullName!["TorchSharp.".Length..].Replace('+', '.');

    /// <summary>The name that a list gives a type in a signature.</summary>
    private static string Name(Type type)
    {
        if (s_keywords.TryGetValue(type, out var keyword)) return keyword;
        if (type.IsArray) return Name(type.GetElementType()!) + "[" + new string(',', type.GetArrayRank() - 1) + "]";
        if (Nullable.GetUnderlyingType(type) is { } inner) return Name(inner) + "?";
        if (type.IsByRef) return Name(type.GetElementType()!);
        if (type.IsGenericParameter) return type.Name;
        var plain = type.Name.Split('`')[0];
        for (var outer = type.DeclaringType; outer is not null && outer.Name != "torch"; outer = outer.DeclaringType) plain = outer.Name + "." + plain;
        if (!type.IsGenericType) return plain;
        var arguments = string.Join(", ", type.GetGenericArguments().Select(Name));
        return type.Name.StartsWith("ValueTuple`", StringComparison.Ordinal) ? $"({arguments})" : $"{plain}<{arguments}>";
    }
}
