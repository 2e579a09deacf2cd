using System.Numerics.Tensors;

namespace TaskRes.Core.Learning.Evidence;

/// <summary>Each example's negative log-likelihood at the one temperature that makes their sum the least.</summary>
/// <param name="Values">M losses in nats.</param>
/// <param name="Sharpness">What the logits are multiplied by.</param>
/// <param name="Predicted">The class of each example's largest logit.</param>
/// <param name="Confidence">Its probability.</param>
/// <param name="Correct">Whether it is the example's own.</param>
/// <param name="Classes">K.</param>
internal sealed record CalibratedLosses(double[] Values, double Sharpness, int[] Predicted, double[] Confidence, bool[] Correct, int Classes)
{
    private const double Widest = 20;
    private const int Halvings = 24;

    public double Mean => Values.Average();

    public double Accuracy => Correct.Count(right => right) / (double)Correct.Length;

    /// <param name="logits">M×K.</param>
    /// <param name="labels">M class indices.</param>
    public static CalibratedLosses Of(Matrix logits, int[] labels)
    {
        // The mean is convex in the sharpness: golden section on its logarithm.
        var (low, high, ratio) = (Math.Log(1 / Widest), Math.Log(Widest), (Math.Sqrt(5) - 1) / 2);
        double Loss(double logSharpness) => Losses(logits, labels, Math.Exp(logSharpness)).Average();
        var (left, right) = (high - (ratio * (high - low)), low + (ratio * (high - low)));
        var (atLeft, atRight) = (Loss(left), Loss(right));
        for (var step = 0; step < Halvings; step++)
            if (atLeft <= atRight)
            {
                (high, right, atRight) = (right, left, atLeft);
                left = high - (ratio * (high - low));
                atLeft = Loss(left);
            }
            else
            {
                (low, left, atLeft) = (left, right, atRight);
                right = low + (ratio * (high - low));
                atRight = Loss(right);
            }

        var sharpness = Math.Exp((low + high) / 2);
        int[] predicted = [.. labels.Select((_, row) => TensorPrimitives.IndexOfMax(logits.Row(row)))];
        return new CalibratedLosses(
            Losses(logits, labels, sharpness),
            sharpness,
            predicted,
            [.. Losses(logits, predicted, sharpness).Select(loss => Math.Exp(-loss))],
            [.. predicted.Zip(labels, (own, label) => own == label)],
            logits.Columns);
    }

    private static double[] Losses(Matrix logits, int[] labels, double sharpness)
    {
        var (losses, scaled) = (new double[labels.Length], new float[logits.Columns]);
        for (var row = 0; row < labels.Length; row++)
        {
            var values = logits.Row(row);
            TensorPrimitives.Subtract(values, TensorPrimitives.Max(values), scaled);
            TensorPrimitives.Multiply(scaled, (float)sharpness, scaled);
            var labelled = scaled[labels[row]];
            TensorPrimitives.Exp<float>(scaled, scaled);
            losses[row] = Math.Log(TensorPrimitives.Sum<float>(scaled)) - labelled;
        }
        return losses;
    }
}
