using Google.Protobuf.WellKnownTypes;
using TaskRes.Platform.Registry;
using TaskRes.Platform.Resources;
using TaskRes.Trainer.Training;

namespace TaskRes.Trainer.Revisions;

/// <summary>Revisions as callers see them.</summary>
internal static class RevisionViews
{
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
    };
}
