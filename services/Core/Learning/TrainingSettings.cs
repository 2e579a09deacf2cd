using System.Text.Json.Serialization;
using TaskRes.Core.Learning.Evidence;
using TaskRes.Core.Learning.Methods;

namespace TaskRes.Core.Learning;

/// <summary>How a residual is trained. The defaults are those of the TaskRes paper's released scripts.</summary>
public sealed record TrainingSettings
{
    /// <summary>The method that is used where none is named.</summary>
    public const string TaskRes = "taskres";

    internal const int FewestFolds = 2;
    internal const int MostFolds = 20;

    private const int FewShots = 4;

    /// <summary>What is trained: one of <see cref="FewShotMethods.All"/>.</summary>
    public string Method { get; init; } = TaskRes;

    /// <summary>
    /// α, the weight of the residual: 0 to 10. The paper uses 0.5, and 1 for Flowers102; with 0 nothing is learnt. The weight of
    /// what stands beside the base in the methods that have it (<c>tip-adapter</c>, <c>gda</c>).
    /// </summary>
    public double Alpha { get; init; } = 0.5;

    /// <summary>
    /// Choose the weight of what is learnt by held-out examples, 0 among the choices, in place of α: <see cref="WeightChoice"/>.
    /// Where nothing can be held out, <see cref="ClassShrinkage"/> decides.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool ChooseAlpha { get; init; }

    /// <summary>How many parts of the examples are held out in turn to judge the result by, 2 to 20; 0 for none, and no verdict.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Folds { get; init; }

    /// <summary>Passes over the examples, 1 to 10,000; null for 100 up to 4 shots and 200 above.</summary>
    public int? Epochs { get; init; }

    /// <summary>Adam's peak step size: above 0, up to 1. The paper uses 2e-4 for ImageNet.</summary>
    public double LearningRate { get; init; } = 2e-3;

    /// <summary>Coupled L2 penalty, added to the gradient: 0 to 1.</summary>
    public double WeightDecay { get; init; } = 5e-4;

    /// <summary>Examples a step, 1 to 65,536.</summary>
    public int BatchSize { get; init; } = 256;

    /// <summary>Fixes shuffles and the choice of views.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>The step size of the first epoch: above 0, up to 1.</summary>
    public double WarmupLearningRate { get; init; } = 1e-5;

    /// <summary>The epochs a support set is trained for.</summary>
    /// <param name="shots">Examples of the class that has the most.</param>
    public int EpochsFor(int shots) => Epochs ?? (shots <= FewShots ? 100 : 200);

    /// <exception cref="TaskResException">InvalidField, naming the setting, its value and its range.</exception>
    public void Validate()
    {
        if (Method != FewShotMethods.Auto) _ = FewShotMethods.Find(Method);
        Require(Folds is 0 or (>= FewestFolds and <= MostFolds), "folds", Folds, $"from {FewestFolds} to {MostFolds}, or 0 for none");
        Require(Alpha is >= 0 and <= 10, "alpha", Alpha, "from 0 to 10");
        Require(Epochs is null or (>= 1 and <= 10_000), "epochs", Epochs, "from 1 to 10000");
        Require(LearningRate is > 0 and <= 1, "learning_rate", LearningRate, "above 0 and up to 1");
        Require(WeightDecay is >= 0 and <= 1, "weight_decay", WeightDecay, "from 0 to 1");
        Require(BatchSize is >= 1 and <= 65_536, "batch_size", BatchSize, "from 1 to 65536");
        Require(WarmupLearningRate is > 0 and <= 1, "warmup_learning_rate", WarmupLearningRate, "above 0 and up to 1");
    }

    private static void Require(bool holds, string setting, object? value, string range)
    {
        if (!holds) throw TaskResException.Invalid($"settings.{setting}", $"{value} is out of range; give a value {range}.");
    }
}
