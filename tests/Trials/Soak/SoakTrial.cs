using TaskRes.Trials.Load;
using TaskRes.Trials.Processes;

namespace TaskRes.Trials.Soak;

/// <summary>A mixed load for long: no process may hold more in the last third of the time than in the middle third.</summary>
internal static class SoakTrial
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    // What is measured, and how much of a growth is noise of collections, of the allocator and of the load.
    private static readonly (string Name, Func<ProcessSample, double> Of, Flatness Flat)[] Measures =
    [
        ("ResidentMiB", sample => sample.ResidentMiB, new Flatness(Relative: 0.08, Absolute: 8)),
        ("HeapMiB", sample => sample.HeapMiB, new Flatness(Relative: 0.20, Absolute: 8)),
        ("Handles", sample => sample.Handles, new Flatness(Relative: 0.05, Absolute: 8)),
        ("Threads", sample => sample.Threads, new Flatness(Relative: 0.05, Absolute: 4)),
        ("Tensors", sample => sample.Tensors, new Flatness(Relative: 0.05, Absolute: 32)),
    ];

    public static Task<TrialReport> RunAsync(int seed, TimeSpan duration, CancellationToken cancellationToken) =>
        TrialTally.RunAsync("soak", seed, tally => RunAsync(seed, duration, tally, cancellationToken));

    private static async Task<bool> RunAsync(int seed, TimeSpan duration, TrialTally tally, CancellationToken cancellationToken)
    {
        // Caches that are full soon: what grows after that is no cache.
        using var services = new SeparateServices("--EmbeddingCache:MaxEntries=1000");
        await services.StartAsync(cancellationToken);
        using var load = new MixedLoad(services, seed, tally);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var loading = load.RunAsync(end.Token);
        end.CancelAfter(duration);
        var samples = await SampleAsync(services, loading, end.Token);
        await loading;
        cancellationToken.ThrowIfCancellationRequested();
        tally.Count("calls", (int)load.Calls);
        foreach (var process in services.All) Judge(process, samples[process], services.Redis, tally);
        return tally.Of("callsFailed") == 0 && tally.Of("samples") > 0;
    }

    private static async Task<IReadOnlyDictionary<RestartableProcess, List<ProcessSample>>> SampleAsync(SeparateServices services, Task loading, CancellationToken end)
    {
        using var sampler = new ProcessSampler();
        var samples = services.All.ToDictionary(process => process, _ => new List<ProcessSample>());
        while (!end.IsCancellationRequested && !loading.IsCompleted)
        {
            // Whole: a sample that was begun is taken.
            foreach (var process in services.All) samples[process].Add(await sampler.ReadAsync(process.Id, process.WebPort, CancellationToken.None));
            await Task.Delay(Interval, end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return samples;
    }

    private static void Judge(RestartableProcess process, List<ProcessSample> samples, RestartableProcess redis, TrialTally tally)
    {
        tally.Count("samples", samples.Count);
        foreach (var (name, of, flat) in Measures)
        {
            List<double> series = [.. samples.Select(of)];
            var (middle, last) = Flatness.Thirds(series);
            tally.Count($"{process.Name}{name}Middle", (int)Math.Round(middle));
            tally.Count($"{process.Name}{name}Last", (int)Math.Round(last));
            // Redis keeps what it was told: answers to request ids, ended jobs, embeddings until they expire.
            if (process == redis && name == "ResidentMiB") continue;
            if (flat.Fault($"{name} of {process.Name}", series) is { } fault) tally.Fault(fault);
        }
    }
}
