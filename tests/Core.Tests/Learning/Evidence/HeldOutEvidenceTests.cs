using TaskRes.Core.Learning;
using TaskRes.Core.Learning.Evidence;

namespace TaskRes.Core.Tests.Learning.Evidence;

public sealed class HeldOutEvidenceTests
{
    private static readonly HeldOutEvidence Sound = new(Verdict.Improves, 4, 20, 0.5, 0.75, 1.25, 0.7, 0.1, 0.9);

    [Fact]
    public void Validate_WhatJudgingGives_Passes()
    {
        HeldOutEvidence[] sound =
        [
            Sound,
            HeldOutEvidence.None,
            Sound with { Verdict = Verdict.NoEvidence }, // the classifier is no better than chance
            Sound with { Verdict = Verdict.NoEvidence, GainLow = -0.2 },
            Sound with { Verdict = Verdict.Harms, GainLow = -0.2, GainHigh = -0.1 },
            Sound with { Folds = 20, BaseAccuracy = 0, Accuracy = 1, BaseLoss = 0, Loss = 0 },
        ];

        Assert.All(sound, evidence => evidence.Validate());
    }

    [Fact]
    public void Validate_DamagedValue_IsRefusedByName()
    {
        void Refused(string field, HeldOutEvidence evidence)
        {
            var refusal = Assert.Throws<TaskResException>(evidence.Validate);
            Assert.Equal((ErrorReason.InvalidField, $"evidence.{field}"), (refusal.Reason, refusal.Field));
        }

        foreach (var folds in new[] { -1, 0, 1, 21 }) Refused("folds", Sound with { Folds = folds });
        Refused("folds", HeldOutEvidence.None with { Accuracy = 0.5 });
        foreach (var examples in new[] { -20, 0, 3 }) Refused("examples", Sound with { Examples = examples });
        foreach (var share in new[] { double.NaN, -0.1, 1.1, double.PositiveInfinity })
        {
            Refused("base_accuracy", Sound with { BaseAccuracy = share });
            Refused("accuracy", Sound with { Accuracy = share });
        }
        foreach (var loss in new[] { double.NaN, -0.1, double.PositiveInfinity })
        {
            Refused("base_loss", Sound with { BaseLoss = loss });
            Refused("loss", Sound with { Loss = loss });
        }
        foreach (var gain in new[] { double.NaN, double.NegativeInfinity }) Refused("gain_low", Sound with { GainLow = gain });
        foreach (var gain in new[] { double.NaN, double.PositiveInfinity }) Refused("gain_high", Sound with { GainHigh = gain });
        Refused("gain_low", Sound with { GainLow = 1 });
        Refused("verdict", Sound with { GainLow = 0 });
        foreach (var verdict in new[] { 0, 5, (int)Verdict.Harms, (int)Verdict.InsufficientEvidence }) Refused("verdict", Sound with { Verdict = (Verdict)verdict });
        Refused("verdict", Sound with { Verdict = Verdict.NoEvidence, GainLow = -0.2, GainHigh = -0.1 });
        Refused("verdict", HeldOutEvidence.None with { Verdict = 0 });
    }
}
