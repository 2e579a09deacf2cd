using Google.Protobuf.WellKnownTypes;
using TaskRes.Core.Learning.Evidence;
using TaskRes.Platform.Registry;
using TaskRes.Platform.Resources;
using TaskRes.Trainer.Training;

namespace TaskRes.Trainer.Revisions;

/// <summary>Revisions as callers see them.</summary>
internal static class RevisionViews
{
    private const double Percent = 100;

    public static V1.Revision Of(RevisionRecord revision, RevisionName? live) => new()
    {
        Name = $"{revision.Name}",
        Method = revision.Method,
        Alpha = revision.Alpha,
        EncoderFingerprint = revision.EncoderFingerprint,
        ClassCount = revision.ClassCount,
        EmbeddingDimension = revision.EmbeddingDimension,
        ExampleCount = revision.ExampleCount,
        Settings = revision.Settings is { } settings ? WireSettings.From(settings) : null,
        SupportAccuracy = revision.SupportAccuracy,
        BaseSupportAccuracy = revision.BaseSupportAccuracy,
        FinalLoss = revision.FinalLoss,
        ResidualMeanAbs = revision.ResidualMeanAbs,
        Live = revision.Name == live,
        CreateTime = Timestamp.FromDateTimeOffset(revision.CreateTime),
        Evidence = revision.Evidence is { } evidence ? Of(evidence) : null,
    };

    private static V1.HeldOutEvidence Of(HeldOutEvidence evidence) => new()
    {
        Verdict = (V1.Verdict)evidence.Verdict,
        Folds = evidence.Folds,
        Examples = evidence.Examples,
        BaseAccuracy = Percent * evidence.BaseAccuracy,
        Accuracy = Percent * evidence.Accuracy,
        BaseLoss = evidence.BaseLoss,
        Loss = evidence.Loss,
        GainLow = evidence.GainLow,
        GainHigh = evidence.GainHigh,
    };
}
