using Grpc.Core;
using TaskRes.V1;
using Task = System.Threading.Tasks.Task;

namespace TaskRes.Services.Tests.Trainer;

[Collection(TrainerCollection.Name)]
public sealed class WarmStartTests(TrainerFixture fixture)
{
    private readonly TrainerUnderTest _trainer = fixture.Trainer;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TrainTask_FromAnEarlierRevision_GoesOnFromIt()
    {
        var task = await _trainer.CreateWithExamplesAsync();
        var first = await EndAsync(new TrainTaskRequest { Task = task.Name, Settings = new TrainingSettings { Epochs = 30 } });

        var cold = await EndAsync(new TrainTaskRequest { Task = task.Name, Settings = new TrainingSettings { Epochs = 1 } });
        var warm = await EndAsync(new TrainTaskRequest { Task = task.Name, Settings = new TrainingSettings { Epochs = 1 }, WarmStart = first.Revision });

        Assert.True(warm.Progress.Loss < cold.Progress.Loss, $"{warm.Progress.Loss} from {cold.Progress.Loss}");
        Assert.NotEqual(cold.Revision, warm.Revision);
    }

    [Fact]
    public async Task TrainTask_FromARevisionThatIsNotThere_IsRefused()
    {
        var task = await _trainer.CreateWithExamplesAsync();

        await Refused.WithAsync(StatusCode.NotFound, "REVISION_NOT_FOUND", () => TrainAsync(new TrainTaskRequest { Task = task.Name, WarmStart = $"{task.Name}/revisions/{new string('a', 32)}" }));
    }

    [Fact]
    public async Task TrainTask_FromAnotherTenantsRevision_IsRefused()
    {
        var (task, other) = (await _trainer.CreateWithExamplesAsync(), await _trainer.CreateWithExamplesAsync());

        await Refused.WithAsync(StatusCode.InvalidArgument, "INVALID_FIELD", () => TrainAsync(new TrainTaskRequest { Task = task.Name, WarmStart = other.LiveRevision }));
    }

    private async Task<Job> EndAsync(TrainTaskRequest request)
    {
        var job = await _trainer.EndAsync((await TrainAsync(request)).Job.Name);
        Assert.Equal(JobState.Succeeded, job.State);
        return job;
    }

    private Task<TrainTaskResponse> TrainAsync(TrainTaskRequest request) => _trainer.Client.TrainTaskAsync(request, cancellationToken: Cancellation).ResponseAsync;
}
