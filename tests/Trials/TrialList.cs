using TaskRes.Trials.Churn;
using TaskRes.Trials.Cluster;
using TaskRes.Trials.Crash;
using TaskRes.Trials.Hostile;
using TaskRes.Trials.Isolation;
using TaskRes.Trials.Rolling;
using TaskRes.Trials.ScaleOut;
using TaskRes.Trials.Soak;

namespace TaskRes.Trials;

/// <summary>The trials by name, in their long forms.</summary>
internal static class TrialList
{
    private const int Kills = 44;
    private const int Tenants = 20;
    private const int TasksPerTenant = 10;
    private const int HostileRequests = 6000;
    private const int Replicas = 2;
    private const int Rounds = 2;
    private const int MasterKills = 6;

    private static readonly TimeSpan ScaleOutPhase = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);
    private static readonly TimeSpan SoakDuration = TimeSpan.FromMinutes(15);

    public static IReadOnlyList<string> Names { get; } = ["churn", "cluster", "crash", "hostile", "isolation", "rolling", "scale-out", "soak"];

    /// <param name="duration">Of the soak; the others are broken off as failed after so long. Null for the default.</param>
    public static async Task<TrialReport> RunAsync(string name, int seed, TimeSpan? duration, CancellationToken cancellationToken)
    {
        if (name == "soak") return await SoakTrial.RunAsync(seed, duration ?? SoakDuration, cancellationToken);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(duration ?? Longest);
        return await (name switch
        {
            "crash" => CrashTrial.RunAsync(seed, Kills, limit.Token),
            "churn" => ChurnTrial.RunAsync(seed, Tenants, TasksPerTenant, limit.Token),
            "cluster" => ClusterTrial.RunAsync(seed, MasterKills, limit.Token),
            "hostile" => HostileTrial.RunAsync(seed, HostileRequests, limit.Token),
            "rolling" => RollingTrial.RunAsync(seed, Replicas, Rounds, limit.Token),
            "scale-out" => ScaleOutTrial.RunAsync(seed, ScaleOutPhase, limit.Token),
            _ => IsolationTrial.RunAsync(seed, limit.Token),
        });
    }
}
