using TaskRes.Core.Learning;
using TaskRes.Core.Learning.Methods;

namespace TaskRes.Core.Tests.Learning.Methods;

/// <summary>A text tower of one layer, <c>tanh(name_k + A·context)</c>: what CoOp learns through, small enough to be written out.</summary>
internal sealed class ToyTower : IPromptTower
{
    private readonly double[][] _names;
    private readonly double[][] _mix;

    public ToyTower(int classes, int dimensions, int seed)
    {
        var random = new Random(seed);
        double[] Row(int length) => [.. Enumerable.Range(0, length).Select(_ => (2 * random.NextDouble()) - 1)];
        _names = [.. Enumerable.Range(0, classes).Select(_ => Row(dimensions))];
        _mix = [.. Enumerable.Range(0, dimensions).Select(_ => Row(MaxContext * Width))];
    }

    public int Classes => _names.Length;

    public int Width => 3;

    public int MaxContext => 2;

    public double[][] Encode(double[] context) =>
        [.. _names.Select(name => name.Select((value, dimension) => Math.Tanh(value + Plain.Dot(_mix[dimension], context))).ToArray())];

    public Matrix Encode(Matrix context) => Plain.Matrix(Encode(Plain.Flat(Plain.Rows(context))));

    public Matrix Backward(Matrix context, Func<Matrix, Matrix> byClasses)
    {
        var classes = Encode(Plain.Flat(Plain.Rows(context)));
        var gradient = Plain.Rows(byClasses(Plain.Matrix(classes)));
        var byContext = new double[MaxContext * Width];
        for (var k = 0; k < classes.Length; k++)
            for (var d = 0; d < _mix.Length; d++)
                for (var i = 0; i < byContext.Length; i++) byContext[i] += gradient[k][d] * (1 - (classes[k][d] * classes[k][d])) * _mix[d][i];
        return Plain.Matrix([.. byContext.Chunk(Width)]);
    }
}
