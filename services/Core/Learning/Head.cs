using System.Numerics.Tensors;

namespace TaskRes.Core.Learning;

/// <summary>A revision made ready to serve. Immutable, so safe to share between threads.</summary>
/// <param name="revision">What to serve.</param>
public sealed class Head(Revision revision)
{
    private readonly IReadOnlyList<string> _classNames = revision.ClassNames;
    private readonly CosineClassifier _classifier = new(revision.Base, revision.Residual, revision.Alpha, revision.LogitScale);

    /// <summary>K.</summary>
    public int Classes => _classifier.Classes;

    /// <summary>D.</summary>
    public int Dimensions => _classifier.Dimensions;

    /// <summary>The likeliest classes, the likeliest first; of equal ones the first in the task's order comes first.</summary>
    /// <param name="rawEmbedding">An image embedding of D dimensions, normalised or not.</param>
    /// <param name="k">How many, at least 1; all where there are fewer.</param>
    /// <exception cref="TaskResException">FeaturesInvalid for another dimension, NaN, infinity or zero; InvalidField for k.</exception>
    public IReadOnlyList<Prediction> TopK(ReadOnlySpan<float> rawEmbedding, int k)
    {
        if (k < 1) throw TaskResException.Invalid("top_k", $"{k} is out of range; ask for 1 class at the least.");
        var logits = new float[Classes];
        _classifier.Logits(rawEmbedding, logits);

        // The largest logit is taken off first: e^100 is beyond a float.
        var probabilities = new float[Classes];
        TensorPrimitives.Subtract(logits, TensorPrimitives.Max(logits), probabilities);
        TensorPrimitives.SoftMax(probabilities, probabilities);

        return Array.ConvertAll(
            Largest(logits, Math.Min(k, Classes)),
            index => new Prediction(index, _classNames[index], probabilities[index], logits[index]));
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
