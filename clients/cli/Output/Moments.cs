using System.Globalization;
using Google.Protobuf.WellKnownTypes;

namespace TaskRes.Cli.Output;

internal static class Moments
{
    /// <summary>In UTC, to the second; a dash where there is none.</summary>
    public static string Text(Timestamp? moment) =>
        moment?.ToDateTime().ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? "-";
}
