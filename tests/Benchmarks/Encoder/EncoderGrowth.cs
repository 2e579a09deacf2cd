using System.Diagnostics;
using TaskRes.AllInOne;
using TaskRes.Benchmarks.Serving;
using TaskRes.Cli.Plots;

namespace TaskRes.Benchmarks.Encoder;

/// <summary>How the encoder's throughput goes with the number of tenants that share it, and with the length of a stream.</summary>
internal static class EncoderGrowth
{
    private const int InFlight = 64;
    private const int Repetitions = 3;

    private static readonly int[] Tenants = [1, 4, 16, 64];
    private static readonly int[] Lengths = [500, 1000, 2000, 4000];
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(4);

    public static async Task<IReadOnlyList<Measurement>> RunAsync()
    {
        var images = new JpegImages(64, 64);
        await using var processes = new ServingProcesses();
        await processes.StartRedisAsync();
        var channel = await EncoderServiceFigures.SuiteAsync(processes, BundledFiles.ModelFolder);
        await new EncodeLoad(channel, "tenants/warm-up", images).RunClosedAsync(InFlight, Duration);

        var byTenants = await RunAsync(Tenants, async count =>
        {
            var loads = Enumerable.Range(0, count).Select(number => new EncodeLoad(channel, $"tenants/t{number}", images).RunClosedAsync(InFlight / count, Duration));
            return (await Task.WhenAll(loads)).Sum();
        });
        var byLength = await RunAsync(Lengths, async length =>
        {
            var start = Stopwatch.GetTimestamp();
            await new EncodeLoad(channel, "tenants/stream", images).StreamAsync(length);
            return length / Stopwatch.GetElapsedTime(start).TotalSeconds;
        });
        Draw("tenants", "tenants, 64 calls in flight among them", Tenants, byTenants);
        Draw("stream-length", "images in one stream", Lengths, byLength);
        return
        [
            Measurement.AtLeast($"encoder shared by {Tenants[^1]} tenants", "images/s", "by one tenant", 0.9, [.. byTenants.Select(run => (run[^1], run[0]))]),
            Measurement.AtLeast($"one stream of {Lengths[^1]} images", "images/s", $"of {Lengths[0]}", 0.9, [.. byLength.Select(run => (run[^1], run[0]))]),
        ];
    }

    // A row for each repetition, a column for each step.
    private static async Task<double[][]> RunAsync(int[] steps, Func<int, Task<double>> measure)
    {
        var runs = new double[Repetitions][];
        for (var run = 0; run < Repetitions; run++)
        {
            runs[run] = new double[steps.Length];
            for (var step = 0; step < steps.Length; step++) runs[run][step] = await measure(steps[step]);
        }

        return runs;
    }

    private static void Draw(string file, string across, int[] steps, double[][] runs)
    {
        var medians = steps.Select((step, place) => ((double)step, runs.Select(run => run[place]).Order().ElementAt(runs.Length / 2))).ToArray();
        foreach (var (step, perSecond) in medians) Console.WriteLine(FormattableString.Invariant($"{across}: {step,6}  {perSecond,8:0.0} images/s"));
        new Plot("Encoder's throughput", across, "images/s").Add("bundled model", medians).Save(Output.PathOf($"encoder-{file}.svg"));
    }
}
