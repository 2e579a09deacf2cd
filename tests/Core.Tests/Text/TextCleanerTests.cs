using TaskRes.Core.Text;

namespace TaskRes.Core.Tests.Text;

public sealed class TextCleanerTests
{
    [Theory]
    [InlineData("  A  Photo\r\n of\ta\u00A0Cat ", "a photo of a cat")]
    [InlineData("\u201Ccurly\u201D it\u2019s", "\"curly\" it's")]
    [InlineData("ﬁne ﬂow Ĳssel ŉ", "fine flow ijssel 'n")]
    [InlineData("ＦＵＬＬ　ｗｉｄｔｈ", "full width")]
    [InlineData("ｶﾞ", "ガ")]
    [InlineData("\u001B[36;44mblue\u001B[0m", "blue")]
    [InlineData("a\0b\u0007c\uFEFFd\u206Ae\u007Ff", "abcdef")]
    [InlineData("one\u2028two\u2029three", "one two three")]
    [InlineData("e\u0301", "é")]
    [InlineData("&lt;b&gt; &amp;amp; &#39;s &#x27;t &eacute; &EACUTE; &notanentity; &copy", "<b> & 's 't é é ¬anentity; ©")]
    [InlineData("&#0; &#128; &#xD800; &#x1F600; &#99999999999;", "\uFFFD € \uFFFD 😀 \uFFFD")]
    [InlineData("&amp;amp;amp;amp;amp;", "&")]
    [InlineData("Ã©tÃ© l’humanitÃ©", "été l'humanité")]
    [InlineData("café Ångström", "café ångström")]
    [InlineData("ΟΔΟΣ ΣΟΦΟΣ Σ Σ'", "οδος σοφος σ σ'")]
    [InlineData("İSTANBUL ẞ", "i\u0307stanbul ß")]
    [InlineData("", "")]
    public void Clean_Text_AsTheReferenceDoes(string text, string cleaned) => Assert.Equal(cleaned, TextCleaner.Clean(text));

    [Fact]
    public void Clean_LoneSurrogate_Replaced() => Assert.Equal("lone \uFFFD x", TextCleaner.Clean("lone \uD83D x"));

    [Fact]
    public void Clean_DeeplyNestedReferences_Ends()
    {
        var nested = "&" + string.Concat(Enumerable.Repeat("amp;", 16_000));
        Assert.InRange(TextCleaner.Clean(nested).Length, 1, nested.Length);
    }
}
