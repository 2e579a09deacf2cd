using TaskRes.Trials.Soak;

namespace TaskRes.Services.Tests.Trials;

public sealed class SoakJudgeTests
{
    private const int Samples = 90;

    private static readonly Flatness Flat = new(Relative: 0.1, Absolute: 2);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("steady", true)]
    [InlineData("warms up", true)]
    [InlineData("noisy", true)]
    [InlineData("spikes", true)]
    [InlineData("leaks", false)]
    [InlineData("leaks under noise", false)]
    [InlineData("steps up late", false)]
    public void Fault_OfASeries_NamesWhatGrowsAlone(string shape, bool flat)
    {
        var random = new Random(5);
        Func<int, double> value = shape switch
        {
            "steady" => _ => 100,
            "warms up" => i => 100 * Math.Min(1, i / 25.0),
            "noisy" => _ => 90 + (20 * random.NextDouble()),
            "spikes" => i => i % 10 == 0 ? 500 : 100,
            "leaks" => i => 100 + i,
            "leaks under noise" => i => 90 + (20 * random.NextDouble()) + i,
            _ => i => i < 70 ? 100 : 130,
        };

        var fault = Flat.Fault("memory", [.. Enumerable.Range(0, Samples).Select(value)]);

        if (flat) Assert.Null(fault);
        else Assert.StartsWith("memory grows", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Fault_OfFewSamples_SaysSo() => Assert.Contains("too few", Flat.Fault("memory", [1, 1, 1]), StringComparison.Ordinal);

    [Fact]
    public async Task ReadAsync_OfAProcessThatLeaks_ShowsIt()
    {
        const int Leaked = 256 << 20;
        using var sampler = new ProcessSampler();
        var before = await sampler.ReadAsync(Environment.ProcessId, webPort: 0, Cancel);
        var files = Enumerable.Range(0, 200).Select(_ => File.OpenRead("/dev/null")).ToList();
        var memory = new byte[Leaked];
        Array.Fill(memory, (byte)1);
        try
        {
            var after = await sampler.ReadAsync(Environment.ProcessId, webPort: 0, Cancel);

            // Other tests run beside this one.
            Assert.InRange(after.ResidentMiB - before.ResidentMiB, 32, double.MaxValue);
            Assert.InRange(after.Handles - before.Handles, 100, double.MaxValue);
            Assert.True(after.Threads > 0);
        }
        finally
        {
            GC.KeepAlive(memory);
            files.ForEach(file => file.Dispose());
        }
    }

    [Fact]
    public void Sum_OfAMetric_AddsItsLabelsAndNoOtherMetric()
    {
        const string Metrics = """
            # TYPE heap gauge
            heap{generation="gen0",otel_scope_name="a b"} 10 1700000000
            heap{generation="gen1"} 2.5 1700000000
            heap_other 7 1700000000
            tensors 42 1700000000
            """;

        Assert.Equal((12.5, 42, 0), (ProcessSampler.Sum(Metrics, "heap"), ProcessSampler.Sum(Metrics, "tensors"), ProcessSampler.Sum(Metrics, "none")));
    }
}
