using Notochord.Dsl.Patterns;

namespace Notochord.Tests.Patterns;

public class PatternTests
{
    [Theory]
    [InlineData("b c h w", 7, "A pattern has two sides, 'a b -> b a'; '->' is missing.")]
    [InlineData("a -> a -> a", 7, "A pattern has two sides; there is a second '->'.")]
    [InlineData("a (b c -> a b c", 2, "This '(' is never closed.")]
    [InlineData("a b) -> a b", 3, "This ')' closes nothing.")]
    [InlineData("((a b)) -> a b", 1, "Parentheses cannot be nested.")]
    [InlineData("a a -> a", 2, "'a' stands twice on one side.")]
    [InlineData("a + b -> a b", 2, "Expected the name of an axis, a number, '...' or a parenthesis; found '+'.")]
    [InlineData("a 0 -> a", 2, "'0' is no size of an axis; a name cannot begin with a digit.")]
    [InlineData("a 2x -> a", 2, "'2x' is no size of an axis; a name cannot begin with a digit.")]
    [InlineData("a (... b) -> a b", 3, "'...' cannot be inside parentheses on the left side.")]
    [InlineData("a b -> a", 2, "'b' stands on the left side only; reduce(..) removes axes.")]
    [InlineData("a b -> a b c", 11, "'c' stands on the right side only; repeat(..) adds axes.")]
    [InlineData("a ... -> a", 2, "'...' stands on the left side only.")]
    [InlineData("a b -> a b ...", 11, "'...' stands on the right side only.")]
    [InlineData("a (b c) -> a b c", 2, "Only one of 'b' and 'c' in (b c) can follow from the tensor; give the size of the other: c=...")]
    [InlineData("a 2 -> a", 2, "The axis '2' has no name, so it cannot be found on the right side; name it and give its size.")]
    [InlineData("a b c -> c b a", 0, "The left side has 3 axes; the tensor has 2.")]
    [InlineData("", 0, "A pattern has two sides, 'a b -> b a'; '->' is missing.")]
    public void AMistakeIsShownByACaret(string pattern, int caret, string message)
    {
        var e = Assert.Throws<PatternException>(() => PatternPlan.Create(Pattern.Parse(pattern), PatternKind.Rearrange, 2, []));
        Assert.Equal($"{message}\n    {pattern}\n    {new string(' ', caret)}^", e.Message);
    }

    [Fact]
    public void ASizeForAnUnknownAxisIsAMistake()
        => Assert.Contains("A size is given for 'q'", Assert.Throws<PatternException>(() => PatternPlan.Create(Pattern.Parse("a (b p) -> a b p"), PatternKind.Rearrange, 2, ["p", "q"])).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("b h w c -> b h w c", "", true)]
    [InlineData("b (h w) -> b (h w)", "h", true)]
    [InlineData("b 1 c -> b () c", "", true)]
    [InlineData("b ... -> b ...", "", true)]
    [InlineData("b h w c -> b (h w) c", "", false)]
    [InlineData("b h w c -> b w h c", "", false)]
    [InlineData("b 1 c -> b c", "", false)]
    public void KnowsTheIdentity(string text, string given, bool isIdentity)
    {
        var pattern = Pattern.Parse(text);
        Assert.Equal(isIdentity, PatternPlan.Create(pattern, PatternKind.Rearrange, pattern.Left.Count, given.Split(' ', StringSplitOptions.RemoveEmptyEntries)).IsIdentity);
    }

    [Theory]
    [InlineData(PatternKind.Rearrange)]
    [InlineData(PatternKind.Reduce)]
    [InlineData(PatternKind.Repeat)]
    public void ThePlanDoesWhatThePatternSays(PatternKind kind)
    {
        for (var seed = 0; seed < 400; seed++) new RandomPattern(seed, kind).Check();
    }
}
