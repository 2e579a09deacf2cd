namespace TaskRes.Tests;

/// <summary>Damages bytes as a seed says: what a broken or a hostile client, disk or cache might hold.</summary>
internal static class Mutations
{
    private const int MaxGrowth = 64;

    public static byte[] Of(ReadOnlySpan<byte> original, Random random)
    {
        var bytes = original.ToArray().ToList();
        for (var rounds = random.Next(1, 4); rounds > 0; rounds--) Mutate(bytes, random);
        return [.. bytes];
    }

    private static void Mutate(List<byte> bytes, Random random)
    {
        var at = random.Next(bytes.Count + 1);
        var length = Math.Min(random.Next(1, MaxGrowth), bytes.Count - at);
        switch (random.Next(6))
        {
            case 0 when at < bytes.Count:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1 when at < bytes.Count:
                bytes[at] = (byte)(random.Next(2) == 0 ? 0xff : random.Next(256));
                break;
            case 2:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 3 when length > 0:
                bytes.RemoveRange(at, length);
                break;
            case 4 when length > 0:
                bytes.InsertRange(at, bytes.GetRange(at, length));
                break;
            default:
                var inserted = new byte[random.Next(1, MaxGrowth)];
                random.NextBytes(inserted);
                bytes.InsertRange(at, inserted);
                break;
        }
    }
}
