using TaskRes.Trials.Load;
using TaskRes.Trials.Processes;

namespace TaskRes.Trials.Rolling;

/// <summary>
/// Every service is restarted, one replica of two after the other, as an update does it: SIGTERM, the end of the process, its
/// start, its readiness. No caller may notice.
/// </summary>
internal static class RollingTrial
{
    private const int Replicas = 2;

    // Between two restarts, so that the replica that came back takes its part.
    private const int CallsBetween = 50;

    /// <param name="replicasRolled">Of each service: 1 or 2.</param>
    /// <param name="rounds">How often all are restarted.</param>
    public static Task<TrialReport> RunAsync(int seed, int replicasRolled, int rounds, CancellationToken cancellationToken) =>
        TrialTally.RunAsync("rolling", seed, tally => RunAsync(seed, replicasRolled, rounds, tally, cancellationToken));

    private static async Task<bool> RunAsync(int seed, int replicasRolled, int rounds, TrialTally tally, CancellationToken cancellationToken)
    {
        // Longer than a client waits before it looks for a replica that came back.
        using var services = new SeparateServices(Replicas, "--Shutdown:DrainSeconds=2");
        await services.StartAsync(cancellationToken);
        using var load = new MixedLoad(services, seed, tally);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var loading = load.RunAsync(end.Token);
        for (var round = 0; round < rounds; round++)
            foreach (var replicas in new[] { services.Encoders, services.Trainers, services.Classifiers })
                foreach (var replica in replicas.Take(replicasRolled)) await RestartAsync(replica, load, loading, tally, cancellationToken);
        await end.CancelAsync();
        await loading;
        tally.Count("calls", (int)load.Calls);
        return tally.Of("restarts") == rounds * 3 * replicasRolled && tally.Of("callsFailed") == 0;
    }

    private static async Task RestartAsync(RestartableProcess replica, MixedLoad load, Task loading, TrialTally tally, CancellationToken cancellationToken)
    {
        var before = load.Calls;
        while (load.Calls < before + CallsBetween)
        {
            if (loading.IsCompleted) await loading;
            await Task.Delay(20, cancellationToken);
        }

        if (await replica.StopAsync(cancellationToken) is not 0 and var code) tally.Fault($"{replica.Name} ended with exit code {code} when it was asked to stop");
        await replica.StartAsync(cancellationToken);
        await SeparateServices.ServeAsync(replica, cancellationToken);
        tally.Count("restarts");
        tally.Count($"restartsOf{replica.Name}");
    }
}
