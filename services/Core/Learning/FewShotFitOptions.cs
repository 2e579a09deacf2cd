using TaskRes.Core.Learning.Methods;

namespace TaskRes.Core.Learning;

/// <summary>A fit on ready features.</summary>
public sealed record FewShotFitOptions
{
    /// <summary>The base that is made of the training features themselves.</summary>
    public const string ClassMean = "class-mean";

    /// <summary>The safetensors file of features.</summary>
    public required string Features { get; init; }

    /// <summary>Prefix of the training set: tensors <c>PREFIX.features</c> (N×D) and <c>PREFIX.labels</c> (N).</summary>
    public required string Train { get; init; }

    /// <summary>Prefix of the test set; null for none.</summary>
    public string? Test { get; init; }

    /// <summary>Name of the tensor with the base classifier (K×D), or <see cref="ClassMean"/>.</summary>
    public string Base { get; init; } = "base";

    /// <summary>Name of a tensor of epochs×N that fixes the batches; null to shuffle by the seed.</summary>
    public string? Order { get; init; }

    /// <summary>Where to write <c>residual</c>, <c>base</c>, <c>alpha</c> and <c>losses</c>; null for nowhere.</summary>
    public string? Out { get; init; }

    /// <summary>s; null for the file's metadata <c>logit_scale</c>, and 100 where it has none.</summary>
    public double? LogitScale { get; init; }

    /// <summary>Name of the tensor with the text projection (C×D), which <c>taskres-enhanced</c> tunes; null for none.</summary>
    public string? TextProjection { get; init; }

    /// <summary>The text tower, which <c>coop</c> learns prompts through; null for none.</summary>
    public IPromptTower? Prompts { get; init; }

    public TrainingSettings Settings { get; init; } = new();
}
