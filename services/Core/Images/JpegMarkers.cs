using System.Buffers.Binary;

namespace TaskRes.Core.Images;

/// <summary>
/// Whether a progressive JPEG (ITU T.81) stops before its end marker. Its early scans cover the whole picture, so Skia
/// takes one that lacks the later scans for complete; of a sequential one it sees the missing rows itself.
/// </summary>
internal static class JpegMarkers
{
    private const byte Prefix = 0xFF, Stuffed = 0x00, Temporary = 0x01, FirstRestart = 0xD0, LastRestart = 0xD7, End = 0xD9, Start = 0xD8;

    public static bool IsCutOff(ReadOnlySpan<byte> jpeg)
    {
        var isProgressive = false;
        while (TryNext(ref jpeg, out var marker))
        {
            if (marker == End) return false;
            isProgressive |= marker is 0xC2 or 0xC6 or 0xCA or 0xCE;
            if (marker == Start) continue;
            if (jpeg.Length < 2) break;
            jpeg = jpeg[Math.Min(BinaryPrimitives.ReadUInt16BigEndian(jpeg), jpeg.Length)..];
        }
        return isProgressive;
    }

    /// <summary>Moves behind the next marker that opens a segment or closes the image, past any compressed data.</summary>
    private static bool TryNext(ref ReadOnlySpan<byte> rest, out byte marker)
    {
        marker = Stuffed;
        while (rest.IndexOf(Prefix) is >= 0 and var at && at + 1 < rest.Length)
        {
            marker = rest[at + 1];
            rest = rest[(at + (marker == Prefix ? 1 : 2))..];
            if (marker is not (Prefix or Stuffed or Temporary or (>= FirstRestart and <= LastRestart))) return true;
        }
        return false;
    }
}
