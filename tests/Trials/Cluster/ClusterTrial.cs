using System.Collections.Concurrent;
using StackExchange.Redis;
using TaskRes.Client;
using TaskRes.Trials.Answers;
using TaskRes.Trials.Crash;
using TaskRes.Trials.Ledger;
using TaskRes.Trials.Processes;

namespace TaskRes.Trials.Cluster;

/// <summary>
/// The services on a Redis Cluster of three masters with a replica each, and tenants on all of them. Masters are killed under
/// load: their replicas take over, nothing acknowledged is lost, no answer is wrong, and every tenant is served again.
/// </summary>
internal static class ClusterTrial
{
    private const int Masters = 3;
    private const int ImageCount = 16;
    private const int ExamplesPerTask = 4;

    // The cluster takes two node timeouts to elect a replica, and the services a few seconds to find it.
    private static readonly TimeSpan LongestOutage = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    /// <param name="kills">Of masters, one after the other.</param>
    public static Task<TrialReport> RunAsync(int seed, int kills, CancellationToken cancellationToken) =>
        TrialTally.RunAsync("cluster", seed, tally => RunAsync(seed, kills, tally, cancellationToken));

    private static async Task<bool> RunAsync(int seed, int kills, TrialTally tally, CancellationToken cancellationToken)
    {
        var cluster = RedisServers.Cluster(Masters);
        using var services = SeparateServices.OnCluster(cluster);
        await services.StartAsync(cancellationToken);
        await using var redis = await ConnectionMultiplexer.ConnectAsync($"{cluster.ConnectionString},abortConnect=false,allowAdmin=true");
        var view = new ClusterView(redis, cluster);
        var tenants = await SpreadAsync(view, cluster);
        tally.Count("mastersWithTenants", tenants.Count);

        var images = TrialImages.Make(ImageCount, seed);
        LabelledImage[] examples = [.. images.Take(ExamplesPerTask).Select((image, index) => new LabelledImage(index % 2 == 0 ? "even" : "odd", image))];
        using var encoder = SeparateServices.Client(services.Encoder, "tenants/reference");
        var answers = await ReferenceAnswers.CreateAsync(encoder, images, tally, cancellationToken);
        var shared = new ConcurrentQueue<string>();
        CrashWriter[] writers = [.. tenants.Select(tenant => new CrashWriter(
            SeparateServices.Client(services.Trainer, $"tenants/{tenant}"), examples, new AcknowledgementLedger(), answers, shared, tally))];

        var stories = new int[writers.Length];
        using var killed = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var written = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var asking = AnswerReader.AskAsync(services, images, shared, answers, tally, new Random(seed + 1), written.Token);
        var measuring = Task.WhenAll(writers.Select(writer => Outage.MeasureAsync(writer.Trainer, tally, written.Token)));
        var writing = Task.WhenAll(writers.Select(async (writer, index) =>
        {
            for (var number = 0; !killed.IsCancellationRequested; number++)
            {
                await writer.WriteAsync(number, cancellationToken);
                stories[index]++;
            }
        }));
        for (var kill = 0; kill < kills; kill++) await KillAsync(view, tenants[(seed + kill) % tenants.Count], () => ProgressAsync(stories, writing, cancellationToken), tally, cancellationToken);
        await killed.CancelAsync();
        await writing;
        await written.CancelAsync();
        await asking;

        answers.Finish();
        foreach (var writer in writers)
            foreach (var loss in await writer.LossesAsync(cancellationToken)) tally.Fault(loss);
        foreach (var (tenant, outage) in tenants.Zip(await measuring))
        {
            tally.Count($"longestOutageMillisecondsOf{tenant}", (int)outage.TotalMilliseconds);
            if (outage > LongestOutage) tally.Fault($"{tenant} was not served for {outage.TotalSeconds:F0} s");
        }

        foreach (var writer in writers) writer.Trainer.Dispose();
        return tenants.Count == Masters && tally.Of("kills") == kills && tally.Of("failovers") == kills && tally.Of("answersAsReference") > 0;
    }

    // A tenant for each master.
    private static async Task<IReadOnlyList<string>> SpreadAsync(ClusterView view, RedisServers cluster)
    {
        var tenants = new Dictionary<RestartableProcess, string>();
        for (var number = 0; tenants.Count < Masters && number < cluster.All.Count * 10; number++)
            if (await view.MasterOfAsync($"tenant-{number}") is { } master) tenants.TryAdd(master, $"tenant-{number}");
        return [.. tenants.Values];
    }

    private static async Task KillAsync(ClusterView view, string tenant, Func<Task> progress, TrialTally tally, CancellationToken cancellationToken)
    {
        await progress();
        var victim = await view.MasterOfAsync(tenant) ?? throw new InvalidOperationException($"No master has {tenant}.");
        await victim.KillAsync(cancellationToken);
        tally.Count("kills");
        while (await view.MasterOfAsync(tenant) is var master && (master is null || master == victim)) await Task.Delay(Poll, cancellationToken);
        tally.Count("failovers");
        await progress();
        await victim.StartAsync(cancellationToken);
        while (!await view.FollowsAsync(victim)) await Task.Delay(Poll, cancellationToken);
        tally.Count("mastersBackAsReplicas");
    }

    // Returns when every writer has told another whole story.
    private static async Task ProgressAsync(int[] stories, Task writing, CancellationToken cancellationToken)
    {
        var before = stories.Select((_, index) => Volatile.Read(ref stories[index])).ToArray();
        while (before.Where((count, index) => Volatile.Read(ref stories[index]) == count).Any())
        {
            if (writing.IsCompleted) await writing;
            await Task.Delay(Poll, cancellationToken);
        }
    }
}
