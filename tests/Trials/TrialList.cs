using TaskRes.Trials.Churn;
using TaskRes.Trials.Crash;
using TaskRes.Trials.Isolation;

namespace TaskRes.Trials;

/// <summary>The trials by name, in their long forms.</summary>
internal static class TrialList
{
    private const int Kills = 44;
    private const int Tenants = 20;
    private const int TasksPerTenant = 10;

    public static IReadOnlyList<string> Names { get; } = ["crash", "churn", "isolation"];

    public static Task<TrialReport> RunAsync(string name, int seed, CancellationToken cancellationToken) => name switch
    {
        "crash" => CrashTrial.RunAsync(seed, Kills, cancellationToken),
        "churn" => ChurnTrial.RunAsync(seed, Tenants, TasksPerTenant, cancellationToken),
        _ => IsolationTrial.RunAsync(seed, cancellationToken),
    };
}
