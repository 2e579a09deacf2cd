using TaskRes.Core.Learning.Difficulty;
using TaskRes.Platform.Resources;

namespace TaskRes.Trainer.Training;

/// <summary>Difficulty as callers see it.</summary>
internal static class DifficultyViews
{
    private const double Percent = 100;

    public static V1.Difficulty Of(DifficultyReport report, RevisionName? revision, IReadOnlyList<string> classNames, IReadOnlyList<string> digests) => new()
    {
        Revision = revision is { } name ? $"{name}" : "",
        Examples = report.Examples,
        ZeroShotAccuracy = Of(report.ZeroShotAccuracy, Percent),
        RelativeTransferDifficulty = Of(report.RelativeTransferDifficulty),
        AccuracyAboveChance = Of(report.AccuracyAboveChance, Percent),
        ZeroShotMargin = Of(report.ZeroShotMargin),
        IntraInterRatio = Of(report.IntraInterRatio),
        SupportTextGap = Of(report.SupportTextGap),
        Classes = { report.Classes.Select(one => Of(one, classNames)) },
        Suspects =
        {
            report.Suspects.Where(suspect => suspect.Example < digests.Count).Select(suspect => new V1.LabelSuspect
            {
                Digest = digests[suspect.Example],
                ClassName = classNames[suspect.ClassIndex],
                LikelyClassName = classNames[suspect.LikelyClassIndex],
                Probability = Percent * suspect.Probability,
            }),
        },
    };

    private static V1.ClassDifficulty Of(ClassDifficulty one, IReadOnlyList<string> classNames) => new()
    {
        ClassName = classNames[one.ClassIndex],
        Shots = one.Shots,
        ZeroShotRecall = Of(one.ZeroShotRecall, Percent),
        HeldOutRecall = Of(one.HeldOutRecall, Percent),
        RelativeResidual = one.RelativeResidual,
        HeldOutGain = Of(one.HeldOutGain),
        Confusions = { one.Confusions.Select(confusion => new V1.Confusion { ClassName = classNames[confusion.ClassIndex], Share = Percent * confusion.Share }) },
        NeedsMoreImages = one.NeedsMoreImages,
    };

    private static V1.Measure? Of(Measure? measure, double unit = 1) =>
        measure is null ? null : new V1.Measure { Value = unit * measure.Value, Low = unit * measure.Low, High = unit * measure.High };
}
