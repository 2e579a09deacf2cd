using TaskRes.Core.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace TaskRes.Core.Clip;

/// <summary>The type that the towers compute in. Normalisations are computed in float32 always.</summary>
public enum Precision
{
    /// <summary>Halves on a GPU; on a CPU bfloat16 where it is native, float32 elsewhere.</summary>
    Auto,

    Fp32,

    /// <summary>Except for ResNet towers, whose fifty roundings in a row it would not bear: they compute in float32.</summary>
    Bf16,

    Fp16,
}

internal static class Precisions
{
    public static Precision Resolve(this Precision precision, Device device) => precision switch
    {
        not Precision.Auto => precision,
        _ when device.type == DeviceType.CUDA => Precision.Fp16,
        _ when TorchRuntime.HasNativeBf16 => Precision.Bf16,
        _ => Precision.Fp32,
    };

    public static ScalarType ScalarType(this Precision precision) => precision switch
    {
        Precision.Bf16 => torch.ScalarType.BFloat16,
        Precision.Fp16 => torch.ScalarType.Float16,
        _ => torch.ScalarType.Float32,
    };
}
