using System.Collections.Concurrent;
using System.Diagnostics;
using TaskRes.Client;
using TaskRes.Trials.Answers;
using TaskRes.Trials.Crash;
using TaskRes.Trials.Ledger;
using TaskRes.Trials.Processes;

namespace TaskRes.Trials.ScaleOut;

/// <summary>
/// One of each service, then two of each behind client-side balancing, under the same load; then one of each of the two is
/// killed and comes back. No classification may fail, nothing acknowledged be lost, and every job must end. Throughput is
/// reported, not judged: on one machine the replicas share its cores.
/// </summary>
internal static class ScaleOutTrial
{
    private const int ImageCount = 16;
    private const int ExamplesPerTask = 4;
    private const int Kinds = 3;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(1);

    /// <param name="phase">How long each throughput is measured.</param>
    public static Task<TrialReport> RunAsync(int seed, TimeSpan phase, CancellationToken cancellationToken) =>
        TrialTally.RunAsync("scale-out", seed, tally => RunAsync(seed, phase, tally, cancellationToken));

    private static async Task<bool> RunAsync(int seed, TimeSpan phase, TrialTally tally, CancellationToken cancellationToken)
    {
        await RunAsync(seed, replicas: 1, "OneOfEach", (_, measure) => measure("OneOfEach"), phase, tally, cancellationToken);
        await RunAsync(seed, replicas: 2, "TwoOfEach", async (services, measure) =>
        {
            await measure("TwoOfEach");
            foreach (var replica in new[] { services.Encoders[1], services.Classifiers[1], services.Trainers[1] })
            {
                await replica.KillAsync(cancellationToken);
                tally.Count("kills");
                await measure($"Without{replica.Name}");
                await replica.StartAsync(cancellationToken);
                await SeparateServices.ServeAsync(replica, cancellationToken);
            }

            await measure("TwoOfEachAgain");
        }, phase, tally, cancellationToken);
        return tally.Of("kills") == Kinds && tally.Of("classificationsFailed") == 0 && tally.Of("jobsSucceeded") > 0 && tally.Of("jobsSucceeded") == tally.Of("jobs");
    }

    private static async Task RunAsync(
        int seed, int replicas, string name, Func<SeparateServices, Func<string, Task>, Task> story, TimeSpan phase, TrialTally tally, CancellationToken cancellationToken)
    {
        using var services = new SeparateServices(replicas);
        await services.StartAsync(cancellationToken);
        var images = TrialImages.Make(ImageCount, seed);
        LabelledImage[] examples = [.. images.Take(ExamplesPerTask).Select((image, index) => new LabelledImage(index % 2 == 0 ? "even" : "odd", image))];
        using var encoder = SeparateServices.Client(services.Encoders, "tenants/reference");
        using var trainer = SeparateServices.Client(services.Trainers, "tenants/load");
        var answers = await ReferenceAnswers.CreateAsync(encoder, images, tally, cancellationToken);
        var task = await trainer.Tasks.CreateAsync(new CreateTaskOptions { TaskId = "asked", ClassNames = ["even", "odd"] }, cancellationToken);
        await answers.LearnAsync(trainer, task.LiveRevision, cancellationToken);
        var writer = new CrashWriter(trainer, examples, new AcknowledgementLedger(), answers, new ConcurrentQueue<string>(), tally);

        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var load = new ScaleOutLoad(services, task.Name, images, answers, seed, tally);
        var loading = load.RunAsync(end.Token);
        var writing = WriteAsync(writer, end.Token, cancellationToken);
        await Task.Delay(WarmUp, cancellationToken);
        await story(services, what => MeasureAsync(what, load, phase, tally, cancellationToken));
        await end.CancelAsync();
        await loading;
        tally.Count($"trainingStories{name}", await writing);
        answers.Finish();
        foreach (var loss in await writer.LossesAsync(cancellationToken)) tally.Fault(loss);
    }

    private static async Task<int> WriteAsync(CrashWriter writer, CancellationToken end, CancellationToken cancellationToken)
    {
        var number = 0;
        for (; !end.IsCancellationRequested; number++) await writer.WriteAsync(number, cancellationToken);
        return number;
    }

    private static async Task MeasureAsync(string what, ScaleOutLoad load, TimeSpan phase, TrialTally tally, CancellationToken cancellationToken)
    {
        load.TakeSlowest();
        var (start, before) = (Stopwatch.GetTimestamp(), load.Answered);
        await Task.Delay(phase, cancellationToken);
        tally.Count($"classificationsPerSecond{what}", (int)((load.Answered - before) / Stopwatch.GetElapsedTime(start).TotalSeconds));
        tally.Count($"slowestMilliseconds{what}", (int)load.TakeSlowest().TotalMilliseconds);
    }
}
