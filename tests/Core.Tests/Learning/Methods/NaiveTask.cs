using TaskRes.Core.Learning;
using TaskRes.Core.Learning.Methods;

namespace TaskRes.Core.Tests.Learning.Methods;

/// <summary>A small random task, for the methods and, in double precision, for what they are compared with.</summary>
internal sealed class NaiveTask
{
    /// <summary>Less than CLIP's, so that in so few dimensions no probability is 0 or 1.</summary>
    public const double Scale = 20;

    private const int Hidden = 6;

    private readonly double[][][] _views;

    public NaiveTask(int views = 3, int seed = 11)
    {
        var synthetic = new SyntheticTask(classes: 5, dimensions: 16, shots: 4, views, seed);
        var random = new Random(seed);
        Projection = Noise(random, Hidden, 16);
        Base = Plain.Product(Noise(random, 5, Hidden), Projection);
        Labels = synthetic.Labels;
        _views = [.. synthetic.Views.Select(Plain.Rows)];
        Tower = new ToyTower(5, 16, seed);
        Task = FewShotTask.OfBase(Plain.Matrix(Base), synthetic.Support, Scale) with { TextProjection = Plain.Matrix(Projection), Prompts = Tower };
        (Base, Projection) = (Plain.Rows(Task.Base), Plain.Rows(Task.TextProjection!));
        TestImages = new SyntheticTask(classes: 5, dimensions: 16, shots: 6, seed: seed + 1).Views[0];
    }

    public FewShotTask Task { get; }

    /// <summary>t, raw: what a projection makes of the text tower's hidden vectors.</summary>
    public double[][] Base { get; }

    /// <summary>P.</summary>
    public double[][] Projection { get; }

    public ToyTower Tower { get; }

    public int[] Labels { get; }

    /// <summary>Images that no method has seen.</summary>
    public Matrix TestImages { get; }

    public int Views => _views.Length;

    /// <summary>An image by its row of the stacked views, raw.</summary>
    public double[] Image(long row) => _views[row / Labels.Length][row % Labels.Length];

    private static double[][] Noise(Random random, int rows, int columns) =>
        [.. Enumerable.Range(0, rows).Select(_ => Enumerable.Range(0, columns).Select(_ => (2 * random.NextDouble()) - 1).ToArray())];
}
