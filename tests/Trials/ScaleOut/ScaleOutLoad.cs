using System.Diagnostics;
using TaskRes.Client;
using TaskRes.Trials.Answers;
using TaskRes.Trials.Processes;

namespace TaskRes.Trials.ScaleOut;

/// <summary>A closed loop of callers who classify through the SDK and nothing but its own retries; one image in four is new to the encoders.</summary>
internal sealed class ScaleOutLoad(SeparateServices services, string task, IReadOnlyList<byte[]> images, ReferenceAnswers answers, int seed, TrialTally tally) : IDisposable
{
    private const int Callers = 8;
    private const int OneNewIn = 4;
    private const int TopK = 2;

    // It waits: where the machine is busy the connection to the replica that is left may be made anew just then.
    private readonly TaskResClient _classifier = SeparateServices.Client(services.Classifiers, "tenants/load", waits: true);
    private long _answered;
    private long _slowest;

    public long Answered => Interlocked.Read(ref _answered);

    /// <summary>The slowest answer since this was last asked.</summary>
    public TimeSpan TakeSlowest() => TimeSpan.FromTicks(Interlocked.Exchange(ref _slowest, 0));

    public Task RunAsync(CancellationToken end) => Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => CallAsync(caller, end)));

    public void Dispose() => _classifier.Dispose();

    private async Task CallAsync(int caller, CancellationToken end)
    {
        var random = new Random((seed * Callers) + caller);
        while (!end.IsCancellationRequested)
        {
            var image = random.Next(OneNewIn) == 0 ? null : (int?)random.Next(images.Count);
            var content = image is { } known ? images[known] : TrialImages.Make(1, random.Next())[0];
            var start = Stopwatch.GetTimestamp();
            try
            {
                var reply = await _classifier.Classification.ClassifyAsync(task, content, new ClassifyOptions { TopK = TopK }, CancellationToken.None);
                if (image is { } asked) answers.Check(task, asked, reply);
                Interlocked.Increment(ref _answered);
            }
            catch (TaskResClientException error)
            {
                tally.Count("classificationsFailed");
                tally.Fault($"a classification failed: {error.StatusCode}, {error.Reason}: {error.Message}");
            }

            KeepSlowest(Stopwatch.GetElapsedTime(start).Ticks);
        }
    }

    private void KeepSlowest(long ticks)
    {
        for (var known = Interlocked.Read(ref _slowest); ticks > known; known = Interlocked.Read(ref _slowest))
            if (Interlocked.CompareExchange(ref _slowest, ticks, known) == known) return;
    }
}
