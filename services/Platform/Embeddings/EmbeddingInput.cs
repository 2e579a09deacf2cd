using System.Security.Cryptography;
using System.Text;

namespace TaskRes.Platform.Embeddings;

/// <summary>What is embedded, named by its content: <see cref="Digest"/> and <see cref="View"/> decide the embedding, given the encoder.</summary>
public abstract record EmbeddingInput
{
    private protected EmbeddingInput(Sha256Digest digest) => Digest = digest;

    public Sha256Digest Digest { get; }

    /// <summary>0 for the evaluation crop and for texts; n ≥ 1 for an image's n-th random crop.</summary>
    public virtual int View => 0;
}

/// <summary>An encoded image, or only its digest where <see cref="Content"/> is empty.</summary>
public sealed record ImageInput : EmbeddingInput
{
    private ImageInput(Sha256Digest digest, ReadOnlyMemory<byte> content, int view)
        : base(digest) => (Content, View) = (content, view);

    public ReadOnlyMemory<byte> Content { get; }

    public override int View { get; }

    public static ImageInput FromContent(ReadOnlyMemory<byte> content, int view = 0) => new(Sha256Digest.Of(content.Span), content, view);

    public static ImageInput FromDigest(Sha256Digest digest, int view = 0) => new(digest, default, view);

    public ImageInput WithView(int view) => new(Digest, Content, view);
}

/// <summary>A text, prompt included.</summary>
public sealed record TextInput(string Text) : EmbeddingInput(Sha256Digest.Of(Encoding.UTF8.GetBytes(Text)));

/// <summary>A SHA-256 digest as a value.</summary>
public readonly record struct Sha256Digest(Int128 High, Int128 Low)
{
    public const int Length = 32;

    public static Sha256Digest Of(ReadOnlySpan<byte> content)
    {
        Span<byte> hash = stackalloc byte[Length];
        SHA256.HashData(content, hash);
        return FromBytes(hash);
    }

    /// <param name="bytes">32 bytes.</param>
    public static Sha256Digest FromBytes(ReadOnlySpan<byte> bytes) =>
        new(System.Buffers.Binary.BinaryPrimitives.ReadInt128BigEndian(bytes), System.Buffers.Binary.BinaryPrimitives.ReadInt128BigEndian(bytes[16..]));

    public byte[] ToBytes()
    {
        var bytes = new byte[Length];
        System.Buffers.Binary.BinaryPrimitives.WriteInt128BigEndian(bytes, High);
        System.Buffers.Binary.BinaryPrimitives.WriteInt128BigEndian(bytes.AsSpan(16), Low);
        return bytes;
    }

    /// <summary>64 lower-case hex digits.</summary>
    public override string ToString() => Convert.ToHexStringLower(ToBytes());
}
