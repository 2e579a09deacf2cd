using TaskRes.Core.Learning;
using TaskRes.Core.Learning.Classifiers;
using TaskRes.Core.Learning.Methods;

namespace TaskRes.Benchmarks.Learning;

/// <summary>
/// A seeded task of 5 to 24 classes: images are their class's centre, what all images share, and noise. The base points to the
/// centres, as long as CLIP's text embeddings are.
/// </summary>
internal sealed class GaussianTask
{
    private const int Dimensions = 64;
    private const int TestImages = 4000;
    private const float BaseLength = 10;
    private const double LogitScale = 20;

    private readonly Random _random;
    private readonly Matrix _test;
    private readonly int[] _testLabels;

    /// <param name="seed">Decides everything.</param>
    /// <param name="baseError">How far the base is off its centres, of a length of 1 in each dimension.</param>
    /// <param name="shots">Images of each class.</param>
    /// <param name="wrongLabels">The share of the examples whose label is drawn anew.</param>
    public GaussianTask(int seed, double baseError, int shots, double wrongLabels)
    {
        _random = new Random(seed);
        var classes = 5 + _random.Next(20);
        var (centres, shared, noise) = (Normal(classes, 1), Normal(1, 1), 0.8 + (1.2 * _random.NextDouble()));
        var error = Normal(classes, baseError);
        var directions = new Matrix(classes, Dimensions, [.. centres.Values.Zip(error.Values, (centre, off) => centre + off)]).Normalized("base");
        var baseClassifier = new Matrix(classes, Dimensions, [.. directions.Values.Select(value => BaseLength * value)]);

        int[] labels = [.. Enumerable.Range(0, classes * shots).Select(index => index % classes)];
        var images = Images(labels, centres, shared, noise);
        int[] given = [.. labels.Select(label => _random.NextDouble() < wrongLabels ? _random.Next(classes) : label)];
        Task = FewShotTask.OfBase(baseClassifier, new SupportSet([images], given, classes), LogitScale);

        _testLabels = [.. Enumerable.Range(0, TestImages).Select(index => index % classes)];
        _test = Images(_testLabels, centres, shared, noise);
        ZeroShotAccuracy = Accuracy(FewShotClassifier.ZeroShot(baseClassifier, LogitScale));
    }

    public FewShotTask Task { get; }

    /// <summary>On the test images, in percent.</summary>
    public double ZeroShotAccuracy { get; }

    /// <summary>On the test images, in percent.</summary>
    public double Accuracy(FewShotClassifier classifier) => 100.0 * classifier.Correct(_test, _testLabels).Count(right => right) / TestImages;

    private Matrix Images(int[] labels, Matrix centres, Matrix shared, double noise)
    {
        var images = Normal(labels.Length, noise);
        for (var row = 0; row < labels.Length; row++)
            for (var d = 0; d < Dimensions; d++) images.Values[(row * Dimensions) + d] += centres.Row(labels[row])[d] + shared.Values[d];
        return images;
    }

    private Matrix Normal(int rows, double deviation) => new(rows, Dimensions, [.. Enumerable.Range(0, rows * Dimensions).Select(_ => (float)(deviation * Normal()))]);

    // Box and Muller.
    private double Normal() => Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());
}
