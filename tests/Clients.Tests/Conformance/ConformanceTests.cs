using TaskRes.Conformance;
using TaskRes.Conformance.Sdks;
using TaskRes.Conformance.Verdicts;
using TaskRes.Tests;

namespace TaskRes.Clients.Tests.Conformance;

/// <summary>All SDKs run the same cases against a live suite, and tell the same of them.</summary>
public sealed class ConformanceTests(ConformanceTests.Run run) : IClassFixture<ConformanceTests.Run>
{
    public static TheoryData<string> Sdks => [.. SdkList.All.Select(sdk => sdk.Name)];

    [Theory]
    [MemberData(nameof(Sdks))]
    public void Cases_WithEverySdk_HoldAndAreToldTheSame(string sdk)
    {
        var report = run.Report;
        var absent = report.Absent.GetValueOrDefault(sdk);
        Need.That(absent is null, $"{absent}");
        Assert.Equal(report.Scenarios, report.Cells.Where(cell => cell.Sdk == sdk).Select(cell => cell.Scenario));
        Assert.DoesNotContain(report.Complaints, complaint => complaint.StartsWith($"{sdk}: ", StringComparison.Ordinal));
    }

    /// <summary>One run for all.</summary>
    public sealed class Run : IAsyncLifetime
    {
        internal Report Report { get; private set; } = null!;

        public async ValueTask InitializeAsync() =>
            Report = await ConformanceRun.RunAsync(SdkList.All, line => TestContext.Current.SendDiagnosticMessage(line), TestContext.Current.CancellationToken);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
