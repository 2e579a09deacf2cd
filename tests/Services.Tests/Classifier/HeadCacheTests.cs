using System.Diagnostics;
using Google.Rpc;
using Grpc.Core;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using StackExchange.Redis;
using TaskRes.Classifier.Heads;
using TaskRes.Core.Learning;
using TaskRes.Platform.Redis;
using TaskRes.Platform.Resources;
using TaskRes.Services.Tests.Encoder;
using TaskRes.Services.Tests.Support;

namespace TaskRes.Services.Tests.Classifier;

public sealed class HeadCacheTests
{
    private static readonly byte[] Photo = TestModel.Image("a_420.jpg");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Promote_WhileManyClassify_EveryAnswerIsOfTheRevisionItNames()
    {
        await using var classifier = await ClassifierUnderTest.StartAsync();
        var task = await classifier.CreateTaskAsync("pets");
        var heads = new Dictionary<string, Head>();
        var names = new List<RevisionName>();
        for (var seed = 1; seed <= 5; seed++)
        {
            var (name, head) = await classifier.PublishAsync(task, seed);
            heads[name.ToString()] = head;
            names.Add(name);
        }

        await classifier.Registry.PromoteAsync(names[0], expected: null, Cancel);
        var embedding = await classifier.EmbedAsync(Photo);
        using var promoted = new CancellationTokenSource();
        var callers = Enumerable.Range(0, 16).Select(async _ =>
        {
            var seen = new HashSet<string>();
            do
            {
                var answer = await classifier.ClassifyAsync(task, Photo);
                var expected = heads[answer.Revision].TopK(embedding, 5);
                Assert.Equal(expected.Select(p => p.ClassIndex), answer.Predictions.Select(p => p.ClassIndex));
                Assert.All(expected.Zip(answer.Predictions), pair => Assert.Equal(pair.First.Logit, pair.Second.Logit, 1e-3f));
                seen.Add(answer.Revision);
            }
            while (!promoted.IsCancellationRequested);
            return seen;
        }).ToArray();

        foreach (var name in names.Skip(1))
        {
            await classifier.Registry.PromoteAsync(name, expected: null, Cancel);
            await Eventually.HoldsAsync(() => classifier.Resident.Peek(task)?.Live.Name == name, "the head is swapped");
        }

        await promoted.CancelAsync();
        var seen = (await Task.WhenAll(callers)).SelectMany(revisions => revisions).ToHashSet();
        Assert.True(seen.Count > 1, "The callers met one revision alone: the test tested nothing.");
        Assert.Equal(names[^1].ToString(), (await classifier.ClassifyAsync(task, Photo)).Revision);
    }

    [Fact]
    public async Task Classify_RedisGone_ResidentHeadsAnswerAndOthersFailQuickly()
    {
        await using var classifier = await ClassifierUnderTest.StartAsync();
        var (resident, _) = await classifier.LiveTaskAsync("resident");
        var (absent, _) = await classifier.LiveTaskAsync("absent");
        var before = await classifier.ClassifyAsync(resident, Photo);

        classifier.Redis.Kill();
        var cached = await classifier.ClassifyAsync(resident, Photo);
        var computed = await classifier.ClassifyAsync(resident, TestModel.Image("b_444_progressive.jpg"));
        var start = Stopwatch.GetTimestamp();
        var refused = await Assert.ThrowsAsync<RpcException>(() => classifier.ClassifyAsync(absent, Photo));

        Assert.Equal(before.Predictions, cached.Predictions);
        Assert.Equal(before.Revision, computed.Revision);
        Assert.Equal((StatusCode.Unavailable, "REGISTRY_UNAVAILABLE"), (refused.StatusCode, refused.GetRpcStatus()!.GetDetail<ErrorInfo>()!.Reason));
        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(6));
    }

    [Fact]
    public async Task Classify_MoreTasksThanFit_EvictsTheOldestAndAnswersAll()
    {
        await using var classifier = await ClassifierUnderTest.StartAsync(("Classifier:MaxTasks", "2"));
        var tasks = new List<(TaskName Task, Head Head)>();
        for (var i = 0; i < 5; i++) tasks.Add(await classifier.LiveTaskAsync($"task-{i}", seed: i));
        var embedding = await classifier.EmbedAsync(Photo);

        var answers = Enumerable.Range(0, 100).Select(async i =>
        {
            var (task, head) = tasks[i % tasks.Count];
            var answer = await classifier.ClassifyAsync(task, Photo, topK: 7);
            Assert.Equal(head.TopK(embedding, 7).Select(p => p.ClassIndex), answer.Predictions.Select(p => p.ClassIndex));
        });
        await Task.WhenAll(answers);

        Assert.Equal(2, classifier.Resident.Count);
    }

    [Fact]
    public async Task Get_OneTaskLoadsSlowly_OthersDoNotWaitForIt()
    {
        await using var classifier = await ClassifierUnderTest.StartAsync();
        var (slow, _) = await classifier.LiveTaskAsync("slow");
        var (other, _) = await classifier.LiveTaskAsync("other");
        var release = new TaskCompletionSource();
        var heads = new HeadCache(
            HeldRegistry.Around(classifier.Registry, slow, release.Task), new ResidentTasks(10, long.MaxValue), classifier.Service.Get<IHostApplicationLifetime>(), NullLogger<HeadCache>.Instance);

        var waiting = Enumerable.Range(0, 100).Select(_ => heads.GetAsync(slow, Cancel).AsTask()).ToArray();
        Assert.Equal(other, (await heads.GetAsync(other, Cancel)).Name);
        Assert.DoesNotContain(waiting, task => task.IsCompleted);

        release.SetResult();
        Assert.All(await Task.WhenAll(waiting), served => Assert.Equal(slow, served.Name));
    }

    [Fact]
    public async Task Recheck_EventLost_FindsTheNewRevision()
    {
        await using var classifier = await ClassifierUnderTest.StartAsync(("Classifier:RecheckSeconds", "0.2"));
        var (task, _) = await classifier.LiveTaskAsync("pets");
        await classifier.ClassifyAsync(task, Photo);

        // The live list changes under the registry, as if its event had been lost.
        var (next, _) = await classifier.PublishAsync(task, seed: 2);
        await using var redis = await ConnectionMultiplexer.ConnectAsync(classifier.Redis.ConnectionString);
        await redis.GetDatabase().ListLeftPushAsync(RedisKeys.Live(task), next.Revision);
        await Eventually.HoldsAsync(() => classifier.Resident.Peek(task)?.Live.Name == next, "the next round finds it");
    }
}
