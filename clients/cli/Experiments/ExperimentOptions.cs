using System.Globalization;
using TaskRes.Core.Learning;

namespace TaskRes.Cli.Experiments;

/// <summary>What the experiments of a run have in common.</summary>
internal sealed record ExperimentOptions
{
    /// <summary>Images a class; 0 is zero-shot and is always measured.</summary>
    public required IReadOnlyList<int> Shots { get; init; }

    /// <summary>Each draws other shots and shuffles them otherwise.</summary>
    public required IReadOnlyList<ulong> Seeds { get; init; }

    public required IReadOnlyList<string> Methods { get; init; }

    /// <summary>Augmented views of each training image beside the evaluation crop.</summary>
    public required int Views { get; init; }

    /// <summary>α of TaskRes; null for the paper's, which is the dataset's own.</summary>
    public double? Alpha { get; init; }

    /// <summary>Choose each method's weight by held-out shots in place of α.</summary>
    public bool ChooseAlpha { get; init; }

    /// <summary>Step size of TaskRes; null for the paper's, which is the dataset's own.</summary>
    public double? LearningRate { get; init; }

    /// <summary>Null for the methods' own.</summary>
    public int? Epochs { get; init; }

    /// <summary>Leave the underscores in class names, as the released code does.</summary>
    public bool KeepUnderscores { get; init; }

    /// <summary>For datasets that have no templates of their own.</summary>
    public IReadOnlyList<string> Templates { get; init; } = [PromptTemplates.Default];

    /// <summary>What of the settings makes another result, as text.</summary>
    public static string Describe(TrainingSettings settings, int views) => string.Create(
        CultureInfo.InvariantCulture,
        $"alpha={(settings.ChooseAlpha ? "auto" : $"{settings.Alpha:R}")};lr={settings.LearningRate:R};wd={settings.WeightDecay:R};batch={settings.BatchSize};epochs={(settings.Epochs is { } epochs ? $"{epochs}" : "auto")};views={views}");
}
