using TaskRes.Cli.Errors;
using TaskRes.Client;
using TaskRes.Core;
using TaskRes.V1;
using Task = System.Threading.Tasks.Task;

namespace TaskRes.Cli.Load;

/// <summary>Makes a plan's requests and tallies what comes of them.</summary>
internal sealed class LoadRun(TaskResClient client, LoadPlan plan, LoadImages images, TimeProvider time)
{
    private static readonly TimeSpan TimerStep = TimeSpan.FromMilliseconds(1);

    private readonly LoadTally _tally = new();
    private readonly Arrivals? _arrivals = plan.Rate is { } rate ? new Arrivals(rate, plan.Seed) : null;
    private long _start;
    private long _requests;

    /// <summary>How long it took, the last answers included.</summary>
    public TimeSpan Elapsed { get; private set; }

    /// <exception cref="TaskResClientException">Before the load: the server does not answer, or a task is not there.</exception>
    public async Task<LoadTally> RunAsync(CancellationToken cancellationToken)
    {
        foreach (var image in images.Known) await AskAsync(plan.Tasks.FirstOrDefault(), image, cancellationToken);
        foreach (var task in plan.Tasks) await AskAsync(task, images.Known[0], cancellationToken);
        _start = time.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, plan.Concurrency).Select(caller => CallAsync(caller, cancellationToken)));
        Elapsed = time.GetElapsedTime(_start);
        return _tally;
    }

    // In the open loop a caller takes the next arrival when it is free. Where none is free at an arrival, the wait for one counts:
    // a server that stalls is not spared what came meanwhile.
    private async Task CallAsync(int caller, CancellationToken cancellationToken)
    {
        var random = new Random(unchecked((plan.Seed * 7919) + caller));
        while (NextDue() is var due && due < plan.Duration)
        {
            while (due - time.GetElapsedTime(_start) is var wait && wait > TimeSpan.Zero)
                await Task.Delay(wait > TimerStep ? wait : TimerStep, time, cancellationToken);
            await RequestAsync(random, due, cancellationToken);
        }
    }

    private TimeSpan NextDue() => _arrivals?.Next() ?? time.GetElapsedTime(_start);

    private async Task RequestAsync(Random random, TimeSpan due, CancellationToken cancellationToken)
    {
        var number = Interlocked.Increment(ref _requests);
        var image = random.NextDouble() < plan.HitRatio ? images.Known[random.Next(images.Known.Count)] : images.Fresh(number);
        var task = plan.Tasks.Count == 0 ? null : plan.Tasks[random.Next(plan.Tasks.Count)];
        try
        {
            var (timings, tier) = await AskAsync(task, image, cancellationToken);
            _tally.Answered(time.GetElapsedTime(_start) - due, timings, tier);
        }
        catch (Exception refused) when (refused is TaskResClientException or TaskResException)
        {
            _tally.Refused(Failure.Of(refused).Reason);
        }
    }

    // An embedding where there is no task.
    private async Task<(Timings Timings, CacheTier Tier)> AskAsync(string? task, ReadOnlyMemory<byte> image, CancellationToken cancellationToken)
    {
        if (task is not null)
        {
            var answer = await client.Classification.ClassifyAsync(task, image, cancellationToken: cancellationToken);
            return (answer.Timings, answer.Tier);
        }

        var response = await client.Encoding.EncodeImagesAsync([image], cancellationToken: cancellationToken);
        var result = response.Results[0];
        return result.Error is { } error ? throw ItemErrors.Exception(error, "image") : (response.Timings, result.Tier);
    }
}
