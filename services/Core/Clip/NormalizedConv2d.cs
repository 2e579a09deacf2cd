using TaskRes.Core.Checkpoints;
using static TorchSharp.torch;

namespace TaskRes.Core.Clip;

/// <summary>
/// A convolution and the batch normalisation after it (evaluation mode), folded into one convolution in float32:
/// γ·(w∗x − μ)/√(σ² + ε) + β = (wγ/√(σ² + ε))∗x + (β − μγ/√(σ² + ε)). In a narrow type this rounds once, not twice.
/// </summary>
internal sealed class NormalizedConv2d
{
    private const double Eps = 1e-5;

    private readonly Tensor weight, bias;
    private readonly int _stride, _padding;

    /// <param name="weights">Where the tensors come from.</param>
    /// <param name="conv">The convolution's name; it has no bias.</param>
    /// <param name="norm">The normalisation's name.</param>
    /// <param name="shape">Output and input channels, and the kernel's side.</param>
    /// <param name="stride">Pixels from one output to the next.</param>
    /// <param name="padding">Pixels of zeros around the input; null for half of the kernel.</param>
    public NormalizedConv2d(Weights weights, string conv, string norm, (int Outputs, int Inputs, int Kernel) shape, int stride = 1, int? padding = null)
    {
        using var scope = NewDisposeScope();
        var (outputs, inputs, kernel) = shape;
        (_stride, _padding) = (stride, padding ?? kernel / 2);
        var stored = weights.ReadFloat32(
            ($"{conv}.weight", [outputs, inputs, kernel, kernel]),
            ($"{norm}.weight", [outputs]), ($"{norm}.bias", [outputs]),
            ($"{norm}.running_mean", [outputs]), ($"{norm}.running_var", [outputs]));
        (weight, bias) = stored is [var w, var gamma, var beta, var mean, var variance]
            ? Fold(weights, w, gamma, beta, mean, variance)
            : (empty(0), empty(0));
    }

    public ScalarType Type => weight.dtype;

    /// <param name="x">batch × inputs × height × width.</param>
    public Tensor Forward(Tensor x) => nn.functional.conv2d(x, weight, bias, strides: [_stride, _stride], padding: [_padding, _padding]);

    private static (Tensor Weight, Tensor Bias) Fold(Weights weights, Tensor w, Tensor gamma, Tensor beta, Tensor mean, Tensor variance)
    {
        var scale = gamma / (variance + Eps).sqrt();                       // outputs
        return (weights.Own(w * scale.view(-1, 1, 1, 1)), weights.Own(beta - mean * scale));
    }
}
