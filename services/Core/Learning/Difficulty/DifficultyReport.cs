namespace TaskRes.Core.Learning.Difficulty;

/// <summary>A number with its 95 % bootstrap interval.</summary>
public sealed record Measure(double Value, double Low, double High);

/// <summary>
/// How hard a task is for the base, and where a residual has work to do: what the paper asks for as future work (section 5:
/// transfer difficulty beyond the class-agnostic RTD).
/// </summary>
public sealed record DifficultyReport
{
    /// <summary>N.</summary>
    public required int Examples { get; init; }

    /// <summary>Of the base on the examples, 0 to 1.</summary>
    public required Measure ZeroShotAccuracy { get; init; }

    /// <summary>RTD: the accuracy of guessing over that of the base, <c>(1/K)/acc</c>; high is hard. It falls with K by itself.</summary>
    public required Measure RelativeTransferDifficulty { get; init; }

    /// <summary><c>(acc − 1/K)/(1 − 1/K)</c>: 0 for guessing and 1 for no error whatever K.</summary>
    public required Measure AccuracyAboveChance { get; init; }

    /// <summary>The cosine with the own class's text less that with the best other's, on average.</summary>
    public required Measure ZeroShotMargin { get; init; }

    /// <summary>
    /// The mean cosine of examples of one class over that of examples of two: near 1 the images themselves do not tell the
    /// classes apart. Null where no class has two examples.
    /// </summary>
    public required Measure? IntraInterRatio { get; init; }

    /// <summary>1 less the cosine of an example with its class's text, on average.</summary>
    public required Measure SupportTextGap { get; init; }

    /// <summary>K, in the task's order.</summary>
    public required IReadOnlyList<ClassDifficulty> Classes { get; init; }

    /// <summary>Examples whose label those around them speak against, the likeliest mistakes first; at most 20.</summary>
    public required IReadOnlyList<LabelSuspect> Suspects { get; init; }
}

/// <summary>One class of a task.</summary>
public sealed record ClassDifficulty
{
    /// <summary>Its place among the task's class names.</summary>
    public required int ClassIndex { get; init; }

    public required int Shots { get; init; }

    /// <summary>The share of its examples that the base gets right; null without examples.</summary>
    public required Measure? ZeroShotRecall { get; init; }

    /// <summary>The same of those held out, by what was trained without them; null where none were.</summary>
    public required Measure? HeldOutRecall { get; init; }

    /// <summary>‖αx_k‖/‖t_k‖; 0 before any training.</summary>
    public required double RelativeResidual { get; init; }

    /// <summary>Loss saved on its held-out examples, in nats; null where none were.</summary>
    public required Measure? HeldOutGain { get; init; }

    /// <summary>What its examples are taken for, the most frequent first; at most 3.</summary>
    public required IReadOnlyList<Confusion> Confusions { get; init; }

    /// <summary>It has fewer than two examples, or is recognised clearly less often than the others: <see cref="DifficultyAnalysis"/>.</summary>
    public required bool NeedsMoreImages { get; init; }
}

/// <param name="ClassIndex">The other class.</param>
/// <param name="Share">Of the examples, 0 to 1.</param>
public sealed record Confusion(int ClassIndex, double Share);

/// <summary>An example that may be mislabelled.</summary>
/// <param name="Example">Its index.</param>
/// <param name="ClassIndex">Its label.</param>
/// <param name="LikelyClassIndex">What it is taken for when held out.</param>
/// <param name="Probability">Of that.</param>
public sealed record LabelSuspect(int Example, int ClassIndex, int LikelyClassIndex, double Probability);
