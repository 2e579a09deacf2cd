using System.Text.Json;
using TaskRes.Core.Clip;
using TaskRes.Tests;

namespace TaskRes.Services.Tests.Encoder;

/// <summary>The small golden CLIP (32 px, D = 32, 640 ids) with a byte-level tokenizer of its size.</summary>
internal static class TestModel
{
    private const int VocabularySize = 640;

    private static readonly Lazy<string> Folder = new(Make);

    public static string Path => Folder.Value;

    public static string PathWithoutTokenizer => ReferenceData.Golden("vit", "hf");

    /// <summary>The same model outside any service.</summary>
    public static ClipEncoder Load() => ClipEncoder.Load(new ClipLoadOptions { Path = Path, Precision = Precision.Fp32, Device = "cpu" });

    public static byte[] Image(string name) => File.ReadAllBytes(ReferenceData.Golden("images", name));

    public static IReadOnlyList<byte[]> Images { get; } =
        [.. Directory.EnumerateFiles(ReferenceData.Golden("images")).Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];

    /// <summary>A bitmap of one colour: as many different sound images as there are colours.</summary>
    public static byte[] Bitmap(int width, int height, int colour)
    {
        var row = (width * 3 + 3) / 4 * 4;
        var file = new byte[54 + row * height];
        using var writer = new BinaryWriter(new MemoryStream(file));
        writer.Write("BM"u8);
        foreach (var header in (ReadOnlySpan<int>)[file.Length, 0, 54, 40, width, height, 1 | 24 << 16, 0, row * height, 2835, 2835, 0, 0]) writer.Write(header);
        for (var i = 54; i < file.Length; i++) file[i] = (byte)(colour >> (8 * (i % 3)));
        return file;
    }

    private static string Make()
    {
        var folder = Directory.CreateTempSubdirectory("taskres-model-");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => folder.Delete(recursive: true);
        foreach (var file in Directory.EnumerateFiles(PathWithoutTokenizer)) File.Copy(file, System.IO.Path.Combine(folder.FullName, System.IO.Path.GetFileName(file)));

        string[] bytes = [.. ByteLetters()];
        string[][] merges = [.. Letters().SelectMany(left => Letters().Select(right => new[] { left, right })).Take(VocabularySize - 2 * bytes.Length - 2)];
        string[] pieces = [.. bytes, .. bytes.Select(letter => letter + "</w>"), .. merges.Select(merge => string.Concat(merge)), "<|startoftext|>", "<|endoftext|>"];
        var ids = pieces.Select((piece, id) => (piece, id)).ToDictionary(entry => entry.piece, entry => entry.id);
        File.WriteAllText(System.IO.Path.Combine(folder.FullName, "vocab.json"), JsonSerializer.Serialize(ids));
        File.WriteAllLines(System.IO.Path.Combine(folder.FullName, "merges.txt"), ["#version: 0.2", .. merges.Select(merge => string.Join(' ', merge))]);
        return folder.FullName;
    }

    private static IEnumerable<string> Letters() => "etaoinshrdlc".Select(letter => $"{letter}");

    // GPT-2's alphabet: printable bytes stand for themselves, the others for letters from U+0100 on.
    private static IEnumerable<string> ByteLetters()
    {
        var next = 0x100;
        for (var value = 0; value < 256; value++)
        {
            var printable = value is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or >= 0xAE;
            yield return $"{(char)(printable ? value : next++)}";
        }
    }
}
