using TaskRes.Core.Learning.Classifiers;

namespace TaskRes.Core.Learning.Methods;

/// <summary>CLIP as it is: the base alone.</summary>
internal sealed class ZeroShot : IFewShotMethod
{
    public string Name => Revision.ZeroShotMethod;

    public string Summary => "nothing: the base alone";

    public TrainingSettings Defaults { get; } = new() { Method = Revision.ZeroShotMethod, Alpha = 0 };

    public FittedMethod Fit(FewShotTask task, TrainingSettings settings, IProgress<EpochProgress>? progress, CancellationToken cancellationToken) =>
        new(FewShotClassifier.ZeroShot(task.Base, task.LogitScale), []);
}
