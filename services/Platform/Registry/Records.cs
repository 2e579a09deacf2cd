using TaskRes.Core.Learning;
using TaskRes.Core.Learning.Evidence;
using TaskRes.Platform.Embeddings;
using TaskRes.Platform.Resources;

namespace TaskRes.Platform.Registry;

/// <summary>A task as stored.</summary>
public sealed record TaskRecord
{
    public required TaskName Name { get; init; }

    public required IReadOnlyList<string> ClassNames { get; init; }

    /// <summary>Empty where the base is of class means.</summary>
    public required IReadOnlyList<string> Templates { get; init; }

    public required BaseKind BaseKind { get; init; }

    public required string EncoderFingerprint { get; init; }

    /// <summary>The revision with a residual of zero, whose base training starts from; null where the base is of class means.</summary>
    public required string? ZeroShotRevision { get; init; }

    public required DateTimeOffset CreateTime { get; init; }
}

/// <summary>A labelled image as stored: its name, its class and its embeddings, the evaluation crop's first.</summary>
public sealed record ExampleRecord(Sha256Digest Digest, int ClassIndex, IReadOnlyList<float[]> Views);

public enum ExampleOutcome
{
    Added,
    Unchanged,
    Replaced,
}

/// <summary>What lists say of a revision; the whole of it is a <see cref="Core.Learning.Revision"/>.</summary>
public sealed record RevisionRecord
{
    public required RevisionName Name { get; init; }

    public required string Method { get; init; }

    public required double Alpha { get; init; }

    public required string EncoderFingerprint { get; init; }

    public required int ClassCount { get; init; }

    public required int EmbeddingDimension { get; init; }

    public required int ExampleCount { get; init; }

    /// <summary>Null on the zero-shot revision.</summary>
    public required TrainingSettings? Settings { get; init; }

    /// <summary>In percent.</summary>
    public required double SupportAccuracy { get; init; }

    /// <summary>In percent.</summary>
    public required double BaseSupportAccuracy { get; init; }

    public required double FinalLoss { get; init; }

    /// <summary>Mean |x|.</summary>
    public required double ResidualMeanAbs { get; init; }

    /// <summary>What held-out examples say; its accuracies from 0 to 1. Null where none were held out.</summary>
    public required HeldOutEvidence? Evidence { get; init; }

    public required DateTimeOffset CreateTime { get; init; }
}

/// <param name="Size">1–500.</param>
/// <param name="Token">Null or empty for the first page.</param>
public sealed record PageRequest(int Size, string? Token);

/// <param name="NextToken">Null on the last page.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? NextToken);
