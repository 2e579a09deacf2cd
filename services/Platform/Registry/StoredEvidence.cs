using TaskRes.Core.Learning;
using TaskRes.Core.Learning.Evidence;

namespace TaskRes.Platform.Registry;

/// <summary>Held-out evidence as revisions keep it.</summary>
internal static class StoredEvidence
{
    public static Stored.HeldOutEvidence Of(HeldOutEvidence evidence) => new()
    {
        Verdict = (int)evidence.Verdict,
        Folds = evidence.Folds,
        Examples = evidence.Examples,
        BaseAccuracy = evidence.BaseAccuracy,
        Accuracy = evidence.Accuracy,
        BaseLoss = evidence.BaseLoss,
        Loss = evidence.Loss,
        GainLow = evidence.GainLow,
        GainHigh = evidence.GainHigh,
    };

    public static HeldOutEvidence Read(Stored.HeldOutEvidence stored) => new(
        (Verdict)stored.Verdict, stored.Folds, stored.Examples, stored.BaseAccuracy, stored.Accuracy, stored.BaseLoss, stored.Loss, stored.GainLow, stored.GainHigh);
}
