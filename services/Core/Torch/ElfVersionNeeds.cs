using System.Buffers.Binary;
using System.Text;

namespace TaskRes.Core.Torch;

/// <summary>
/// The symbol versions that a 64-bit little-endian ELF library asks of its dependencies (section <c>.gnu.version_r</c>,
/// see "Symbol Versioning" in the Linux Standard Base). A need marked weak does not stop the library from loading.
/// </summary>
internal static class ElfVersionNeeds
{
    private const uint VersionNeedSection = 0x6ffffffe; // SHT_GNU_verneed
    private const ushort Weak = 0x2;                    // VER_FLG_WEAK

    /// <summary>Marks every need of <paramref name="version"/> in <paramref name="library"/> weak, in place.</summary>
    /// <returns>How many were marked.</returns>
    public static int MarkWeak(Span<byte> library, string version)
    {
        var wanted = Encoding.ASCII.GetBytes(version + '\0');
        var marked = 0;
        var sections = (int)BinaryPrimitives.ReadUInt64LittleEndian(library[0x28..]);
        var sectionSize = BinaryPrimitives.ReadUInt16LittleEndian(library[0x3A..]);
        var sectionCount = BinaryPrimitives.ReadUInt16LittleEndian(library[0x3C..]);
        for (var i = 0; i < sectionCount; i++)
        {
            var section = library[(sections + i * sectionSize)..];
            if (BinaryPrimitives.ReadUInt32LittleEndian(section[4..]) != VersionNeedSection) continue;
            var names = Offset(library[(sections + (int)BinaryPrimitives.ReadUInt32LittleEndian(section[0x28..]) * sectionSize)..]);

            uint nextFile;
            for (var file = Offset(section); ; file += (int)nextFile)
            {
                var versions = BinaryPrimitives.ReadUInt16LittleEndian(library[(file + 2)..]);
                var need = file + (int)BinaryPrimitives.ReadUInt32LittleEndian(library[(file + 8)..]);
                for (var v = 0; v < versions; v++)
                {
                    var name = names + (int)BinaryPrimitives.ReadUInt32LittleEndian(library[(need + 8)..]);
                    if (library[name..].StartsWith(wanted))
                    {
                        var flags = BinaryPrimitives.ReadUInt16LittleEndian(library[(need + 4)..]);
                        BinaryPrimitives.WriteUInt16LittleEndian(library[(need + 4)..], (ushort)(flags | Weak));
                        marked++;
                    }
                    need += (int)BinaryPrimitives.ReadUInt32LittleEndian(library[(need + 12)..]);
                }
                nextFile = BinaryPrimitives.ReadUInt32LittleEndian(library[(file + 12)..]);
                if (nextFile == 0) break;
            }
        }
        return marked;
    }

    /// <summary>Where a section's bytes begin in the file (sh_offset).</summary>
    private static int Offset(ReadOnlySpan<byte> section) => (int)BinaryPrimitives.ReadUInt64LittleEndian(section[0x18..]);
}
