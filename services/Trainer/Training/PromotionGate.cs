using TaskRes.Core;
using TaskRes.Core.Learning;
using TaskRes.Core.Learning.Evidence;
using TaskRes.Platform.Registry;
using TaskRes.Trainer.Jobs;

namespace TaskRes.Trainer.Training;

/// <summary>What may go live, by what held-out examples say of it.</summary>
internal static class PromotionGate
{
    public static bool Opens(PromotionPolicy policy, HeldOutEvidence? evidence) => policy switch
    {
        PromotionPolicy.Always => true,
        PromotionPolicy.OnSuccess => evidence?.Verdict is not Verdict.Harms,
        PromotionPolicy.IfImproved => evidence?.Verdict is Verdict.Improves,
        _ => false,
    };

    /// <exception cref="TaskResException">RevisionHarms.</exception>
    public static void Require(RevisionRecord revision)
    {
        if (revision.Evidence is not { Verdict: Verdict.Harms } evidence) return;
        throw new TaskResException(
            ErrorReason.RevisionHarms,
            FormattableString.Invariant($"{revision.Name} is worse than the base on {evidence.Examples} held-out examples (loss {evidence.Loss:0.0000} against {evidence.BaseLoss:0.0000}): keep what is live, add examples, or promote it with force."))
        {
            Field = "name",
            Metadata = new Dictionary<string, string>
            {
                ["revision"] = $"{revision.Name}",
                ["held_out"] = $"{evidence.Examples}",
                ["loss"] = FormattableString.Invariant($"{evidence.Loss:R}"),
                ["base_loss"] = FormattableString.Invariant($"{evidence.BaseLoss:R}"),
            },
        };
    }
}
