using System.Globalization;

namespace TaskRes.Trials.Soak;

/// <summary>What a process holds at a moment.</summary>
/// <param name="ResidentMiB">Physical memory.</param>
/// <param name="HeapMiB">The managed heap after its last collection; 0 where the process has no metrics.</param>
/// <param name="Handles">Files and sockets.</param>
/// <param name="Threads">Of the operating system.</param>
/// <param name="Tensors">Native tensors that nobody has disposed; 0 where the process has no metrics.</param>
internal sealed record ProcessSample(double ResidentMiB, double HeapMiB, double Handles, double Threads, double Tensors);

/// <summary>Reads samples from /proc and from a service's /metrics.</summary>
internal sealed class ProcessSampler : IDisposable
{
    private const string Heap = "dotnet_gc_last_collection_heap_size_bytes";
    private const string Tensors = "taskres_torch_tensors";
    private const double Mebibyte = 1 << 20;

    private readonly HttpClient _http = new();

    /// <param name="webPort">0 where the process has no metrics.</param>
    public async Task<ProcessSample> ReadAsync(int processId, int webPort, CancellationToken cancellationToken)
    {
        var status = await File.ReadAllLinesAsync($"/proc/{processId}/status", cancellationToken);
        var handles = Directory.GetFiles($"/proc/{processId}/fd").Length;
        var metrics = webPort == 0 ? "" : await _http.GetStringAsync($"http://127.0.0.1:{webPort}/metrics", cancellationToken);
        return new ProcessSample(Field(status, "VmRSS:") / 1024, Sum(metrics, Heap) / Mebibyte, handles, Field(status, "Threads:"), Sum(metrics, Tensors));
    }

    public void Dispose() => _http.Dispose();

    /// <summary>A metric of Prometheus' text format, summed over its labels.</summary>
    internal static double Sum(string metrics, string name) => metrics.Split('\n')
        .Where(line => line.StartsWith(name, StringComparison.Ordinal) && line.Length > name.Length && line[name.Length] is ' ' or '{')
        .Sum(line => double.Parse(line[(line.LastIndexOf('}') + 1)..].Replace(name, "", StringComparison.Ordinal).Split(' ', StringSplitOptions.RemoveEmptyEntries)[0], CultureInfo.InvariantCulture));

    private static double Field(string[] status, string name) =>
        double.Parse(status.First(line => line.StartsWith(name, StringComparison.Ordinal))[name.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
}
