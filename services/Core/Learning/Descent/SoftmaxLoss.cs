using System.Numerics.Tensors;

namespace TaskRes.Core.Learning.Descent;

/// <param name="Mean">Cross-entropy, in nats.</param>
/// <param name="Accuracy">Share of the examples whose label has the largest logit, 0 to 1.</param>
internal readonly record struct BatchLoss(double Mean, double Accuracy);

/// <summary>Cross-entropy of the softmax of logits.</summary>
internal static class SoftmaxLoss
{
    /// <param name="logits">B×K; what they were becomes the gradient of the mean loss by them, <c>(p − y)/B</c>.</param>
    /// <param name="labels">B class indices.</param>
    public static BatchLoss Differentiate(Matrix logits, int[] labels)
    {
        var (loss, right) = (0.0, 0);
        for (var example = 0; example < labels.Length; example++)
        {
            var row = logits.Values.AsSpan(example * logits.Columns, logits.Columns);
            var label = labels[example];
            var (largest, labelled) = (TensorPrimitives.Max<float>(row), row[label]);
            if (labelled == largest) right++;
            TensorPrimitives.Subtract(row, largest, row);
            TensorPrimitives.Exp<float>(row, row);
            // 1 − p of the label is the sum of the others: a difference from 1 would lose what the last steps live on.
            var ofLabel = row[label];
            row[label] = 0;
            var others = Sum(row);
            row[label] = -others;
            loss += Math.Log((double)others + ofLabel) - (labelled - largest);
            TensorPrimitives.Multiply(row, 1 / ((others + ofLabel) * labels.Length), row);
        }
        return new BatchLoss(loss / labels.Length, right / (double)labels.Length);
    }

    // In one order; TensorPrimitives.Sum follows the width of the machine's vectors.
    private static float Sum(ReadOnlySpan<float> values)
    {
        var sum = 0.0;
        foreach (var value in values) sum += value;
        return (float)sum;
    }
}
