using Microsoft.Extensions.Logging;
using StackExchange.Redis;
using TaskRes.Classifier.Heads;
using TaskRes.Core.Learning;
using TaskRes.Platform.Redis;
using TaskRes.Platform.Registry;
using TaskRes.Platform.Resources;
using TaskRes.Services.Tests.Encoder;
using TaskRes.Services.Tests.Support;

namespace TaskRes.Services.Tests.Classifier;

public sealed class RolloutTests
{
    private static readonly TaskName Pets = new TenantName("acme").Task("pets");
    private static readonly byte[] Photo = TestModel.Image("a_420.jpg");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0.5)]
    [InlineData(25)]
    [InlineData(99)]
    public void HeadFor_ManyImages_TheCanaryHasItsShareAndKeepsItsImages(double percent)
    {
        const int Images = 20_000;
        var task = new ServedTask(Head("live")) { Canary = Head("canary"), CanaryPercent = percent };
        var answered = Enumerable.Range(0, Images).Count(image => task.HeadFor(Samples.Digest(image)) == task.Canary);

        // Five standard deviations of a binomial count.
        var tolerance = 5 * Math.Sqrt(Images * percent / 100 * (1 - (percent / 100)));
        Assert.InRange(answered, (Images * percent / 100) - tolerance, (Images * percent / 100) + tolerance);
        Assert.All(Enumerable.Range(0, 100), image => Assert.Same(task.HeadFor(Samples.Digest(image)), task.HeadFor(Samples.Digest(image))));
    }

    [Fact]
    public void HeadFor_AnotherCanary_HasOtherImages()
    {
        var (first, second) = (new ServedTask(Head("live")) { Canary = Head("one"), CanaryPercent = 50 }, new ServedTask(Head("live")) { Canary = Head("two"), CanaryPercent = 50 });
        var both = Enumerable.Range(0, 2_000).Count(image => (first.HeadFor(Samples.Digest(image)) == first.Canary) == (second.HeadFor(Samples.Digest(image)) == second.Canary));
        Assert.InRange(both, 850, 1_150);
    }

    [Fact]
    public async Task Classify_WithACanary_EachAnswerIsOfTheRevisionItNames()
    {
        await using var classifier = await ClassifierUnderTest.StartAsync();
        var (task, live) = await classifier.LiveTaskAsync("pets");
        var before = (await classifier.ClassifyAsync(task, Photo)).Revision;
        var (canary, canaryHead) = await classifier.PublishAsync(task, seed: 2);
        await classifier.Registry.SetRolloutAsync(task, new Rollout { Canary = canary, CanaryPercent = 50 }, expected: null, Cancel);
        await Eventually.HoldsAsync(() => classifier.Resident.Peek(task)?.Canary?.Name == canary, "the canary is served");

        var seen = new HashSet<string>();
        foreach (var image in TestModel.Images)
        {
            var answer = await classifier.ClassifyAsync(task, image);
            var head = answer.Revision == before ? live : canaryHead;
            Assert.Equal(head.TopK(await classifier.EmbedAsync(image), 5).Select(p => p.ClassIndex), answer.Predictions.Select(p => p.ClassIndex));
            seen.Add(answer.Revision);
        }

        Assert.True(seen.SetEquals([before, $"{canary}"]), "Both must have answered some of the images.");
        await classifier.Registry.SetRolloutAsync(task, null, expected: null, Cancel);
        await Eventually.HoldsAsync(() => classifier.Resident.Peek(task)?.Canary is null, "the canary is gone");
        foreach (var image in TestModel.Images) Assert.Equal(before, (await classifier.ClassifyAsync(task, image)).Revision);
    }

    [Fact]
    public async Task Classify_WithAShadow_AnswersAsBeforeAndLogsItsScores()
    {
        using var log = new LogCapture();
        await using var classifier = await ClassifierUnderTest.StartAsync();
        classifier.Service.Get<ILoggerFactory>().AddProvider(log);
        var (task, _) = await classifier.LiveTaskAsync("pets");
        var before = await classifier.ClassifyAsync(task, Photo);
        var (shadow, shadowHead) = await classifier.PublishAsync(task, seed: 2);
        await classifier.Registry.SetRolloutAsync(task, new Rollout { Shadow = shadow }, expected: null, Cancel);
        await Eventually.HoldsAsync(() => classifier.Resident.Peek(task)?.Shadow?.Name == shadow, "the shadow is served");

        var after = await classifier.ClassifyAsync(task, Photo);

        Assert.Equal((before.Revision, before.Predictions), (after.Revision, after.Predictions));
        var scored = Assert.Single(log.Entries, entry => entry.Event == "ShadowScored");
        Assert.Equal(LogLevel.Information, scored.Level);
        Assert.Contains(shadowHead.TopK(await classifier.EmbedAsync(Photo), 1)[0].ClassName, scored.Message, StringComparison.Ordinal);
        Assert.Contains($"{shadow}", scored.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Classify_CanaryDamaged_TheLiveRevisionAnswersAlone()
    {
        await using var classifier = await ClassifierUnderTest.StartAsync();
        var (task, _) = await classifier.LiveTaskAsync("pets");
        var (canary, _) = await classifier.PublishAsync(task, seed: 2);
        await using var redis = await ConnectionMultiplexer.ConnectAsync(classifier.Redis.ConnectionString);
        await redis.GetDatabase().StringSetAsync(RedisKeys.RevisionPart(canary, 0), "garbage");
        await classifier.Registry.SetRolloutAsync(task, new Rollout { Canary = canary, CanaryPercent = 99.9 }, expected: null, Cancel);

        var live = (await classifier.Registry.GetServingAsync(task, Cancel)).Live;
        foreach (var image in TestModel.Images) Assert.Equal($"{live}", (await classifier.ClassifyAsync(task, image)).Revision);
    }

    private static ResidentHead Head(string revision)
    {
        var rows = new Matrix(2, 4, [1, 0, 0, 0, 0, 1, 0, 0]);
        return new ResidentHead(Pets.Revision(revision), new Head(Revision.ZeroShot(["cat", "dog"], ["a {}."], rows, 100, "f")), "f");
    }
}
