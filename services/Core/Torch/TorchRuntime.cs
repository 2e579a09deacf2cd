using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using TorchSharp;

namespace TaskRes.Core.Torch;

/// <summary>
/// libtorch in this process: loaded once, before the first tensor, from the package or from
/// <see cref="LibtorchFolder"/>. Whoever makes tensors calls <see cref="EnsureLoaded"/> first.
/// </summary>
public static class TorchRuntime
{
    private static readonly Lock Gate = new();
    private static string? _libtorchFolder;
    private static bool _loaded;

    /// <summary>
    /// The folder of another libtorch of the same version (the <c>torch/lib</c> of a PyTorch install with CUDA, for one)
    /// to load in place of the packaged one; null, the default, loads the packaged one. Set before the first tensor.
    /// </summary>
    /// <exception cref="TaskResException"><see cref="ErrorReason.InvalidField"/>: libtorch is loaded already, or the
    /// folder does not exist. <see cref="ErrorReason.DeviceUnavailable"/>: the folder holds no libtorch.</exception>
    public static string? LibtorchFolder
    {
        get => _libtorchFolder;
        set
        {
            lock (Gate)
            {
                if (value == _libtorchFolder) return;
                if (_loaded) throw TaskResException.Invalid("libtorch_folder", "libtorch is loaded already; set the folder before the first use.");
                if (value is not null && OperatingSystem.IsLinux()) NativeLoader.Check(value);
                _libtorchFolder = value;
            }
        }
    }

    /// <summary>
    /// Whether the CPU multiplies bfloat16 natively (AVX512_BF16 or AMX_BF16). Without it bfloat16 is emulated and slower
    /// than float32.
    /// </summary>
    public static bool HasNativeBf16 { get; } = DetectNativeBf16();

    /// <summary>Loads libtorch; later calls return at once. Safe to call from several threads.</summary>
    /// <exception cref="TaskResException"><see cref="ErrorReason.DeviceUnavailable"/>: a library is missing or does not load.</exception>
    public static void EnsureLoaded()
    {
        if (Volatile.Read(ref _loaded)) return;
        lock (Gate)
        {
            if (_loaded) return;
            if (OperatingSystem.IsLinux()) NativeLoader.Load(_libtorchFolder);
            Volatile.Write(ref _loaded, true);
        }
    }

    /// <summary>
    /// The device named by <paramref name="device"/>: <c>cpu</c>, <c>cuda</c>, <c>cuda:N</c>, or <c>auto</c>, which is the
    /// first GPU where there is one and the CPU elsewhere.
    /// </summary>
    /// <exception cref="TaskResException"><see cref="ErrorReason.InvalidField"/>: none of these.
    /// <see cref="ErrorReason.DeviceUnavailable"/>: this machine has no such device.</exception>
    public static torch.Device ResolveDevice(string device)
    {
        var gpu = device is "cpu" or "auto" ? 0 : ParseGpu(device);
        EnsureLoaded();
        if (device == "cpu") return new torch.Device(DeviceType.CPU);

        var gpus = torch.cuda.is_available() ? torch.cuda.device_count() : 0;
        if (gpu < gpus) return new torch.Device(DeviceType.CUDA, gpu);
        if (device == "auto") return new torch.Device(DeviceType.CPU);
        throw new TaskResException(
            ErrorReason.DeviceUnavailable,
            $"device: '{device}' is not on this machine, which has {gpus} usable GPUs; use 'cpu' or 'auto', or a libtorch with CUDA.")
        {
            Field = "device",
            Metadata = new Dictionary<string, string> { ["device"] = device, ["gpus"] = $"{gpus}" },
        };
    }

    /// <summary>
    /// Gives back what loading left between the blocks in use: the C library keeps freed blocks that are not the last of
    /// its heap, and the intermediate results of conversions are many.
    /// </summary>
    internal static void ReturnFreedMemory()
    {
        if (OperatingSystem.IsLinux()) _ = MallocTrim(0);
    }

    private static int ParseGpu(string device)
    {
        if (device == "cuda") return 0;
        if (device.StartsWith("cuda:", StringComparison.Ordinal)
            && int.TryParse(device.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out var index)) return index;
        throw TaskResException.Invalid("device", $"'{device}' is not one of auto, cpu, cuda, cuda:N.");
    }

    private static bool DetectNativeBf16()
    {
        if (!X86Base.IsSupported || !Avx512F.IsSupported || X86Base.CpuId(0, 0).Eax < 7) return false;
        var amxBf16 = (X86Base.CpuId(7, 0).Edx & (1 << 22)) != 0;
        var avx512Bf16 = (X86Base.CpuId(7, 1).Eax & (1 << 5)) != 0;
        return amxBf16 || avx512Bf16;
    }

    [DllImport("libc", EntryPoint = "malloc_trim")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int MallocTrim(nuint pad);
}
