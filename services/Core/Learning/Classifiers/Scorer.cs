using System.Numerics.Tensors;

namespace TaskRes.Core.Learning.Classifiers;

/// <summary>A classifier made ready to score: what is the same for all images is folded once. Immutable.</summary>
internal sealed class Scorer
{
    private readonly CosineClassifier _cosine;
    private readonly ImageChange? _image;
    private readonly AddedLogits? _added;

    /// <exception cref="TaskResException">FeaturesInvalid where a row of t + αx has no direction.</exception>
    public Scorer(FewShotClassifier classifier)
    {
        _cosine = new CosineClassifier(classifier.Base, classifier.Residual, classifier.Alpha, classifier.LogitScale);
        (_image, _added) = (classifier.Image, classifier.Added);
    }

    /// <summary>K.</summary>
    public int Classes => _cosine.Classes;

    /// <summary>D.</summary>
    public int Dimensions => _cosine.Dimensions;

    /// <summary>The logits of all classes for one image embedding, normalised or not.</summary>
    /// <exception cref="TaskResException">FeaturesInvalid for another dimension, NaN, infinity or zero.</exception>
    public void Logits(ReadOnlySpan<float> rawEmbedding, Span<float> logits)
    {
        if (_image is null && _added is null) _cosine.Logits(rawEmbedding, logits);
        else AllLogits(rawEmbedding, logits);
    }

    private void AllLogits(ReadOnlySpan<float> rawEmbedding, Span<float> logits)
    {
        var length = _cosine.Length(rawEmbedding);
        var image = new float[rawEmbedding.Length];
        if (_image is null)
        {
            _cosine.Logits(rawEmbedding, logits);
        }
        else
        {
            _image.Apply(rawEmbedding, length, image);
            _cosine.Logits(image, logits);
        }

        if (_added is null) return;
        TensorPrimitives.Divide(rawEmbedding, length, image);
        _added.Add(image, logits);
    }
}
