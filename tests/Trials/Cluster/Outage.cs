using System.Diagnostics;
using TaskRes.Client;
using TaskRes.Trials.Processes;

namespace TaskRes.Trials.Cluster;

/// <summary>Asks the registry for a tenant's tasks again and again: the longest time without an answer.</summary>
internal static class Outage
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    public static async Task<TimeSpan> MeasureAsync(TaskResClient trainer, TrialTally tally, CancellationToken end)
    {
        var (answered, longest) = (Stopwatch.GetTimestamp(), TimeSpan.Zero);
        while (!end.IsCancellationRequested)
        {
            try
            {
                await trainer.Tasks.ListAsync(CancellationToken.None).CountAsync(CancellationToken.None);
                var gap = Stopwatch.GetElapsedTime(answered);
                if (gap > longest) longest = gap;
                answered = Stopwatch.GetTimestamp();
            }
            catch (TaskResClientException error) when (Outages.IsOutage(error))
            {
                tally.Count("listingsDuringOutage");
            }

            await Task.Delay(Pause, end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        var last = Stopwatch.GetElapsedTime(answered);
        return last > longest ? last : longest;
    }
}
