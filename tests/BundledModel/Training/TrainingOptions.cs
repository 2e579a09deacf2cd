namespace TaskRes.BundledModel.Training;

/// <summary>One training run. The same options and thread count give the same model.</summary>
internal sealed record TrainingOptions
{
    /// <summary>Holds the tokenizer, the state from which training goes on, and the log.</summary>
    public required string WorkFolder { get; init; }

    /// <summary>Steps in all: the learning rate comes down to zero over them.</summary>
    public int Steps { get; init; } = 8_000;

    /// <summary>Emoji a step, each once.</summary>
    public int BatchSize { get; init; } = 128;

    /// <summary>The learning rate at its highest.</summary>
    public double LearningRate { get; init; } = 1e-3;

    public int WarmupSteps { get; init; } = 100;

    public int Seed { get; init; } = 1;

    public int StepsPerCheckpoint { get; init; } = 100;

    public int StepsPerEvaluation { get; init; } = 200;

    public string StatePath => StateIn(WorkFolder);

    public string LogPath => Path.Combine(WorkFolder, "log.tsv");

    public static string StateIn(string workFolder) => Path.Combine(workFolder, "state.safetensors");

    /// <summary>Linear from zero, then half a cosine back to it.</summary>
    public double LearningRateAt(int step)
    {
        if (step < WarmupSteps) return LearningRate * (step + 1) / WarmupSteps;
        var share = (step - WarmupSteps) / (double)Math.Max(1, Steps - WarmupSteps);
        return LearningRate * 0.5 * (1 + Math.Cos(Math.PI * Math.Min(1, share)));
    }
}
