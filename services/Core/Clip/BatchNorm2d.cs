using TaskRes.Core.Checkpoints;
using static TorchSharp.torch;

namespace TaskRes.Core.Clip;

/// <summary>Batch normalisation by the stored statistics (evaluation mode), in float32.</summary>
internal sealed class BatchNorm2d(Weights weights, string name, int channels)
{
    private readonly Tensor weight = weights.TakeFloat32($"{name}.weight", channels);
    private readonly Tensor bias = weights.TakeFloat32($"{name}.bias", channels);
    private readonly Tensor running_mean = weights.TakeFloat32($"{name}.running_mean", channels);
    private readonly Tensor running_var = weights.TakeFloat32($"{name}.running_var", channels);

    /// <param name="x">batch × channels × height × width.</param>
    public Tensor Forward(Tensor x) => nn.functional.batch_norm(x, running_mean, running_var, weight, bias);
}
