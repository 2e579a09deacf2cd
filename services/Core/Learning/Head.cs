using System.Buffers;
using System.Numerics.Tensors;
using TaskRes.Core.Learning.Classifiers;

namespace TaskRes.Core.Learning;

/// <summary>A revision made ready to serve. Immutable, so safe to share between threads.</summary>
/// <param name="revision">What to serve.</param>
public sealed class Head(Revision revision)
{
    private readonly IReadOnlyList<string> _classNames = revision.ClassNames;
    private readonly Scorer _classifier = new(revision.Classifier);

    /// <summary>K.</summary>
    public int Classes => _classifier.Classes;

    /// <summary>D.</summary>
    public int Dimensions => _classifier.Dimensions;

    /// <summary>Memory that it takes, about.</summary>
    public long Bytes { get; } = sizeof(float) * revision.Classifier.ServedValues;

    /// <summary>The likeliest classes, the likeliest first; of equal ones the first in the task's order comes first.</summary>
    /// <param name="rawEmbedding">An image embedding of D dimensions, normalised or not.</param>
    /// <param name="k">How many, at least 1; all where there are fewer.</param>
    /// <exception cref="TaskResException">FeaturesInvalid for another dimension, NaN, infinity or zero; InvalidField for k.</exception>
    public IReadOnlyList<Prediction> TopK(ReadOnlySpan<float> rawEmbedding, int k)
    {
        if (k < 1) throw TaskResException.Invalid("top_k", $"{k} is out of range; ask for 1 class at the least.");
        var scratch = ArrayPool<float>.Shared.Rent(2 * Classes);
        try
        {
            return TopK(rawEmbedding, Math.Min(k, Classes), scratch.AsSpan(0, Classes), scratch.AsSpan(Classes, Classes));
        }
        finally
        {
            ArrayPool<float>.Shared.Return(scratch);
        }
    }

    private Prediction[] TopK(ReadOnlySpan<float> rawEmbedding, int k, Span<float> logits, Span<float> exponentials)
    {
        _classifier.Logits(rawEmbedding, logits);

        // Softmax, of which the best alone are divided. The largest logit is taken off first: e^100 is beyond a float.
        TensorPrimitives.Subtract(logits, TensorPrimitives.Max<float>(logits), exponentials);
        TensorPrimitives.Exp<float>(exponentials, exponentials);
        var sum = TensorPrimitives.Sum<float>(exponentials);

        var best = Largest(logits, k);
        var predictions = new Prediction[k];
        for (var rank = 0; rank < k; rank++)
        {
            var index = best[rank];
            predictions[rank] = new Prediction(index, _classNames[index], exponentials[index] / sum, logits[index]);
        }
        return predictions;
    }

    private static int[] Largest(ReadOnlySpan<float> logits, int k)
    {
        var best = new int[k];
        var kept = 0;
        for (var index = 0; index < logits.Length; index++)
        {
            var place = kept;
            while (place > 0 && logits[index] > logits[best[place - 1]]) place--;
            if (place == k) continue;
            kept = Math.Min(kept + 1, k);
            best.AsSpan(place, kept - place - 1).CopyTo(best.AsSpan(place + 1));
            best[place] = index;
        }
        return best;
    }
}
