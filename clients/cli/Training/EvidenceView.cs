using System.Globalization;
using TaskRes.Core.Learning;
using TaskRes.Core.Learning.Evidence;

namespace TaskRes.Cli.Training;

/// <summary>Verdicts and what they rest on, in words.</summary>
internal static class EvidenceView
{
    private const double Percent = 100;

    public static string Text(Verdict verdict) => verdict switch
    {
        Verdict.Improves => "improves",
        Verdict.Harms => "harms",
        Verdict.NoEvidence => "no evidence",
        _ => "insufficient evidence",
    };

    public static string Text(HeldOutEvidence evidence) => evidence.Folds == 0
        ? "-"
        : Text(evidence.Verdict, evidence.Examples, Percent * evidence.BaseAccuracy, Percent * evidence.Accuracy, evidence.GainLow, evidence.GainHigh);

    public static string Text(V1.HeldOutEvidence? evidence) => evidence is null
        ? "-"
        : Text((Verdict)evidence.Verdict, evidence.Examples, evidence.BaseAccuracy, evidence.Accuracy, evidence.GainLow, evidence.GainHigh);

    private static string Text(Verdict verdict, int examples, double before, double after, double low, double high) => string.Create(
        CultureInfo.InvariantCulture, $"{Text(verdict)}: {before:0.0} % → {after:0.0} % of {examples}, loss saved {low:+0.000;-0.000} to {high:+0.000;-0.000}");
}
