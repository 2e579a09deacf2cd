using TaskRes.Core.Text;

namespace TaskRes.Core.Tests.Text;

public sealed class TokenizerFilesTests : IDisposable
{
    private readonly TokenizerFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Load_EmptyFolder_Invalid()
    {
        Assert.False(ClipTokenizer.IsPresent(_folder.Path));
        Refused("the folder holds no tokenizer");
    }

    [Fact]
    public void Load_AbsentFile_Invalid() => Refused("cannot be read", "merges.txt");

    [Fact]
    public void Load_VocabularyWithoutMerges_Invalid()
    {
        _folder.Write("vocab.json", "{}");
        Assert.False(ClipTokenizer.IsPresent(_folder.Path));
        Refused("cannot be read", "vocab.json");
    }

    [Fact]
    public void Load_NotJson_Invalid() => Refused("not JSON at line 2", given: _folder.Write("tokenizer.json", "{\n oops"));

    [Fact]
    public void Load_NotZipped_Invalid() => Refused("cannot be read", given: _folder.Write(TokenizerFolder.OpenAi + ".gz", "plain text"));

    [Theory]
    [InlineData("WordPiece")]
    [InlineData("Unigram")]
    public void Load_AnotherKind_Invalid(string kind) => Refused($"a {kind} tokenizer", given: _folder.WithSingle(type: kind));

    [Fact]
    public void Load_ByteLevelBpeOfAnotherModel_Invalid() => Refused("end_of_word_suffix", given: _folder.WithSingle(suffix: ""));

    [Fact]
    public void Load_MergeWithoutItsPiece_Invalid() =>
        Refused("needs the piece \"qx\"", given: _folder.WithPair([.. TokenizerFolder.Merges, "q x"], TokenizerFolder.Vocabulary(TokenizerFolder.Merges)));

    [Fact]
    public void Load_MergeTwice_Invalid() =>
        Refused("merge 9, \"l o\", is there twice", given: _folder.WithPair([.. TokenizerFolder.Merges, "l o"], TokenizerFolder.Vocabulary(TokenizerFolder.Merges)));

    [Theory]
    [InlineData("alone")]
    [InlineData("a b c")]
    [InlineData("a ")]
    public void Load_MergeNotOfTwoPieces_Invalid(string merge) =>
        Refused("is not two pieces", given: _folder.WithPair([merge], TokenizerFolder.Vocabulary([])));

    [Fact]
    public void Load_IdTwice_Invalid() => Refused("stands for both", given: WithChanged(vocabulary => vocabulary["low</w>"] = 0));

    [Fact]
    public void Load_NegativeId_Invalid() => Refused("negative id -1", given: WithChanged(vocabulary => vocabulary["low</w>"] = -1));

    [Fact]
    public void Load_BytePieceMissing_Invalid() => Refused("lacks the byte piece \"z\"", given: WithChanged(vocabulary => vocabulary.Remove("z</w>")));

    [Fact]
    public void Load_NoEndOfText_Invalid() => Refused("special tokens", given: WithChanged(vocabulary => vocabulary.Remove("<|endoftext|>")));

    [Theory]
    [InlineData("""{"a": 1, "a": 2}""", "\"a\" is there twice")]
    [InlineData("""{"a": "one"}""", "\"a\" has no whole number")]
    [InlineData("""["a"]""", "not an object")]
    public void Load_MalformedVocabulary_Invalid(string json, string fault) => Refused(fault, given: _folder.WithPair().Write("vocab.json", json));

    private TokenizerFolder WithChanged(Action<Dictionary<string, int>> change)
    {
        var vocabulary = TokenizerFolder.Vocabulary(TokenizerFolder.Merges);
        change(vocabulary);
        return _folder.WithPair(vocabulary: vocabulary);
    }

    private void Refused(string fault, string file = "", TokenizerFolder? given = null)
    {
        var refusal = Assert.Throws<TaskResException>(() => ClipTokenizer.Load(Path.Combine((given ?? _folder).Path, file)));
        Assert.Equal(ErrorReason.TokenizerInvalid, refusal.Reason);
        Assert.Contains(fault, refusal.Message, StringComparison.Ordinal);
        Assert.Contains(_folder.Path, refusal.Message, StringComparison.Ordinal);
    }
}
