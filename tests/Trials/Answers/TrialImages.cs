namespace TaskRes.Trials.Answers;

/// <summary>Small bitmaps of random stripes, the same for the same seed.</summary>
internal static class TrialImages
{
    private const int Side = 32;
    private const int HeaderBytes = 54;

    public static IReadOnlyList<byte[]> Make(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => Stripes(random))];
    }

    private static byte[] Stripes(Random random)
    {
        var file = new byte[HeaderBytes + Side * Side * 3];
        using var writer = new BinaryWriter(new MemoryStream(file));
        writer.Write("BM"u8);
        foreach (var header in (ReadOnlySpan<int>)[file.Length, 0, HeaderBytes, 40, Side, Side, 1 | 24 << 16, 0, Side * Side * 3, 2835, 2835, 0, 0]) writer.Write(header);
        var colours = new byte[6];
        random.NextBytes(colours);
        var (width, across) = (random.Next(2, 12), random.Next(2) == 0);
        for (var pixel = 0; pixel < Side * Side; pixel++)
        {
            var stripe = (across ? pixel % Side : pixel / Side) / width % 2;
            colours.AsSpan(3 * stripe, 3).CopyTo(file.AsSpan(HeaderBytes + 3 * pixel));
        }

        return file;
    }
}
