using System.Buffers.Binary;
using System.IO.Compression;
using TaskRes.Core.Images;
using TaskRes.Tests;

namespace TaskRes.Core.Tests.Images;

/// <summary>Encoded images made on the spot, with no encoder but what each format needs at the least.</summary>
internal static class TestImages
{
    public const int Grey = 0, Rgb = 2, Rgba = 6;

    public static ImagePreprocessor Preprocessor(int size = 32) => new(new PreprocessOptions { Size = size }, new ImageLimits());

    public static byte[] GoldenFile(string name) => File.ReadAllBytes(ReferenceData.Golden("images", name));

    /// <summary>A PNG of given samples (row by row, big-endian); its header may claim a size that the samples do not fill.</summary>
    public static byte[] Png(int width, int height, int colorType, int bitDepth, byte[] samples)
    {
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = ((byte)bitDepth, (byte)colorType);

        var channels = colorType switch { Grey => 1, Rgb => 3, _ => 4 };
        var stride = width * channels * bitDepth / 8;
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            for (var at = 0; at + stride <= samples.Length; at += stride)
            {
                zlib.WriteByte(0);
                zlib.Write(samples, at, stride);
            }
        return [0x89, .. "PNG\r\n\u001A\n"u8, .. Chunk("IHDR"u8, header), .. Chunk("IDAT"u8, packed.ToArray()), .. Chunk("IEND"u8, [])];
    }

    public static byte[] SolidPng(int width, int height) => Png(width, height, Rgb, 8, new byte[3 * width * height]);

    /// <summary>Two frames of two pixels: red, blue; then blue, red.</summary>
    public static byte[] Gif() =>
    [
        .. "GIF89a"u8, 2, 0, 1, 0, 0x80, 0, 0, /* colours */ 255, 0, 0, 0, 0, 255,
        0x2C, 0, 0, 0, 0, 2, 0, 1, 0, 0, /* clear 0 1 end, in 3 bits */ 2, 2, 0x44, 0x0A, 0,
        0x2C, 0, 0, 0, 0, 2, 0, 1, 0, 0, /* clear 1 0 end */ 2, 2, 0x0C, 0x0A, 0,
        0x3B,
    ];

    /// <summary>One row of two pixels, red and blue, in 24 bits.</summary>
    public static byte[] Bmp() =>
    [
        .. "BM"u8, 62, 0, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0,
        40, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 1, 0, 24, 0, 0, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 255, 255, 0, 0, 0, 0,
    ];

    /// <summary>A JPEG with an EXIF block that holds nothing but an orientation.</summary>
    public static byte[] Oriented(byte[] jpeg, byte orientation)
    {
        byte[] exif =
        [
            .. "Exif\0\0II*\0"u8, 8, 0, 0, 0, 1, 0, /* tag 0x112, one short */ 0x12, 0x01, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0, 0, 0, 0, 0,
        ];
        return [0xFF, 0xD8, 0xFF, 0xE1, 0, (byte)(exif.Length + 2), .. exif, .. jpeg[2..]];
    }

    private static byte[] Chunk(ReadOnlySpan<byte> kind, byte[] content)
    {
        byte[] body = [.. kind, .. content], chunk = new byte[body.Length + 8];
        BinaryPrimitives.WriteInt32BigEndian(chunk, content.Length);
        body.CopyTo(chunk, 4);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(^4), Crc(body));
        return chunk;
    }

    private static uint Crc(byte[] body)
    {
        var crc = uint.MaxValue;
        foreach (var value in body)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ 0xEDB88320;
        }
        return ~crc;
    }
}
