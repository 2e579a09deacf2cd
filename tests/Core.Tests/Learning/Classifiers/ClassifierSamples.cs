using TaskRes.Core.Learning;
using TaskRes.Core.Learning.Classifiers;

namespace TaskRes.Core.Tests.Learning.Classifiers;

/// <summary>Random parts of a classifier of 5 classes in 16 dimensions.</summary>
internal sealed class ClassifierSamples
{
    public const int Classes = 5;
    public const int Dimensions = 16;

    public static readonly string[] ImageKinds = ["none", "residual", "adapter"];
    public static readonly string[] AddedKinds = ["none", "affine", "cache"];

    private readonly Random _random;

    public ClassifierSamples(int seed)
    {
        _random = new Random(seed);
        Base = Noise(Classes, Dimensions);
        Residual = Noise(Classes, Dimensions);
        ImageResidual = new ImageResidual(Noise(1, Dimensions), 0.7);
        Adapter = new ImageAdapter(Noise(3, Dimensions), Noise(Dimensions, 3), 0.3);
        Affine = new AffineLogits(Noise(Classes, Dimensions), Noise(1, Classes));
        Cache = new CacheLogits(Noise(9, Dimensions), new Matrix(1, 9, [0, 4, 2, 2, 1, 0, 3, 4, 0]), 1.5, 5.5);
    }

    public Matrix Base { get; }

    public Matrix Residual { get; }

    public ImageResidual ImageResidual { get; }

    public ImageAdapter Adapter { get; }

    public AffineLogits Affine { get; }

    public CacheLogits Cache { get; }

    public ImageChange? Image(string kind) => kind switch { "residual" => ImageResidual, "adapter" => Adapter, _ => null };

    public AddedLogits? Added(string kind) => kind switch { "affine" => Affine, "cache" => Cache, _ => null };

    public FewShotClassifier Classifier(string image, string added) =>
        new() { Base = Base, Residual = Residual, Alpha = 0.5, LogitScale = 30, Image = Image(image), Added = Added(added) };

    public Matrix Noise(int rows, int columns) =>
        new(rows, columns, [.. Enumerable.Range(0, rows * columns).Select(_ => (float)((2 * _random.NextDouble()) - 1))]);
}
