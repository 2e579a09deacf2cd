using TaskRes.Tests;
using TaskRes.Trials;
using TaskRes.Trials.Churn;
using TaskRes.Trials.Cluster;
using TaskRes.Trials.Crash;
using TaskRes.Trials.Hostile;
using TaskRes.Trials.Isolation;
using TaskRes.Trials.Rolling;
using TaskRes.Trials.ScaleOut;

namespace TaskRes.Services.Tests.Trials;

/// <summary>The long trials of tests/Trials, short.</summary>
public sealed class ShortTrialTests
{
    private const int Seed = 7;

    public ShortTrialTests() => Need.Program("redis-server");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Crash_FourKills_LosesNothing() => AssertHolds(await CrashTrial.RunAsync(Seed, kills: 4, Cancel));

    [Fact]
    public async Task Churn_OfThreeTenants_AnswersAsTheNamedRevision() => AssertHolds(await ChurnTrial.RunAsync(Seed, tenants: 3, tasksPerTenant: 3, Cancel));

    [Fact]
    public async Task Hostile_Inputs_AreAnsweredOrRefused() => AssertHolds(await HostileTrial.RunAsync(Seed, inputs: 200, Cancel));

    [Fact]
    public async Task Isolation_OfSeparateProcesses_Holds() => AssertHolds(await IsolationTrial.RunAsync(Seed, Cancel));

    [Fact]
    public async Task Rolling_OfOneReplicaOfEachService_FailsNoCall() => AssertHolds(await RollingTrial.RunAsync(Seed, replicasRolled: 1, rounds: 1, Cancel));

    [Fact]
    public async Task Cluster_OneMasterKilled_LosesNothing() => AssertHolds(await ClusterTrial.RunAsync(Seed, kills: 1, Cancel));

    [Fact]
    public async Task ScaleOut_OneOfEachKilled_FailsNoClassification() => AssertHolds(await ScaleOutTrial.RunAsync(Seed, TimeSpan.FromSeconds(2), Cancel));

    private static void AssertHolds(TrialReport report) =>
        Assert.True(report.Holds, $"{string.Join('\n', report.Faults)}\n{string.Join(", ", report.Counts)}");
}
