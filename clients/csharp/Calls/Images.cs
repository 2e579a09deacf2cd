using System.Security.Cryptography;
using Google.Protobuf;
using TaskRes.V1;

namespace TaskRes.Client.Calls;

/// <summary>An image by name first: where its embedding is known the bytes never travel.</summary>
internal static class Images
{
    // What fits a connection's first window (RFC 6928) arrives as soon as its digest would: to ask first would cost a round trip.
    private const int AskFirstAbove = 14 << 10;

    /// <summary>What to send first: the digest, or the image itself where it is small.</summary>
    public static Image First(ReadOnlyMemory<byte> image) => image.Length > AskFirstAbove ? Digest(image) : Content(image);

    public static Image Content(ReadOnlyMemory<byte> image) => new() { Content = UnsafeByteOperations.UnsafeWrap(image) };

    public static bool AreAskedFor(ItemError? error) => error?.Reason == ErrorReason.ImageBytesRequired;

    private static Image Digest(ReadOnlyMemory<byte> image) =>
        new() { Sha256 = UnsafeByteOperations.UnsafeWrap(SHA256.HashData(image.Span)) };
}
