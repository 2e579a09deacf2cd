using System.Globalization;
using TaskRes.V1;

namespace TaskRes.Cli.Revisions;

/// <summary>A revision as verbs show it.</summary>
internal static class RevisionView
{
    public static (string Name, string Value)[] Values(Revision revision) =>
    [
        ("revision", revision.Name[(revision.Name.LastIndexOf('/') + 1)..]),
        ("method", $"{revision.Method}, alpha {revision.Alpha.ToString("0.###", CultureInfo.InvariantCulture)}"),
        ("examples", revision.ExampleCount.ToString(CultureInfo.InvariantCulture)),
        ("support accuracy", $"{Percent(revision.SupportAccuracy)} (base: {Percent(revision.BaseSupportAccuracy)})"),
        ("final loss", revision.FinalLoss.ToString("0.0000", CultureInfo.InvariantCulture)),
        ("live", revision.Live ? "yes" : "no"),
    ];

    public static string Percent(double percent) => percent.ToString("0.0", CultureInfo.InvariantCulture) + " %";
}
