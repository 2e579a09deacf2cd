using TaskRes.Core.Learning.Classifiers;
using TaskRes.Core.Tests.Learning.Methods;

namespace TaskRes.Core.Tests.Learning.Classifiers;

public sealed class ScorerTests
{
    public static MatrixTheoryData<string, string, double> Kinds => new(ClassifierSamples.ImageKinds, ClassifierSamples.AddedKinds, [1, 0, 1.4]);

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Logits_EveryPart_AreThoseOfTheFormula(string image, string added, double weight)
    {
        var samples = new ClassifierSamples(4);
        var (classifier, features) = (samples.Classifier(image, added), samples.Noise(6, ClassifierSamples.Dimensions));

        var logits = classifier.Weighted(weight).Logits(features);

        var expected = Plain.Matrix([.. Plain.Rows(features).Select(row => Formula(classifier, weight, row))]);
        Assert.InRange(Difference.Largest(expected.Values, logits.Values), 0, 1e-4);
    }

    [Fact]
    public void Correct_LabelsOfTheLargestLogits_AreRight()
    {
        var samples = new ClassifierSamples(4);
        var (classifier, features) = (samples.Classifier("adapter", "cache"), samples.Noise(6, ClassifierSamples.Dimensions));
        int[] best = [.. Plain.Rows(features).Select(row => Formula(classifier, 1, row)).Select(logits => Array.IndexOf(logits, logits.Max()))];

        Assert.All(classifier.Correct(features, best), Assert.True);
        Assert.All(classifier.Correct(features, [.. best.Select(label => (label + 1) % ClassifierSamples.Classes)]), Assert.False);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Logits_EmbeddingThatCannotBeScored_IsRefused(string image, string added, double weight)
    {
        var scorer = new Scorer(new ClassifierSamples(4).Classifier(image, added).Weighted(weight));
        foreach (var embedding in new float[][] { new float[16], [.. Enumerable.Repeat(float.NaN, 16)], [1, .. new float[14]], [float.PositiveInfinity, .. new float[15]] })
            Assert.Equal(ErrorReason.FeaturesInvalid, Assert.Throws<TaskResException>(() => scorer.Logits(embedding, new float[5])).Reason);
    }

    [Fact]
    public void ZeroShot_OfABase_HasNoParts()
    {
        var classifier = FewShotClassifier.ZeroShot(new ClassifierSamples(4).Base, 30);

        Assert.Equal((0.0, null, null), (classifier.Alpha, classifier.Image, classifier.Added));
        Assert.Equal(5L * 16, classifier.ServedValues);
    }

    [Fact]
    public void OfPrototypes_OtherClassVectors_ScoresByThem()
    {
        var samples = new ClassifierSamples(4);
        var features = samples.Noise(6, ClassifierSamples.Dimensions);

        var logits = FewShotClassifier.OfPrototypes(samples.Base, samples.Residual, 30).Logits(features);

        Assert.InRange(Difference.Largest(FewShotClassifier.ZeroShot(samples.Residual, 30).Logits(features).Values, logits.Values), 0, 1e-4);
    }

    // logits(z) = s · unit(A(z)) · unit(t + γα·x)ᵀ + γ·R(ẑ), with A's own weight times γ.
    private static double[] Formula(FewShotClassifier classifier, double weight, double[] z)
    {
        var unit = Plain.Unit(z);
        var changed = classifier.Image switch
        {
            ImageResidual residual => Plain.Sum(z, Plain.Rows(residual.Residual)[0], weight * residual.Alpha),
            ImageAdapter adapter => Adapted(adapter, weight * adapter.Ratio, unit),
            _ => z,
        };
        var classes = Plain.Rows(classifier.Base).Zip(Plain.Rows(classifier.Residual), (t, x) => Plain.Sum(t, x, weight * classifier.Alpha));
        var logits = Plain.Cosines(classifier.LogitScale, changed, classes);
        if (classifier.Added is AffineLogits affine)
            for (var k = 0; k < logits.Length; k++) logits[k] += weight * (Plain.Dot(Plain.Rows(affine.Weights)[k], unit) + affine.Bias.Values[k]);
        if (classifier.Added is CacheLogits cache)
            for (var n = 0; n < cache.Keys.Rows; n++)
                logits[(int)cache.Labels.Values[n]] += weight * cache.Alpha * Math.Exp(-cache.Beta * (1 - Plain.Dot(unit, Plain.Rows(cache.Keys)[n])));
        return logits;
    }

    private static double[] Adapted(ImageAdapter adapter, double ratio, double[] unit)
    {
        var hidden = Array.ConvertAll(Plain.Rows(adapter.Down), row => Math.Max(0, Plain.Dot(row, unit)));
        var output = Array.ConvertAll(Plain.Rows(adapter.Up), row => Math.Max(0, Plain.Dot(row, hidden)));
        return Plain.Sum(Plain.Scaled(output, ratio), unit, 1 - ratio);
    }
}
