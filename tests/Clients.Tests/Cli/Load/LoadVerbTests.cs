using System.Runtime.Versioning;
using TaskRes.Tests;

namespace TaskRes.Clients.Tests.Cli.Load;

[SupportedOSPlatform("linux")]
public sealed class LoadVerbTests(CliHome home) : IClassFixture<CliHome>
{
    [Fact]
    public async Task Load_OfARunningSuite_ReportsHitsMissesAndBothLoops()
    {
        await using var suite = await RunningSuite.StartAsync(home);
        (await CliRun.JsonAsync(home, "task", "create", "some", "--classes", "photo,drawing")).RequireJson();

        var closed = (await CliRun.JsonAsync(home, "load", "--tasks", "some,default", "--seconds", "1")).ExitCode;
        Assert.Equal(1, closed);

        var misses = (await CliRun.JsonAsync(home, "load", "--tasks", "some", "--concurrency", "4", "--seconds", "1", "--image-size", "64")).RequireJson();
        Assert.Equal("closed", misses.GetProperty("mode").GetString());
        Assert.True(misses.GetProperty("answered").GetInt64() > 0);
        Assert.Equal(0, misses.GetProperty("failed").GetInt64());
        // Though each image is a JPEG with something behind its end.
        Assert.Equal(["encoder"], misses.GetProperty("tiers").EnumerateObject().Select(tier => tier.Name));
        Assert.True(misses.GetProperty("split").GetProperty("compute").GetDouble() > 0);

        var hits = (await CliRun.JsonAsync(home, "load", "--verb", "encode", "--rate", "50", "--seconds", "1", "--hit-ratio", "1", "--images", ReferenceData.Golden("images"))).RequireJson();
        Assert.Equal("open", hits.GetProperty("mode").GetString());
        Assert.Equal(["memory"], hits.GetProperty("tiers").EnumerateObject().Select(tier => tier.Name));
        var latency = hits.GetProperty("latency");
        Assert.True(latency.GetProperty("p50").GetDouble() <= latency.GetProperty("p999").GetDouble());
        Assert.True(latency.GetProperty("p999").GetDouble() <= latency.GetProperty("max").GetDouble());
    }
}
