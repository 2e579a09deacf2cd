using TaskRes.Services.Tests.Classifier;
using TaskRes.Services.Tests.Encoder;
using TaskRes.V1;
using Task = System.Threading.Tasks.Task;

namespace TaskRes.Services.Tests.Faults;

public sealed class AbsentRedisTests
{
    // Far above what a call takes without waiting for anything, and far below one that waits at every step.
    private static readonly TimeSpan Ordinary = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Classify_RedisAway_KnownAndNewImagesAreAnswered(bool killed)
    {
        await using var classifier = await ClassifierUnderTest.StartAsync(("Redis:RegistryTimeout", "00:00:01"));
        var (task, head) = await classifier.LiveTaskAsync("pets");
        var (known, other) = (TestModel.Image("a_420.jpg"), TestModel.Image("e_palette.png"));
        var before = await classifier.ClassifyAsync(task, known);

        if (killed) classifier.Redis.Kill();
        else classifier.Redis.Freeze();
        try
        {
            var again = await classifier.ClassifyAsync(task, known).WaitAsync(Ordinary, TestContext.Current.CancellationToken);
            var fresh = await classifier.ClassifyAsync(task, other).WaitAsync(Ordinary, TestContext.Current.CancellationToken);

            Assert.Equal((CacheTier.Memory, CacheTier.Encoder), (again.Tier, fresh.Tier));
            Assert.Equal(before.Predictions, again.Predictions);
            Assert.Equal(head.TopK(await classifier.EmbedAsync(other), 1)[0].ClassName, fresh.Predictions[0].ClassName);
        }
        finally
        {
            if (!killed) classifier.Redis.Thaw();
        }
    }
}
