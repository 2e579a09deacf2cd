using System.Buffers.Binary;
using System.Text;
using TaskRes.Core.Text;

namespace TaskRes.Core.Tests.Text;

/// <summary>A small unigram model, written as sentencepiece writes its own.</summary>
public sealed class SentencePieceTextTokenizerTests : IDisposable
{
    private const int Unknown = 0, EndOfText = 1, A = 2, Cat = 3, Ab = 4, Bc = 5, Bang = 6;

    private static readonly (string Text, float Score, int Kind)[] Pieces =
    [
        ("<unk>", 0, 2), ("</s>", 0, 3), ("▁a", -1, 1), ("▁cat", -2, 1), ("▁ab", -1, 1), ("bc", -2, 1), ("!", -1, 1),
        .. "abcdefghijklmnopqrstuvwxyz▁".Select(letter => ($"{letter}", -10f, 1)),
    ];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("taskres-pieces-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Encode_FirstSiglip_LowersAndDropsPunctuation()
    {
        var tokenizer = SentencePieceTextTokenizer.Load(Write("spiece.model"));

        Assert.Equal([A, Cat, EndOfText], tokenizer.Encode("  A, CAT!\n", 64));
    }

    [Fact]
    public void Encode_SecondSiglip_LowersAlone()
    {
        var tokenizer = SentencePieceTextTokenizer.Load(Write("tokenizer.model"));

        Assert.Equal([A, Cat, Bang, EndOfText], tokenizer.Encode("A CAT!", 64));
    }

    /// <summary>"▁ab" and "c" weigh −11 together, "▁a" and "bc" −3: what is longest first is not best.</summary>
    [Fact]
    public void Encode_SeveralWays_TakesTheLikeliest() =>
        Assert.Equal([A, Bc, EndOfText], SentencePieceTextTokenizer.Load(Write("spiece.model")).Encode("abc", 64));

    [Fact]
    public void Encode_LongText_EndsWithTheEndOfText()
    {
        var ids = SentencePieceTextTokenizer.Load(Write("spiece.model")).Encode("a cat a cat a cat", 4);

        Assert.Equal([A, Cat, A, EndOfText], ids);
    }

    [Fact]
    public void Encode_UnknownLetter_IsTheUnknownPiece() =>
        Assert.Contains(Unknown, SentencePieceTextTokenizer.Load(Write("spiece.model")).Encode("a ж", 64));

    [Fact]
    public void Load_Folder_FindsTheFileAndTellsItsSize()
    {
        Assert.False(SentencePieceTextTokenizer.IsPresent(_folder.FullName));
        Write("spiece.model");

        var tokenizer = SentencePieceTextTokenizer.Load(_folder.FullName);

        Assert.True(SentencePieceTextTokenizer.IsPresent(_folder.FullName));
        Assert.Equal(Pieces.Length, tokenizer.VocabularySize);
        Assert.Matches("^[0-9a-f]{64}$", tokenizer.Fingerprint);
        Assert.NotEqual(tokenizer.Fingerprint, SentencePieceTextTokenizer.Load(Write("tokenizer.model")).Fingerprint);
    }

    [Theory]
    [InlineData("")]
    [InlineData("no model")]
    [InlineData("\n\u0005\n\u0003ab")]
    public void Load_DamagedFile_IsRefused(string content)
    {
        var path = Path.Combine(_folder.FullName, "spiece.model");
        File.WriteAllText(path, content);

        Assert.Equal(ErrorReason.TokenizerInvalid, Assert.Throws<TaskResException>(() => SentencePieceTextTokenizer.Load(path)).Reason);
    }

    [Fact]
    public void Load_NoFile_IsRefused() =>
        Assert.Equal(ErrorReason.TokenizerInvalid, Assert.Throws<TaskResException>(() => SentencePieceTextTokenizer.Load(_folder.FullName)).Reason);

    /// <summary>ModelProto: pieces in field 1; the trainer's kind of model (unigram) and special ids in 2; the normaliser in 3.</summary>
    private string Write(string name)
    {
        var model = new List<byte>();
        foreach (var (text, score, kind) in Pieces)
        {
            var weight = new byte[4];
            BinaryPrimitives.WriteSingleLittleEndian(weight, score);
            model.AddRange(Field(1, [.. Field(1, Encoding.UTF8.GetBytes(text)), (2 << 3) | 5, .. weight, .. Number(3, kind)]));
        }

        model.AddRange(Field(2, [.. Number(3, 1), .. Number(40, Unknown), .. Number(41, -1), .. Number(42, EndOfText), .. Number(43, -1)]));
        model.AddRange(Field(3, [.. Field(1, "identity"u8.ToArray()), .. Number(3, 1), .. Number(4, 1), .. Number(5, 1)]));
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllBytes(path, [.. model]);
        return path;
    }

    private static byte[] Field(int number, byte[] content) => [.. Varint((ulong)((number << 3) | 2)), .. Varint((ulong)content.Length), .. content];

    private static byte[] Number(int number, long value) => [.. Varint((ulong)(number << 3)), .. Varint((ulong)value)];

    private static byte[] Varint(ulong value)
    {
        var bytes = new List<byte>();
        for (; value >= 0x80; value >>= 7) bytes.Add((byte)(value | 0x80));
        bytes.Add((byte)value);
        return [.. bytes];
    }
}
