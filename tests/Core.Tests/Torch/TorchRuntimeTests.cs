using System.Runtime.Versioning;
using TaskRes.Core.Torch;
using TaskRes.Tests;
using TorchSharp;

namespace TaskRes.Core.Tests.Torch;

[SupportedOSPlatform("linux")]
public sealed class TorchRuntimeTests
{
    [Fact]
    public void EnsureLoaded_FromSeveralThreads_GivesTensors()
    {
        Parallel.For(0, 8, _ => TorchRuntime.EnsureLoaded());

        using var sum = torch.ones(3, 4).sum();

        Assert.Equal(12f, sum.item<float>());
        Assert.False(Directory.Exists(Path.Combine(AppContext.BaseDirectory, "cpu")), "TorchSharp fell back to copying its libraries");
    }

    [Theory]
    [InlineData("")]
    [InlineData("gpu")]
    [InlineData("CPU")]
    [InlineData("cuda:")]
    [InlineData("cuda:-1")]
    [InlineData("cuda:x")]
    public void ResolveDevice_BadText_NamesTheField(string device)
    {
        var error = Assert.Throws<TaskResException>(() => TorchRuntime.ResolveDevice(device));

        Assert.Equal(ErrorReason.InvalidField, error.Reason);
        Assert.Equal("device", error.Field);
    }

    [Fact]
    public void ResolveDevice_AbsentGpu_IsUnavailable()
    {
        var error = Assert.Throws<TaskResException>(() => TorchRuntime.ResolveDevice("cuda:99"));

        Assert.Equal(ErrorReason.DeviceUnavailable, error.Reason);
    }

    [Fact]
    public void ResolveDevice_Cpu_IsTheCpu() => Assert.Equal(DeviceType.CPU, TorchRuntime.ResolveDevice("cpu").type);

    [Fact]
    public void LibtorchFolder_WithoutTheLibraries_IsRefused()
    {
        TorchRuntime.EnsureLoaded();

        var error = Assert.Throws<TaskResException>(() => NativeLoader.Check(ReferenceData.Golden()));
        var late = Assert.Throws<TaskResException>(() => TorchRuntime.LibtorchFolder = ReferenceData.Golden());

        Assert.Equal(ErrorReason.DeviceUnavailable, error.Reason);
        Assert.Contains("libtorch_global_deps.so", error.Message, StringComparison.Ordinal);
        Assert.Equal(ErrorReason.InvalidField, late.Reason);
    }

    [Fact]
    public void LibtorchFolder_BesideAPackagedOne_IsRefused()
    {
        var folder = Directory.CreateTempSubdirectory("taskres-libtorch-").FullName;
        foreach (var name in (string[])["libtorch_global_deps.so", "libc10.so", "libtorch_cpu.so", "libtorch.so"])
            File.WriteAllBytes(Path.Combine(folder, name), []);

        var error = Assert.Throws<TaskResException>(() => NativeLoader.Check(folder));

        Directory.Delete(folder, recursive: true);
        Assert.Equal(ErrorReason.DeviceUnavailable, error.Reason);
        Assert.Contains("-p:Libtorch=external", error.Message, StringComparison.Ordinal);
    }
}
