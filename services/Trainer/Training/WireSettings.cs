using TaskRes.Core;
using TaskRes.Core.Learning;
using TaskRes.Core.Learning.Methods;

namespace TaskRes.Trainer.Training;

/// <summary>Training settings on the wire; what is unset there is a default here.</summary>
internal static class WireSettings
{
    private const int UsualFolds = 4;

    /// <exception cref="TaskResException">InvalidField, naming the setting and its range.</exception>
    public static TrainingSettings Parse(V1.TrainingSettings? wire)
    {
        wire ??= new V1.TrainingSettings();
        if (wire is { HasSeed: true, Seed: < 0 }) throw TaskResException.Invalid("settings.seed", $"{wire.Seed} is negative; give 0 or more.");
        if (wire is { HasAlpha: true, Alpha: 0 }) throw TaskResException.Invalid("settings.alpha", "with 0 nothing would be trained; give a value above 0 and up to 10.");
        var method = wire.Method is "" ? TrainingSettings.TaskRes : wire.Method;
        var defaults = method == FewShotMethods.Auto ? new TrainingSettings() : FewShotMethods.Find(method).Defaults;
        var settings = defaults with
        {
            Method = method,
            Alpha = wire.HasAlpha ? wire.Alpha : defaults.Alpha,
            Epochs = wire.Epochs == 0 ? defaults.Epochs : wire.Epochs,
            LearningRate = wire.HasLearningRate ? wire.LearningRate : defaults.LearningRate,
            WeightDecay = wire.HasWeightDecay ? wire.WeightDecay : defaults.WeightDecay,
            BatchSize = wire.BatchSize == 0 ? defaults.BatchSize : wire.BatchSize,
            Seed = wire.HasSeed ? (ulong)wire.Seed : defaults.Seed,
            ChooseAlpha = wire.ChooseAlpha || (!wire.HasAlpha && defaults.ChooseAlpha),
            Folds = wire.HasFolds ? wire.Folds : UsualFolds,
        };
        settings.Validate();
        return settings;
    }

    public static V1.TrainingSettings From(TrainingSettings settings) => new()
    {
        Method = settings.Method,
        Alpha = settings.Alpha,
        Epochs = settings.Epochs ?? 0,
        LearningRate = settings.LearningRate,
        WeightDecay = settings.WeightDecay,
        BatchSize = settings.BatchSize,
        Seed = (long)settings.Seed,
        ChooseAlpha = settings.ChooseAlpha,
        Folds = settings.Folds,
    };
}
