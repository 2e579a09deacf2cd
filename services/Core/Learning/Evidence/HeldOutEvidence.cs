using System.Text.Json.Serialization;

namespace TaskRes.Core.Learning.Evidence;

/// <summary>
/// What examples that a classifier was not trained on say of it against the base. Accuracies are from 0 to 1; losses are the
/// mean negative log-likelihood in nats, each classifier at the temperature that suits it best: a residual must not be praised
/// for being as modest as the base should have been.
/// </summary>
/// <param name="Verdict">Whether it is better.</param>
/// <param name="Folds">How many times the method was trained without a part of the examples; 0 where none could be held out.</param>
/// <param name="Examples">How many were held out in all.</param>
/// <param name="BaseAccuracy">Of the base on them.</param>
/// <param name="Accuracy">Of the classifier.</param>
/// <param name="BaseLoss">Of the base.</param>
/// <param name="Loss">Of the classifier.</param>
/// <param name="GainLow">The loss saved, an example, at the lower end of its interval.</param>
/// <param name="GainHigh">And at the upper.</param>
public sealed record HeldOutEvidence(
    Verdict Verdict, int Folds, int Examples, double BaseAccuracy, double Accuracy, double BaseLoss, double Loss, double GainLow, double GainHigh)
{
    /// <summary>Too few examples to hold any out.</summary>
    public static HeldOutEvidence None { get; } = new(Verdict.InsufficientEvidence, 0, 0, 0, 0, 0, 0, 0, 0);

    /// <summary>The loss saved, an example.</summary>
    [JsonIgnore]
    public double Gain => BaseLoss - Loss;

    /// <summary>What must hold of evidence that comes from a file or a store.</summary>
    /// <exception cref="TaskResException">InvalidField, naming the value and its range.</exception>
    public void Validate()
    {
        Require(Enum.IsDefined(Verdict), "verdict", Verdict, "one of those that there are");
        if (this == None) return;
        Require(Folds is >= TrainingSettings.FewestFolds and <= TrainingSettings.MostFolds, "folds", Folds, $"from {TrainingSettings.FewestFolds} to {TrainingSettings.MostFolds}");
        Require(Examples >= Folds, "examples", Examples, $"{Folds} or more, one for each fold");
        Require(BaseAccuracy is >= 0 and <= 1, "base_accuracy", BaseAccuracy, "from 0 to 1");
        Require(Accuracy is >= 0 and <= 1, "accuracy", Accuracy, "from 0 to 1");
        Require(BaseLoss is >= 0 and < double.PositiveInfinity, "base_loss", BaseLoss, "finite and 0 or more");
        Require(Loss is >= 0 and < double.PositiveInfinity, "loss", Loss, "finite and 0 or more");
        Require(double.IsFinite(GainHigh), "gain_high", GainHigh, "finite");
        Require(double.IsFinite(GainLow) && GainLow <= GainHigh, "gain_low", GainLow, $"finite and {GainHigh} or less");
        Require(
            Verdict switch { Verdict.Improves => GainLow > 0, Verdict.Harms => GainHigh < 0, Verdict.NoEvidence => GainHigh >= 0, _ => false },
            "verdict", Verdict, $"what a gain from {GainLow} to {GainHigh} on {Examples} examples comes to");
    }

    private static void Require(bool holds, string name, object value, string range)
    {
        if (!holds) throw TaskResException.Invalid($"evidence.{name}", $"{value} is out of range; it must be {range}.");
    }
}
