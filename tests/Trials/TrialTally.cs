using System.Collections.Concurrent;

namespace TaskRes.Trials;

/// <summary>What a trial counted, and what it found wrong.</summary>
internal sealed class TrialTally
{
    private const int MaxFaultsKept = 20;

    private readonly ConcurrentDictionary<string, int> _counts = new();
    private readonly ConcurrentQueue<string> _faults = new();

    public void Count(string what, int by = 1) => _counts.AddOrUpdate(what, by, (_, count) => count + by);

    public int Of(string what) => _counts.GetValueOrDefault(what);

    /// <summary>A fault ends the claim that the trial holds.</summary>
    public void Fault(string what)
    {
        Count("faults");
        if (_faults.Count < MaxFaultsKept) _faults.Enqueue(what);
    }

    /// <param name="goal">Beside the absence of faults.</param>
    public TrialReport Report(string name, int seed, TimeSpan duration, bool goal) =>
        new(name, seed, Math.Round(duration.TotalSeconds, 1), goal && _faults.IsEmpty, new SortedDictionary<string, int>(_counts, StringComparer.Ordinal), [.. _faults]);
}

/// <summary>The outcome of a trial as it is printed.</summary>
internal sealed record TrialReport(string Name, int Seed, double Seconds, bool Holds, IReadOnlyDictionary<string, int> Counts, IReadOnlyList<string> Faults);
