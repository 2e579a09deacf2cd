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
            for (var i = 0; i < w.Length; i++)
            {
                v[i] = (float)((momentum * v[i]) + g[i] + (weightDecay * w[i]));
                w[i] -= (float)(rate * v[i]);
            }
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

    private List<(float[] First, float[] Second)>? _moments;
    private int _steps;

    public void Step(IReadOnlyList<Matrix> parameters, IReadOnlyList<Matrix> gradients, double rate)
    {
        _moments ??= [.. parameters.Select(parameter => (new float[parameter.Values.Length], new float[parameter.Values.Length]))];
        _steps++;
        var stepSize = (float)(rate / (1 - Math.Pow(Beta1, _steps)));
        var correction = (float)Math.Sqrt(1 - Math.Pow(Beta2, _steps));
        for (var index = 0; index < parameters.Count; index++)
        {
            var (w, g) = (parameters[index].Values, gradients[index].Values.AsSpan().ToArray());
            var (m, v) = _moments[index];
            if (decoupled) TensorPrimitives.Multiply(w, (float)(1 - (rate * weightDecay)), w);
            else TensorPrimitives.MultiplyAdd(w, (float)weightDecay, g, g);
            for (var i = 0; i < w.Length; i++)
            {
                m[i] += (float)(1 - Beta1) * (g[i] - m[i]);
                v[i] = ((float)Beta2 * v[i]) + ((float)(1 - Beta2) * g[i] * g[i]);
                w[i] -= stepSize * m[i] / ((MathF.Sqrt(v[i]) / correction) + (float)epsilon);
            }
        }
    }
}
