namespace TaskRes.BundledModel.Evaluation;

/// <summary>What a model makes of held-out renders; percentages.</summary>
internal sealed record HeldOutFigures
{
    /// <summary>The right one first among the names of all emoji that are trained on.</summary>
    public required double ZeroShot { get; init; }

    public required double ZeroShotTop5 { get; init; }

    /// <summary>Recall at 1 among as many texts as images.</summary>
    public required double ImageToText { get; init; }

    public required double TextToImage { get; init; }

    /// <summary>The right group of emoji that were never seen.</summary>
    public required double UnseenGroups { get; init; }

    public required double KnownGroups { get; init; }

    public required int Known { get; init; }

    public required int Names { get; init; }

    public required int Unseen { get; init; }

    public required int Groups { get; init; }

    public override string ToString() => FormattableString.Invariant(
        $"zero-shot {ZeroShot:0.0} % (top-5 {ZeroShotTop5:0.0} %) of {Known} over {Names} names, retrieval image→text {ImageToText:0.0} %, text→image {TextToImage:0.0} %, groups of {Unseen} unseen {UnseenGroups:0.0} %, of the known {KnownGroups:0.0} %, over {Groups}");
}
