using TaskRes.Core.Text;

namespace TaskRes.Core.Tests.Text;

public sealed class CanonicalCompositionTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("e\u0301", "\u00E9")]
    [InlineData("\u212B", "\u00C5")]
    [InlineData("a\u0315\u0300\u05AE\u0300b", "\u00E0\u05AE\u0300\u0315b")]
    [InlineData("\u1E9B\u0323", "\u1E9B\u0323")]
    [InlineData("s\u0323\u0307", "\u1E69")]
    [InlineData("s\u0307\u0323", "\u1E69")]
    [InlineData("\u0958", "\u0915\u093C")]
    [InlineData("\u1100\u1161", "\uAC00")]
    [InlineData("\u1100\u1161\u11A8", "\uAC01")]
    [InlineData("\uAC00\u11A8", "\uAC01")]
    [InlineData("\uAC01\u11A8", "\uAC01\u11A8")]
    [InlineData("\U0001D15E", "\U0001D157\U0001D165")]
    [InlineData("\uFA10 \u0344", "\u585A \u0308\u0301")]
    [InlineData("\u0301e", "\u0301e")]
    public void Normalize_Text_FormC(string text, string composed) => Assert.Equal(composed, CanonicalComposition.Normalize(text));

    [Fact]
    public void Normalize_EveryCharacter_TwiceIsOnce()
    {
        for (var point = 0x80; point < 0x30000; point++)
        {
            if (point is >= 0xD800 and < 0xE000) continue;
            var once = CanonicalComposition.Normalize(char.ConvertFromUtf32(point));
            Assert.Equal(once, CanonicalComposition.Normalize(once));
        }
    }
}
