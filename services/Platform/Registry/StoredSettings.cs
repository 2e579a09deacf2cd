using TaskRes.Core.Learning;

namespace TaskRes.Platform.Registry;

/// <summary>Training settings as revisions and jobs keep them.</summary>
internal static class StoredSettings
{
    public static Stored.TrainingSettings Of(TrainingSettings settings)
    {
        var stored = new Stored.TrainingSettings
        {
            Method = settings.Method,
            Alpha = settings.Alpha,
            LearningRate = settings.LearningRate,
            WeightDecay = settings.WeightDecay,
            BatchSize = settings.BatchSize,
            Seed = settings.Seed,
            WarmupLearningRate = settings.WarmupLearningRate,
            ChooseAlpha = settings.ChooseAlpha,
            Folds = settings.Folds,
        };
        if (settings.Epochs is { } epochs) stored.Epochs = epochs;
        return stored;
    }

    public static TrainingSettings Read(Stored.TrainingSettings stored) => new()
    {
        Method = stored.Method,
        Alpha = stored.Alpha,
        Epochs = stored.HasEpochs ? stored.Epochs : null,
        LearningRate = stored.LearningRate,
        WeightDecay = stored.WeightDecay,
        BatchSize = stored.BatchSize,
        Seed = stored.Seed,
        WarmupLearningRate = stored.WarmupLearningRate,
        ChooseAlpha = stored.ChooseAlpha,
        Folds = stored.Folds,
    };
}
