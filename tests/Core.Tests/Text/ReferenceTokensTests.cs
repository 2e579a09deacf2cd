using System.Text;
using TaskRes.Core.Text;
using TaskRes.Tests;

namespace TaskRes.Core.Tests.Text;

public sealed class ReferenceTokensTests
{
    private static ClipTokenizer Reference() => ClipTokenizer.Load(ReferenceData.Shared("golden", "vit", "hf"));

    [Fact]
    public void Encode_ReferenceTexts_EveryIdEqual()
    {
        var tokenizer = Reference();
        foreach (var expected in TokenCase.Read(ReferenceData.Shared("golden", "tokens.json")))
            Assert.Equal(expected.Ids, tokenizer.Encode(expected.Text, 77));
    }

    [Fact]
    public void Encode_LargeReferenceSet_MissesAreMojibakeAlone()
    {
        var tokenizer = Reference();
        var cases = TokenCase.Read(ReferenceData.Shared("golden", "tokens_large.json"));
        var misses = cases.Where(expected => !expected.Ids.SequenceEqual(tokenizer.Encode(expected.Text, 8192)[1..^1])).ToList();

        TestContext.Current.TestOutputHelper?.WriteLine($"{cases.Count - misses.Count} of {cases.Count} equal; missed:");
        foreach (var miss in misses) TestContext.Current.TestOutputHelper?.WriteLine($"{miss.Group}: {miss.Text} | {string.Join(' ', miss.Ids)} | {string.Join(' ', tokenizer.Encode(miss.Text, 8192)[1..^1])}");
        Assert.Empty(misses);
    }
}
