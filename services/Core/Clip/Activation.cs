using TorchSharp;

namespace TaskRes.Core.Clip;

/// <summary>The nonlinearity of the transformers' MLPs.</summary>
public enum Activation
{
    /// <summary>x·σ(1.702x): OpenAI's weights, and those that OpenCLIP calls <c>-quickgelu</c>.</summary>
    QuickGelu,

    /// <summary>x·Φ(x): OpenCLIP's own.</summary>
    Gelu,

    /// <summary>½x(1 + tanh(√(2/π)(x + 0.044715x³))): SigLIP's.</summary>
    GeluTanh,
}

internal static class Activations
{
    /// <summary>
    /// What the layer before is multiplied by, and the layer after divided by, so that QuickGELU becomes one pass of
    /// SiLU: x·σ(sx) = SiLU(sx)/s.
    /// </summary>
    public static double Scale(this Activation activation) => activation is Activation.QuickGelu ? 1.702 : 1;

    /// <summary>The activation of an input multiplied by <see cref="Scale"/>, multiplied by it.</summary>
    public static torch.Tensor ApplyScaled(this Activation activation, torch.Tensor x) => activation switch
    {
        Activation.QuickGelu => x.silu_(),
        Activation.Gelu => torch.nn.functional.gelu(x),
        _ => GeluTanh(x),
    };

    /// <summary>In float32: the cube would lose half of a narrow type's digits.</summary>
    private static torch.Tensor GeluTanh(torch.Tensor x)
    {
        using var scope = torch.NewDisposeScope();
        var wide = x.to_type(torch.ScalarType.Float32);
        var inner = wide.pow(3).mul_(0.044715).add_(wide).mul_(Math.Sqrt(2 / Math.PI)).tanh_().add_(1).mul_(wide).mul_(0.5);
        return inner.to_type(x.dtype).MoveToOuterDisposeScope();
    }
}
