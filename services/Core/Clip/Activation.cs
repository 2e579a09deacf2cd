using TorchSharp;

namespace TaskRes.Core.Clip;

/// <summary>The nonlinearity of the transformers' MLPs.</summary>
public enum Activation
{
    /// <summary>x·σ(1.702x): OpenAI's weights, and those that OpenCLIP calls <c>-quickgelu</c>.</summary>
    QuickGelu,

    /// <summary>x·Φ(x): OpenCLIP's own.</summary>
    Gelu,
}

internal static class Activations
{
    /// <summary>
    /// What the layer before is multiplied by, and the layer after divided by, so that QuickGELU becomes one pass of
    /// SiLU: x·σ(sx) = SiLU(sx)/s.
    /// </summary>
    public static double Scale(this Activation activation) => activation is Activation.QuickGelu ? 1.702 : 1;

    /// <summary>The activation of an input multiplied by <see cref="Scale"/>, multiplied by it.</summary>
    public static torch.Tensor ApplyScaled(this Activation activation, torch.Tensor x) =>
        activation is Activation.QuickGelu ? x.silu_() : torch.nn.functional.gelu(x);
}
