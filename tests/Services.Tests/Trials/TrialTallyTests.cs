using TaskRes.Trials;

namespace TaskRes.Services.Tests.Trials;

public sealed class TrialTallyTests
{
    private const int Seed = 3;

    [Fact]
    public async Task RunAsync_TrialThatReachesItsGoal_Holds() => Assert.True((await RunAsync(_ => true)).Holds);

    [Fact]
    public async Task RunAsync_TrialThatMissesItsGoal_DoesNotHold() => Assert.False((await RunAsync(_ => false)).Holds);

    [Fact]
    public async Task RunAsync_TrialWithAFault_DoesNotHold()
    {
        var report = await RunAsync(tally =>
        {
            tally.Fault("a loss");
            return true;
        });

        Assert.False(report.Holds);
        Assert.Equal(["a loss"], report.Faults);
    }

    [Theory]
    [InlineData(typeof(InvalidOperationException), "could not go on")]
    [InlineData(typeof(OperationCanceledException), "broken off")]
    public async Task RunAsync_TrialThatThrows_ReportsWhatItHadCounted(Type exception, string fault)
    {
        var report = await RunAsync(tally =>
        {
            tally.Count("kills", 5);
            throw (Exception)Activator.CreateInstance(exception)!;
        });

        Assert.Equal((false, 5, Seed), (report.Holds, report.Counts["kills"], report.Seed));
        Assert.Contains(fault, Assert.Single(report.Faults), StringComparison.Ordinal);
    }

    private static Task<TrialReport> RunAsync(Func<TrialTally, bool> run) => TrialTally.RunAsync("trial", Seed, tally => Task.FromResult(run(tally)));
}
