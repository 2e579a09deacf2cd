using System.Collections.Concurrent;
using System.Diagnostics;

namespace TaskRes.Trials;

/// <summary>What a trial counted, and what it found wrong.</summary>
internal sealed class TrialTally
{
    private const int MaxFaultsKept = 20;

    private readonly ConcurrentDictionary<string, int> _counts = new();
    private readonly ConcurrentQueue<string> _faults = new();

    /// <summary>Runs a trial to its report. One that cannot go on is reported too, with what it had counted.</summary>
    /// <param name="run">Answers whether it reached its goal, beside the absence of faults.</param>
    public static async Task<TrialReport> RunAsync(string name, int seed, Func<TrialTally, Task<bool>> run)
    {
        var (start, tally) = (Stopwatch.GetTimestamp(), new TrialTally());
        var reached = false;
        try
        {
            reached = await run(tally);
        }
        catch (OperationCanceledException)
        {
            tally.Fault("it was broken off before its end");
        }
        catch (Exception exception)
        {
            tally.Fault($"it could not go on: {exception}");
        }

        return new TrialReport(
            name,
            seed,
            Math.Round(Stopwatch.GetElapsedTime(start).TotalSeconds, 1),
            reached && tally._faults.IsEmpty,
            new SortedDictionary<string, int>(tally._counts, StringComparer.Ordinal),
            [.. tally._faults]);
    }

    public void Count(string what, int by = 1) => _counts.AddOrUpdate(what, by, (_, count) => count + by);

    public int Of(string what) => _counts.GetValueOrDefault(what);

    /// <summary>A fault ends the claim that the trial holds.</summary>
    public void Fault(string what)
    {
        Count("faults");
        if (_faults.Count < MaxFaultsKept) _faults.Enqueue(what);
    }
}

/// <summary>The outcome of a trial as it is printed.</summary>
internal sealed record TrialReport(string Name, int Seed, double Seconds, bool Holds, IReadOnlyDictionary<string, int> Counts, IReadOnlyList<string> Faults);
