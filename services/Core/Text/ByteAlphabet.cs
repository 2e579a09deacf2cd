namespace TaskRes.Core.Text;

/// <summary>
/// The printable character that stands for each byte in byte-level BPE files: itself where it prints, else one from
/// U+0100 on. The order is that of the first 256 ids of a CLIP vocabulary.
/// </summary>
internal static class ByteAlphabet
{
    /// <summary>Ends the last piece of a word.</summary>
    public const string EndOfWord = "</w>";

    public static IReadOnlyList<(byte Byte, string Piece)> Pieces { get; } = Build();

    private static List<(byte, string)> Build()
    {
        var pieces = new List<(byte, string)>(256);
        var bytes = Enumerable.Range(0, 256).ToLookup(IsPrintable);
        foreach (var value in bytes[true]) pieces.Add(((byte)value, $"{(char)value}"));
        var next = '\u0100';
        foreach (var value in bytes[false]) pieces.Add(((byte)value, $"{next++}"));
        return pieces;
    }

    private static bool IsPrintable(int value) => value is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or >= 0xAE;
}
