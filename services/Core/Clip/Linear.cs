using TaskRes.Core.Checkpoints;
using TaskRes.Core.Torch;
using static TorchSharp.torch;

namespace TaskRes.Core.Clip;

/// <summary>y = x·Wᵀ + b: by <see cref="PanelProduct"/> where it takes the weight, else by libtorch.</summary>
internal sealed class Linear
{
    private readonly Tensor _weight, _bias;

    private Linear(Tensor weight, Tensor bias) => (_weight, _bias) = (weight, bias);

    /// <param name="weights">Where the tensors come from.</param>
    /// <param name="weight">The name of W, outputs × inputs.</param>
    /// <param name="bias">The name of b.</param>
    /// <param name="scale">What W and b are multiplied by.</param>
    public static Linear Take(Weights weights, string weight, string bias, (int Outputs, int Inputs) shape, (double Weight, double Bias) scale) => new(
        weights.TakeFactor(weight, scale.Weight, shape.Outputs, shape.Inputs),
        weights.TakeScaled(bias, scale.Bias, shape.Outputs));

    public static Linear Take(Weights weights, string weight, string bias, (int Outputs, int Inputs) shape) =>
        Take(weights, weight, bias, shape, (1, 1));

    private bool IsInPanels => _weight.ndim == 3;

    /// <param name="x">… × inputs.</param>
    /// <returns>… × outputs.</returns>
    public Tensor Forward(Tensor x) => IsInPanels ? PanelProduct.Multiply(x, _weight, _bias) : nn.functional.linear(x, _weight, _bias);

    /// <summary>y + <paramref name="addend"/>.</summary>
    public Tensor ForwardAdd(Tensor x, Tensor addend) =>
        IsInPanels ? PanelProduct.Multiply(x, _weight, _bias, addend) : nn.functional.linear(x, _weight, _bias).add_(addend);

    /// <summary>The activation, scaled (<see cref="Activations.ApplyScaled"/>), of y.</summary>
    public Tensor ForwardActivated(Tensor x, Activation activation) =>
        IsInPanels && activation is Activation.QuickGelu ? PanelProduct.Multiply(x, _weight, _bias, silu: true) : activation.ApplyScaled(Forward(x));

    /// <summary>The layer that gives some of the outputs: a view, of a whole number of panels.</summary>
    public Linear Part(int first, int count)
    {
        var rows = _bias.shape[0] / _weight.shape[0];
        return new Linear(_weight.narrow(0, first / rows, count / rows), _bias.narrow(0, first, count));
    }
}
