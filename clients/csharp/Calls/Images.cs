using System.Security.Cryptography;
using Google.Protobuf;
using TaskRes.V1;

namespace TaskRes.Client.Calls;

/// <summary>An image by name first: where its embedding is known the bytes never travel.</summary>
internal static class Images
{
    public static Image Digest(ReadOnlyMemory<byte> image) =>
        new() { Sha256 = UnsafeByteOperations.UnsafeWrap(SHA256.HashData(image.Span)) };

    public static Image Content(ReadOnlyMemory<byte> image) => new() { Content = UnsafeByteOperations.UnsafeWrap(image) };

    public static bool AreAskedFor(ItemError? error) => error?.Reason == ErrorReason.ImageBytesRequired;
}
