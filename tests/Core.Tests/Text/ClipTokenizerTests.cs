using TaskRes.Core.Text;
using TaskRes.Tests;

namespace TaskRes.Core.Tests.Text;

public sealed class ClipTokenizerTests : IDisposable
{
    private readonly TokenizerFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Encode_KnownWords_MergedToSinglePieces()
    {
        var vocabulary = TokenizerFolder.Vocabulary(TokenizerFolder.Merges);
        var tokenizer = ClipTokenizer.Load(_folder.WithPair().Path);
        Assert.Equal(
            [tokenizer.StartOfText, vocabulary["the</w>"], vocabulary["low</w>"], vocabulary["ne"], vocabulary["w"], vocabulary["er</w>"], vocabulary["new</w>"], tokenizer.EndOfText],
            tokenizer.Encode("  The LOW\tnewer new ", 77));
        Assert.Equal((vocabulary["<|startoftext|>"], vocabulary["<|endoftext|>"]), (tokenizer.StartOfText, tokenizer.EndOfText));
        Assert.Equal(vocabulary.Count, tokenizer.VocabularySize);
    }

    [Fact]
    public void Encode_EmptyText_OnlyTheFrame()
    {
        var tokenizer = ClipTokenizer.Load(_folder.WithPair().Path);
        Assert.Equal([tokenizer.StartOfText, tokenizer.EndOfText], tokenizer.Encode(" \n", 77));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(77)]
    public void Encode_LongText_CutSoThatTheLastIsTheEnd(int contextLength)
    {
        var tokenizer = ClipTokenizer.Load(_folder.WithPair().Path);
        var text = string.Join(' ', Enumerable.Repeat("newer things", 200));
        var ids = tokenizer.Encode(text, contextLength);
        Assert.Equal(contextLength, ids.Length);
        Assert.Equal(tokenizer.EndOfText, ids[^1]);
        Assert.Equal(tokenizer.Encode(text, 5000)[..(contextLength - 1)], ids[..^1]);
    }

    [Fact]
    public void Encode_OverlongText_LimitExceeded()
    {
        var tokenizer = ClipTokenizer.Load(_folder.WithPair().Path);
        Assert.Equal(77, tokenizer.Encode(new string('l', ClipTokenizer.MaxTextLength), 77).Length);
        var refusal = Assert.Throws<TaskResException>(() => tokenizer.Encode(new string('l', ClipTokenizer.MaxTextLength + 1), 77));
        Assert.Equal(ErrorReason.LimitExceeded, refusal.Reason);
    }

    [Fact]
    public async Task Encode_ManyThreadsAndMoreWordsThanTheCacheHolds_SameIds()
    {
        _folder.WithPair();
        var (shared, alone) = (ClipTokenizer.Load(_folder.Path), ClipTokenizer.Load(_folder.Path));
        string[] words = [.. Enumerable.Range(0, 20_000).Select(i => $"new{(char)('a' + i % 26)}{(char)('a' + i / 26 % 26)}{(char)('a' + i / 676 % 26)}low{i / 17_576}")];
        int[][] expected = [.. words.Select(word => alone.Encode(word, 77))];
        await Task.WhenAll(Enumerable.Range(0, 4).Select(offset => Task.Run(() =>
        {
            for (var i = 0; i < words.Length; i++)
            {
                var at = (i + offset * 5_000) % words.Length;
                Assert.True(expected[at].AsSpan().SequenceEqual(shared.Encode(words[at], 77)), words[at]);
            }
        }, TestContext.Current.CancellationToken)));
    }

    [Fact]
    public void Fingerprint_EveryKindOfFile_Same()
    {
        TokenizerFolder[] folders =
        [
            new TokenizerFolder().WithPair(), new TokenizerFolder().WithOpenAi(), new TokenizerFolder().WithZippedOpenAi(),
            new TokenizerFolder().WithSingle(), new TokenizerFolder().WithSingle(pairs: true),
        ];
        Assert.All(folders, folder => Assert.True(ClipTokenizer.IsPresent(folder.Path)));
        var fingerprints = folders.Select(folder => ClipTokenizer.Load(folder.Path).Fingerprint).Distinct().ToList();
        foreach (var folder in folders) folder.Dispose();

        Assert.Matches("^[0-9a-f]{64}$", Assert.Single(fingerprints));
        Assert.NotEqual(fingerprints[0], ClipTokenizer.Load(_folder.WithPair(TokenizerFolder.Merges[..^1]).Path).Fingerprint);
    }

    [Fact]
    public void Load_FileOfAPair_SameAsItsFolder()
    {
        _folder.WithPair();
        var expected = ClipTokenizer.Load(_folder.Path).Fingerprint;
        Assert.Equal(expected, ClipTokenizer.Load(Path.Combine(_folder.Path, "vocab.json")).Fingerprint);
        Assert.Equal(expected, ClipTokenizer.Load(Path.Combine(_folder.Path, "merges.txt")).Fingerprint);
    }

    [Fact]
    public void Load_FullListOfMerges_ClipsVocabulary()
    {
        var reference = ReferenceData.Shared("golden", "vit", "hf");
        File.Copy(Path.Combine(reference, "merges.txt"), Path.Combine(_folder.Path, TokenizerFolder.OpenAi));
        // OpenAI's own file goes on after the last merge that has an id.
        File.AppendAllText(Path.Combine(_folder.Path, TokenizerFolder.OpenAi), "\nzq zq\nzqzq zq</w>\n");

        var (listed, pair) = (ClipTokenizer.Load(_folder.Path), ClipTokenizer.Load(reference));
        Assert.Equal((49408, 49406, 49407), (listed.VocabularySize, listed.StartOfText, listed.EndOfText));
        Assert.Equal(pair.Fingerprint, listed.Fingerprint);
    }
}
