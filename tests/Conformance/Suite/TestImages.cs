using System.Buffers.Binary;

namespace TaskRes.Conformance.Suite;

/// <summary>The images of the cases.</summary>
/// <param name="Outlines">The folders <c>train</c> and <c>test</c> of the bundled task of that name.</param>
/// <param name="Noise">A folder of images that nobody has seen, each large enough to be asked for by digest first.</param>
/// <param name="Broken">A file that is no image.</param>
internal sealed record TestImages(string Outlines, string Noise, string Broken)
{
    private const int Count = 100;
    private const int Side = 72;
    private const int HeaderBytes = 54;

    public static TestImages Write(string folder)
    {
        var noise = Directory.CreateDirectory(Path.Combine(folder, "noise")).FullName;
        var random = new Random(7);
        for (var i = 0; i < Count; i++) File.WriteAllBytes(Path.Combine(noise, $"{i:000}.bmp"), Bitmap(random));
        var broken = Path.Combine(folder, "broken.jpg");
        File.WriteAllText(broken, "no image");
        return new TestImages(Path.Combine(AppContext.BaseDirectory, "Bundled", "tasks", "outlines"), noise, broken);
    }

    private static byte[] Bitmap(Random random)
    {
        var file = new byte[HeaderBytes + (3 * Side * Side)];
        random.NextBytes(file.AsSpan(HeaderBytes));
        "BM"u8.CopyTo(file);
        void Put(int at, int value) => BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(at), value);
        Put(2, file.Length);
        Put(10, HeaderBytes);
        Put(14, 40);
        Put(18, Side);
        Put(22, Side);
        Put(26, (24 << 16) | 1);
        return file;
    }
}
