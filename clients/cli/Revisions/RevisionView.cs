using System.Globalization;
using TaskRes.Cli.Training;
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
        ("support accuracy", $"{Accuracy(revision, revision.SupportAccuracy)} (base: {Accuracy(revision, revision.BaseSupportAccuracy)})"),
        ("final loss", revision.FinalLoss.ToString("0.0000", CultureInfo.InvariantCulture)),
        ("held out", EvidenceView.Text(revision.Evidence)),
        ("live", revision.Live ? "yes" : "no"),
    ];

    /// <summary>Percent of the examples; a dash where there were none, as for zero-shot.</summary>
    public static string Accuracy(Revision revision, double percent) =>
        revision.ExampleCount == 0 ? "-" : percent.ToString("0.0", CultureInfo.InvariantCulture) + " %";
}
