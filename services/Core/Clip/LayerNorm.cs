using TaskRes.Core.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace TaskRes.Core.Clip;

/// <summary>Layer normalisation over the last dimension, in float32 whatever the type of its input.</summary>
internal sealed class LayerNorm(Weights weights, string name, int width, double eps)
{
    private readonly Tensor weight = weights.TakeFloat32($"{name}.weight", width);
    private readonly Tensor bias = weights.TakeFloat32($"{name}.bias", width);

    public Tensor Forward(Tensor x)
    {
        // The CPU's kernel reads and writes the narrow type and computes in float32; the GPU's wants all of one type.
        if (x.device_type == DeviceType.CPU) return nn.functional.layer_norm(x, [width], weight, bias, eps);
        return nn.functional.layer_norm(x.to_type(ScalarType.Float32), [width], weight, bias, eps).to_type(x.dtype);
    }
}
