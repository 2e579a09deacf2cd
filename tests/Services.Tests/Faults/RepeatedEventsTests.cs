using TaskRes.Platform.Redis;
using TaskRes.Platform.Resources;
using TaskRes.Services.Tests.Classifier;
using TaskRes.Services.Tests.Encoder;
using TaskRes.Services.Tests.Support;
using TaskRes.Services.Tests.Trainer;
using TaskRes.Trainer.Jobs;
using TaskRes.V1;
using JobState = TaskRes.V1.JobState;
using Task = System.Threading.Tasks.Task;

namespace TaskRes.Services.Tests.Faults;

public sealed class RepeatedEventsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task LiveEvents_RepeatedAndOutOfOrder_TheNewestIsServed()
    {
        await using var classifier = await ClassifierUnderTest.StartAsync(("Classifier:RecheckSeconds", "3600"));
        var (task, _) = await classifier.LiveTaskAsync("pets");
        var (other, _) = await classifier.LiveTaskAsync("others");
        var image = TestModel.Image("a_420.jpg");
        await classifier.ClassifyAsync(task, image);
        await using var raw = await StackExchange.Redis.ConnectionMultiplexer.ConnectAsync(classifier.Redis.ConnectionString);
        RevisionName? newest = null;

        for (var seed = 2; seed < 8; seed++)
        {
            newest = (await classifier.PublishAsync(task, seed)).Name;
            foreach (var name in new[] { task, other, task }) await raw.GetSubscriber().PublishAsync(RedisKeys.LiveChannel, $"{name}");
            await classifier.Registry.PromoteAsync(newest.Value, expected: null, Token);
            foreach (var name in new[] { other, task, other, task }) await raw.GetSubscriber().PublishAsync(RedisKeys.LiveChannel, $"{name}");
        }

        await Eventually.HoldsAsync(async () => (await classifier.ClassifyAsync(task, image)).Revision == $"{newest}", "the newest is served");
        for (var i = 0; i < 100; i++) await raw.GetSubscriber().PublishAsync(RedisKeys.LiveChannel, $"{task}");
        Assert.Equal($"{newest}", (await classifier.ClassifyAsync(task, image)).Revision);
    }

    [Fact]
    public async Task JobEvents_AndTheJobItselfRepeated_ItRunsOnce()
    {
        using var redis = await RedisServer.StartAsync();
        await using var trainer = await TrainerUnderTest.StartAsync(redis);
        await using var second = await TrainerUnderTest.StartAsync(redis);
        var task = await trainer.CreateWithExamplesAsync();
        await using var raw = await StackExchange.Redis.ConnectionMultiplexer.ConnectAsync(redis.ConnectionString);

        var job = await trainer.TrainAsync(task.Name, new TrainingSettings { Epochs = 500 });
        for (var i = 0; i < 5; i++)
        {
            await raw.GetDatabase().ListLeftPushAsync(RedisKeys.JobQueue, job.Name);
            await raw.GetSubscriber().PublishAsync(RedisKeys.JobsChannel, job.Name);
            await raw.GetSubscriber().PublishAsync(RedisKeys.JobsChannel, JobEvents.Queued);
        }

        Assert.Equal(JobState.Succeeded, (await trainer.EndAsync(job.Name)).State);
        await Eventually.HoldsAsync(
            async () => await raw.GetDatabase().ListLengthAsync(RedisKeys.JobQueue) + await raw.GetDatabase().ListLengthAsync(RedisKeys.JobsLeased) == 0, "the repetitions are forgotten");
        Assert.Equal(1, (await trainer.Jobs.GetAsync(JobName.Parse(job.Name, "job"), Token)).Attempt);
    }
}
