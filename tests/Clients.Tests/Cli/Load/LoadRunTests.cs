using System.Collections.Concurrent;
using Grpc.Core;
using TaskRes.Cli.Load;
using TaskRes.Client;
using TaskRes.Clients.Tests.Sdk;
using TaskRes.V1;
using Task = System.Threading.Tasks.Task;

namespace TaskRes.Clients.Tests.Cli.Load;

/// <summary>The load against classifiers that do as they are told.</summary>
public sealed class LoadRunTests
{
    private static readonly LoadImages Images = LoadImages.Synthetic(side: 8, seed: 1);

    // Made before the load: one for each known image, and one for the task.
    private static readonly int Before = Images.Known.Count + 1;

    private static readonly LoadPlan Plan = new() { Tasks = ["t"], Concurrency = 8, Rate = null, Duration = TimeSpan.FromSeconds(1), HitRatio = 0.5, Seed = 1 };

    [Fact]
    public async Task Run_HalfHits_SendsKnownAndFreshImagesAndTalliesTheReplies()
    {
        var asked = new ConcurrentQueue<Image>();
        var (tally, elapsed) = await RunAsync(Plan, request =>
        {
            asked.Enqueue(request.Image);
            return new ClassifyResponse { Tier = CacheTier.Memory, Timings = new Timings { TotalUs = 5, CacheUs = 2 } };
        });

        var load = asked.Skip(Before).ToArray();
        var known = asked.Take(Before).ToHashSet();
        var fresh = load.Where(image => !known.Contains(image)).ToArray();
        Assert.Equal(fresh.Length, fresh.Distinct().Count());
        Assert.InRange(fresh.Length / (double)load.Length, 0.35, 0.65);
        Assert.Equal((load.Length, load.Length, 0), (tally.Latencies.Count, tally.Tiers[CacheTier.Memory], tally.Failed));
        Assert.Equal((0.002, 0.003), (tally.Split().Cache, Math.Round(tally.Split().OtherOfService, 6)));
        Assert.True(tally.Split().Network > 0);
        Assert.True(elapsed >= Plan.Duration);
    }

    [Fact]
    public async Task Run_ServerRefusesSome_CountsThemByReason()
    {
        var calls = 0;
        var (tally, _) = await RunAsync(Plan, _ => Interlocked.Increment(ref calls) switch
        {
            var call when call <= Before || call % 3 == 0 => new ClassifyResponse { Timings = new Timings() },
            var call when call % 3 == 1 => throw Errors.BytesRequired.ToRpcException(),
            _ => throw new RpcException(new Status(StatusCode.ResourceExhausted, "full")),
        });

        Assert.Equal(["IMAGE_BYTES_REQUIRED", "RESOURCE_EXHAUSTED"], tally.Errors.Keys.Order());
        Assert.Equal(tally.Failed, tally.Errors.Values.Sum());
        Assert.True(tally.Latencies.Count > 0);
    }

    [Fact]
    public async Task Run_ServerRefusesBeforeTheLoad_Throws()
    {
        var error = await Assert.ThrowsAsync<TaskResClientException>(() => RunAsync(Plan, _ => throw new RpcException(new Status(StatusCode.NotFound, "none"))));

        Assert.Equal(StatusCode.NotFound, error.StatusCode);
    }

    [Fact]
    public async Task Run_OpenLoopOnAServerThatStalls_CountsTheWaitOfAllThatWereDueMeanwhile()
    {
        const double Rate = 50;
        var stall = TimeSpan.FromSeconds(1);
        var plan = Plan with { Concurrency = 1, Rate = Rate, Duration = 2 * stall };
        using var never = new ManualResetEventSlim();
        var calls = 0;

        var (tally, _) = await RunAsync(plan, _ =>
        {
            if (Interlocked.Increment(ref calls) == Before + 1) never.Wait(stall);
            return new ClassifyResponse { Timings = new Timings() };
        });

        var arrivals = new Arrivals(Rate, plan.Seed);
        Assert.Equal(Enumerable.Range(0, 1000).Count(_ => arrivals.Next() < plan.Duration), tally.Latencies.Count);
        // Of a closed loop the one call that stalled would be late, of the open a third of all.
        Assert.True(tally.Latencies.Percentile(0.8) > stall / 5, $"80 % are below {tally.Latencies.Percentile(0.8)}.");
    }

    private static async Task<(LoadTally Tally, TimeSpan Elapsed)> RunAsync(LoadPlan plan, Func<ClassifyRequest, ClassifyResponse> answer)
    {
        await using var server = await ScriptedServer.StartAsync(new Sdk.Classifier { Answer = answer });
        using var client = new TaskResClient(server.Options);
        var run = new LoadRun(client, plan, Images, TimeProvider.System);
        return (await run.RunAsync(TestContext.Current.CancellationToken), run.Elapsed);
    }
}
