using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Notochord.Dsl.Expressions;
using Notochord.Dsl.Text;

namespace Notochord.Dsl.Attributes;

/// <summary>Takes the attributes of a class from its syntax. What needs the compiler's knowledge is asked of the caller.</summary>
/// <param name="places">The file of the class.</param>
/// <param name="name">The name, without <c>Attribute</c>, of an attribute of the namespace Notochord; null for any other.</param>
/// <param name="constant">The value of a constant expression; null when it is none (the compiler says so itself).</param>
public sealed class AttributedClassReader(LiteralPlaces places, Func<AttributeSyntax, string?> name, Func<ExpressionSyntax, object?> constant)
{
    /// <summary>The class with those attributes.</summary>
    public AttributedClass Read(TypeDeclarationSyntax type)
    {
        var attributes = new List<AttributeText>();
        foreach (var attribute in type.AttributeLists.SelectMany(l => l.Attributes))
        {
            if (name(attribute) is not { } known) continue;
            var arguments = attribute.ArgumentList?.Arguments.Select(Argument) ?? [];
            attributes.Add(new AttributeText(known, arguments.ToEquatableArray(), places.Span(attribute.Name)));
        }

        return new AttributedClass(type.Identifier.ValueText, attributes.ToEquatableArray(), places.Span(type.Identifier));
    }

    private AttributeArgument Argument(AttributeArgumentSyntax argument)
    {
        var items = argument.Expression switch
        {
            ImplicitArrayCreationExpressionSyntax array => array.Initializer.Expressions,
            ArrayCreationExpressionSyntax { Initializer: { } initializer } => initializer.Expressions,
            CollectionExpressionSyntax list => [.. list.Elements.OfType<ExpressionElementSyntax>().Select(e => e.Expression)],
            var single => (IEnumerable<ExpressionSyntax>)[single],
        };
        return new AttributeArgument(
            argument.NameEquals?.Name.Identifier.ValueText,
            items.Select(Value).OfType<CodeText>().ToEquatableArray(),
            places.Span(argument.NameEquals?.Name ?? (SyntaxNode)argument.Expression));
    }

    private CodeText? Value(ExpressionSyntax expression)
    {
        if (expression is LiteralExpressionSyntax literal && !literal.IsKind(SyntaxKind.NullLiteralExpression)) return places.Of(literal.Token);
        return constant(expression) switch
        {
            null => null,
            bool value => places.At(value ? "true" : "false", expression),
            var value => places.At(Convert.ToString(value, CultureInfo.InvariantCulture) ?? "", expression),
        };
    }
}
