using System.Diagnostics.Metrics;
using TorchSharp;

namespace TaskRes.Platform.Telemetry;

/// <summary>Whether native memory leaks: a tensor that nobody disposes stays, and no collection tells of it.</summary>
internal static class TorchMetrics
{
    // The process has one count, however many hosts run in it.
    private static readonly ObservableGauge<long> Tensors = TaskResTelemetry.Meter.CreateObservableGauge(
        MetricNames.TorchTensors, () => torch.Tensor.TotalCount, "{tensor}", "Tensors made and not yet disposed.");

    public static void Observe() => GC.KeepAlive(Tensors);
}
