using Notochord.Dsl.Expressions;
using Notochord.Dsl.Text;

namespace Notochord.Dsl.Tests.Reading;

public class SimpleExpressionTests
{
    /// <summary>In parentheses a word goes through the parser of C#: the same must come of it, at the same place.</summary>
    [Theory]
    [InlineData("0"), InlineData("-5"), InlineData("007"), InlineData("999999999"), InlineData("9999999999"), InlineData("99999999999999999999")]
    [InlineData("1.5"), InlineData("-0.1"), InlineData("0.30000000000000004"), InlineData("1."), InlineData(".5"), InlineData("1.2.3"), InlineData("-"), InlineData("- 3")]
    [InlineData("dim"), InlineData("_"), InlineData("_x1"), InlineData("1x"), InlineData("größe"), InlineData("none"), InlineData("true"), InlineData("false"), InlineData("null")]
    [InlineData("class"), InlineData("await"), InlineData("field"), InlineData("value"), InlineData("from"), InlineData("async"), InlineData("var"), InlineData("default"), InlineData("checked")]
    [InlineData("1_000"), InlineData("0x10"), InlineData("1e-6"), InlineData("a b"), InlineData("a.b"), InlineData("@a")]
    public void A_word_is_what_the_parser_makes_of_it(string word)
    {
        var (bag, wrappedBag) = (new DiagnosticBag(), new DiagnosticBag());
        var simple = ExpressionParser.Parse(CodeText.Inline(word, new SourceSpan("a.yaml", 1, 2, 1, 2)), bag);
        var parsed = ExpressionParser.Parse(CodeText.Inline($"({word})", new SourceSpan("a.yaml", 1, 1, 1, 1)), wrappedBag);
        Assert.Equal(parsed, simple);
        Assert.Equal(wrappedBag.HasErrors, bag.HasErrors);
    }
}
