using System.Collections.Concurrent;
using StackExchange.Redis;
using TaskRes.Client;
using TaskRes.Trials.Answers;
using TaskRes.Trials.Ledger;
using TaskRes.Trials.Processes;

namespace TaskRes.Trials.Crash;

/// <summary>
/// Kills encoder, trainer, classifier and Redis at random moments under load. Nothing acknowledged may be lost, no answer may
/// be wrong, every job must end. Then losses are planted in Redis, and the ledger must find each.
/// </summary>
internal static class CrashTrial
{
    private const int Writers = 2;

    // Of each writer, however short the trial: enough to plant losses in.
    private const int LeastTasks = 4;
    private const int ImageCount = 16;
    private const int ExamplesPerTask = 4;

    /// <param name="kills">In all, in turn between the four processes.</param>
    public static Task<TrialReport> RunAsync(int seed, int kills, CancellationToken cancellationToken) =>
        TrialTally.RunAsync("crash", seed, tally => RunAsync(seed, kills, tally, cancellationToken));

    private static async Task<bool> RunAsync(int seed, int kills, TrialTally tally, CancellationToken cancellationToken)
    {
        using var services = new SeparateServices();
        await services.StartAsync(cancellationToken);
        var images = TrialImages.Make(ImageCount, seed);
        LabelledImage[] examples = [.. images.Take(ExamplesPerTask).Select((image, index) => new LabelledImage(index % 2 == 0 ? "even" : "odd", image))];
        using var encoder = SeparateServices.Client(services.Encoder, "tenants/reference");
        var answers = await ReferenceAnswers.CreateAsync(encoder, images, tally, cancellationToken);

        var shared = new ConcurrentQueue<string>();
        CrashWriter[] writers = [.. Enumerable.Range(0, Writers).Select(number => new CrashWriter(
            SeparateServices.Client(services.Trainer, $"tenants/writer-{number}"), examples, new AcknowledgementLedger(), answers, shared, tally))];
        using var killed = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var written = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var asking = AnswerReader.AskAsync(services, images, shared, answers, tally, new Random(seed + 1), written.Token);
        var writing = Task.WhenAll(writers.Select(async writer =>
        {
            for (var number = 0; number < LeastTasks || !killed.IsCancellationRequested; number++) await writer.WriteAsync(number, cancellationToken);
        }));
        await KillAsync(services, kills, tally, new Random(seed), cancellationToken);
        await killed.CancelAsync();
        await writing;
        await written.CancelAsync();
        await asking;

        answers.Finish();
        foreach (var writer in writers)
            foreach (var loss in await writer.LossesAsync(cancellationToken)) tally.Fault(loss);
        var planted = await PlantAsync(services, writers[0], cancellationToken);
        tally.Count("plantedLosses", planted.Count);
        var found = await writers[0].LossesAsync(cancellationToken);
        tally.Count("plantedLossesFound", planted.Count(task => found.Any(loss => loss.Contains(task, StringComparison.Ordinal))));
        foreach (var writer in writers) writer.Trainer.Dispose();
        return tally.Of("kills") == kills && planted.Count == 3 && tally.Of("plantedLossesFound") == 3 && tally.Of("replies") > 0;
    }

    private static async Task KillAsync(SeparateServices services, int kills, TrialTally tally, Random random, CancellationToken cancellationToken)
    {
        for (var kill = 0; kill < kills; kill++)
        {
            await Task.Delay(random.Next(200, 1200), cancellationToken);
            var victim = services.All[kill % services.All.Count];
            await victim.KillAsync(cancellationToken);
            tally.Count("kills");
            tally.Count($"killsOf{victim.Name}");
            await Task.Delay(random.Next(0, 500), cancellationToken);
            await victim.StartAsync(cancellationToken);
        }
    }

    // A promotion undone, an example gone, a task gone: behind the services' backs, each of a task of its own.
    private static async Task<IReadOnlyList<string>> PlantAsync(SeparateServices services, CrashWriter writer, CancellationToken cancellationToken)
    {
        await using var redis = await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{services.Redis.Port}");
        var database = redis.GetDatabase();
        Func<string, string, Task<bool>>[] losses =
        [
            async (task, key) => writer.Ledger.LiveIsKnown(task) && await database.ListLengthAsync($"{key}:live") > 1 && !(await database.ListLeftPopAsync($"{key}:live")).IsNull,
            async (_, key) => (await database.HashKeysAsync($"{key}:examples")) is [var digest, ..] && await database.HashDeleteAsync($"{key}:examples", digest) && await database.HashDeleteAsync($"{key}:labels", digest),
            async (task, key) => await database.KeyDeleteAsync(key) && await database.SortedSetRemoveAsync($"{key[..key.IndexOf(":task:", StringComparison.Ordinal)]}:tasks", task[(task.LastIndexOf('/') + 1)..]),
        ];
        var planted = new List<string>();
        foreach (var lose in losses)
            foreach (var task in writer.Ledger.Present.Except(planted))
            {
                cancellationToken.ThrowIfCancellationRequested();
                var parts = task.Split('/');
                if (!await lose(task, $"taskres:{{{parts[1]}}}:task:{parts[3]}")) continue;
                planted.Add(task);
                break;
            }

        return planted;
    }
}
