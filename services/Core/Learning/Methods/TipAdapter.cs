using TaskRes.Core.Learning.Classifiers;

namespace TaskRes.Core.Learning.Methods;

/// <summary>
/// Tip-Adapter (Zhang, Zhang, Fang, Gao, Li, Dai, Qiao, Li: "Tip-Adapter: Training-free Adaption of CLIP for Few-shot
/// Classification", ECCV 2022): a cache of the examples beside the base. A key is the mean of an example's views.
/// </summary>
internal sealed class TipAdapter : IFewShotMethod
{
    /// <summary>How sharply a key answers to what is near it.</summary>
    internal const double UsualBeta = 5.5;

    public string Name => "tip-adapter";

    public string Summary => "a cache of the examples; nothing is trained";

    public TrainingSettings Defaults { get; } = new() { Method = "tip-adapter", Alpha = 1 };

    public IReadOnlyList<double> Weights { get; } = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20];

    public FittedMethod Fit(FewShotTask task, TrainingSettings settings, IProgress<EpochProgress>? progress, CancellationToken cancellationToken) =>
        new(Classifier(task, Keys(task.Support), settings), []);

    internal static FewShotClassifier Classifier(FewShotTask task, Matrix keys, TrainingSettings settings) =>
        FewShotClassifier.ZeroShot(task.Base, task.LogitScale) with { Added = new CacheLogits(keys, Labels(task.Support), settings.Alpha, UsualBeta) };

    /// <summary>N×D.</summary>
    internal static Matrix Keys(SupportSet support) =>
        support.Views.Skip(1).Aggregate(support.Views[0], (sum, view) => Dense.Sum(sum, view)).Normalized("examples");

    private static Matrix Labels(SupportSet support) => new(1, support.Count, [.. support.Labels.Select(label => (float)label)]);
}
