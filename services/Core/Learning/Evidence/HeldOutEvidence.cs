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
}
