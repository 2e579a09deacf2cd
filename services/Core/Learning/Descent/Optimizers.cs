using System.Numerics.Tensors;

namespace TaskRes.Core.Learning.Descent;

/// <summary>Changes parameters in place, down their gradients.</summary>
internal interface IOptimizer
{
    void Step(IReadOnlyList<Matrix> parameters, IReadOnlyList<Matrix> gradients, double rate);
}

/// <summary>Stochastic gradient descent with momentum, as torch.optim.SGD: <c>v ← μv + g; w ← w − rate·v</c>.</summary>
/// <param name="momentum">μ.</param>
/// <param name="weightDecay">Added to the gradient, times the parameter.</param>
internal sealed class MomentumDescent(double momentum, double weightDecay) : IOptimizer
{
    private List<float[]>? _velocities;

    public void Step(IReadOnlyList<Matrix> parameters, IReadOnlyList<Matrix> gradients, double rate)
    {
        _velocities ??= [.. parameters.Select(parameter => new float[parameter.Values.Length])];
        for (var index = 0; index < parameters.Count; index++)
        {
            var (w, g, v) = (parameters[index].Values, gradients[index].Values, _velocities[index]);
            TensorPrimitives.MultiplyAdd(v, (float)momentum, g, v);
            if (weightDecay > 0) TensorPrimitives.MultiplyAdd(w, (float)weightDecay, v, v);
            TensorPrimitives.MultiplyAdd(v, (float)-rate, w, w);
        }
    }
}

/// <summary>Adam with β 0.9 and 0.999, as torch.optim.Adam and AdamW.</summary>
/// <param name="weightDecay">The L2 penalty.</param>
/// <param name="epsilon">ε.</param>
/// <param name="decoupled">AdamW: the penalty shrinks the parameter and does not go into the gradient.</param>
internal sealed class AdamDescent(double weightDecay, double epsilon = 1e-8, bool decoupled = false) : IOptimizer
{
    private const double Beta1 = 0.9;
    private const double Beta2 = 0.999;

    // So many values go through all of a step before the next: they stay in the cache.
    private const int Part = 2048;

    private List<(float[] First, float[] Second)>? _moments;
    private int _steps;

    public void Step(IReadOnlyList<Matrix> parameters, IReadOnlyList<Matrix> gradients, double rate)
    {
        _moments ??= [.. parameters.Select(parameter => (new float[parameter.Values.Length], new float[parameter.Values.Length]))];
        _steps++;
        var stepSize = (float)(rate / (1 - Math.Pow(Beta1, _steps)));
        var correction = (float)Math.Sqrt(1 - Math.Pow(Beta2, _steps));
        var scratch = new float[2 * Part];
        for (var index = 0; index < parameters.Count; index++)
        {
            var (w, g) = (parameters[index].Values, gradients[index].Values);
            var (m, v) = _moments[index];
            if (decoupled) TensorPrimitives.Multiply(w, (float)(1 - (rate * weightDecay)), w);
            for (var first = 0; first < w.Length; first += Part)
            {
                var part = first..Math.Min(first + Part, w.Length);
                Descend(w.AsSpan(part), g.AsSpan(part), m.AsSpan(part), v.AsSpan(part), scratch, stepSize, correction);
            }
        }
    }

    private void Descend(Span<float> w, ReadOnlySpan<float> gradient, Span<float> m, Span<float> v, Span<float> scratch, float stepSize, float correction)
    {
        var g = scratch[..w.Length];
        var change = scratch.Slice(Part, w.Length);
        TensorPrimitives.MultiplyAdd(w, decoupled ? 0 : (float)weightDecay, gradient, g);
        TensorPrimitives.Subtract(g, m, change);
        TensorPrimitives.MultiplyAdd(change, (float)(1 - Beta1), m, m);
        TensorPrimitives.Multiply(g, g, g);
        TensorPrimitives.Multiply(g, (float)(1 - Beta2), g);
        TensorPrimitives.MultiplyAdd(v, (float)Beta2, g, v);
        TensorPrimitives.Sqrt(v, change);
        TensorPrimitives.Divide(change, correction, change);
        TensorPrimitives.Add(change, (float)epsilon, change);
        TensorPrimitives.Divide(m, change, change);
        TensorPrimitives.MultiplyAdd(change, -stepSize, w, w);
    }
}
