using static TorchSharp.torch;

namespace TaskRes.BundledModel.Training;

/// <summary>
/// Adam with decoupled weight decay (Loshchilov and Hutter, arXiv 1711.05101), with gradients clipped by their common
/// norm. Its own, because its moments are saved with the parameters.
/// </summary>
internal sealed class AdamW : IDisposable
{
    private const double Beta1 = 0.9, Beta2 = 0.98, Epsilon = 1e-6, WeightDecay = 0.1, MostNorm = 1;

    private readonly LeafParameters _parameters;

    public AdamW(LeafParameters parameters)
    {
        _parameters = parameters;
        foreach (var (name, parameter) in parameters.All)
            (First[name], Second[name]) = (zeros_like(parameter).detach(), zeros_like(parameter).detach());
    }

    /// <summary>Running means of the gradients, and of their squares, by parameter.</summary>
    public Dictionary<string, Tensor> First { get; } = [];

    public Dictionary<string, Tensor> Second { get; } = [];

    /// <param name="step">From 1, for the correction of the means' start at zero.</param>
    /// <param name="rate">The step size.</param>
    public void Step(int step, double rate)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var gradients = _parameters.All.Where(entry => entry.Value.grad is not null).ToList();
        var norm = stack(gradients.Select(entry => entry.Value.grad!.norm())).norm().item<float>();
        var clip = Math.Min(1, MostNorm / (norm + 1e-6));
        var (correction1, correction2) = (1 - Math.Pow(Beta1, step), 1 - Math.Pow(Beta2, step));
        foreach (var (name, parameter) in gradients)
        {
            var gradient = parameter.grad!.mul_(clip);
            First[name].mul_(Beta1).add_(gradient, 1 - Beta1);
            Second[name].mul_(Beta2).addcmul_(gradient, gradient, 1 - Beta2);
            if (IsDecayed(name)) parameter.mul_(1 - rate * WeightDecay);
            parameter.addcdiv_(First[name], (Second[name] / correction2).sqrt_().add_(Epsilon), -rate / correction1);
            gradient.zero_();
        }
    }

    public void Dispose()
    {
        foreach (var moment in First.Values.Concat(Second.Values)) moment.Dispose();
    }

    /// <summary>Matrices that multiply; not biases, norms or embeddings.</summary>
    private static bool IsDecayed(string name) =>
        name.EndsWith(".weight", StringComparison.Ordinal)
        && !name.Contains("norm", StringComparison.Ordinal)
        && !name.Contains("embeddings", StringComparison.Ordinal);
}
