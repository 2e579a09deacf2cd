using Grpc.Core;
using TaskRes.Platform.Resources;
using TaskRes.Services.Tests.Encoder;
using TaskRes.V1;
using Task = System.Threading.Tasks.Task;

namespace TaskRes.Services.Tests.Trainer;

[Collection(TrainerCollection.Name)]
public sealed class TaskTests(TrainerFixture fixture)
{
    private readonly TrainerUnderTest _trainer = fixture.Trainer;

    private TrainerService.TrainerServiceClient Client => _trainer.Client;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task CreateTask_WithPrompts_ZeroShotIsLive()
    {
        var task = await _trainer.CreateAsync();

        var live = await Client.GetRevisionAsync(new GetRevisionRequest { Name = task.LiveRevision }, cancellationToken: Cancellation);

        using var clip = TestModel.Load();
        Assert.Equal(("zero-shot", true, 3), (live.Revision.Method, live.Revision.Live, live.Revision.ClassCount));
        Assert.Null(live.Revision.Settings);
        Assert.Equal(clip.Info.Fingerprint, task.EncoderFingerprint);
        Assert.Equal(["a photo of a {}."], task.Templates);
    }

    [Fact]
    public async Task CreateTask_WithSeveralTemplates_BaseIsTheMeanOfTheirRawEmbeddings()
    {
        string[] templates = ["a photo of a {}.", "art of the {}."];
        var request = new CreateTaskRequest { Parent = TrainerUnderTest.NewTenant(), TaskId = "t", Task = new V1.Task { ClassNames = { "a_b", "c" }, Templates = { templates } } };
        var task = (await Client.CreateTaskAsync(request, cancellationToken: Cancellation)).Task;

        var zeroShot = Core.Learning.Revision.Parse(await _trainer.ExportAsync(task.LiveRevision), "exported");

        using var clip = TestModel.Load();
        var texts = clip.EncodeTexts([.. templates.Select(template => clip.Tokenizer.Encode(template.Replace("{}", "a b", StringComparison.Ordinal), clip.Info.ContextLength))]);
        var mean = texts[0].Zip(texts[1], (a, b) => (a + b) / 2).ToArray();
        Assert.All(mean.Zip(zeroShot.Base.Row(0).ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
    }

    [Fact]
    public async Task CreateTask_WithClassMeans_NothingIsLive()
    {
        var task = await _trainer.CreateAsync(BaseKind.ClassMean);

        Assert.Equal(("", BaseKind.ClassMean), (task.LiveRevision, task.BaseKind));
        Assert.Empty(task.Templates);
    }

    public static TheoryData<string, string, string> BadTasks => new()
    {
        { "1task", "a,b", "INVALID_FIELD" },
        { "task", "", "INVALID_FIELD" },
        { "task", "a", "INVALID_FIELD" },
        { "task", "a,b,a", "INVALID_FIELD" },
        { "task", "a,b, a ", "INVALID_FIELD" },
        { "task", "a,,b", "INVALID_FIELD" },
        { "task", string.Join(',', Enumerable.Range(0, 10_000)), "LIMIT_EXCEEDED" },
    };

    [Theory]
    [MemberData(nameof(BadTasks))]
    public async Task CreateTask_ThatIsNoTask_IsRefused(string id, string classNames, string reason)
    {
        var tenant = TrainerUnderTest.NewTenant();
        var task = new V1.Task { ClassNames = { classNames is "" ? [] : classNames.Split(',') } };

        await Refused.WithAsync(StatusCode.InvalidArgument, reason, async () =>
            await Client.CreateTaskAsync(new CreateTaskRequest { Parent = tenant, TaskId = id, Task = task }, cancellationToken: Cancellation));

        Assert.Empty((await Client.ListTasksAsync(new ListTasksRequest { Parent = tenant }, cancellationToken: Cancellation)).Tasks);
    }

    [Fact]
    public async Task CreateTask_OfAnExistingName_IsRefusedAndTheFirstStays()
    {
        var first = await _trainer.CreateAsync();
        var again = new CreateTaskRequest { Parent = first.Name[..first.Name.IndexOf("/tasks", StringComparison.Ordinal)], TaskId = "colours", Task = new V1.Task { ClassNames = { "x", "y" } } };

        await Refused.WithAsync(StatusCode.AlreadyExists, "TASK_ALREADY_EXISTS", async () => await Client.CreateTaskAsync(again, cancellationToken: Cancellation));

        Assert.Equal(first, await _trainer.GetAsync(first.Name));
    }

    [Fact]
    public async Task CreateTask_ThatACrashLeftWithNothingLive_IsMadeWholeByTheSameCallAlone()
    {
        var whole = await _trainer.CreateAsync();
        var record = await _trainer.Registry.GetTaskAsync(TaskName.Parse(whole.Name, "name"), Cancellation);
        // What a trainer leaves that is killed after the first step.
        var left = record with { Name = TenantName.Parse(TrainerUnderTest.NewTenant(), "parent").Task("colours") };
        await _trainer.Registry.CreateTaskAsync(left, Cancellation);
        var same = new CreateTaskRequest { Parent = $"{left.Name.Tenant}", TaskId = "colours", Task = new V1.Task { ClassNames = { TrainerUnderTest.Colours } } };
        var other = same.Clone();
        other.Task.Templates.Add("art of the {}.");

        await Refused.WithAsync(StatusCode.AlreadyExists, "TASK_ALREADY_EXISTS", async () => await Client.CreateTaskAsync(other, cancellationToken: Cancellation));
        // Callers that retry at the same time: one has made it whole before the other looks, or both do the same.
        var made = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => AnswerAsync(same)));
        await Refused.WithAsync(StatusCode.AlreadyExists, "TASK_ALREADY_EXISTS", async () => await Client.CreateTaskAsync(same, cancellationToken: Cancellation));

        Assert.Contains(made, task => task is not null);
        Assert.All(made.OfType<V1.Task>(), task => Assert.Equal($"{left.Name.Revision(left.ZeroShotRevision!)}", task.LiveRevision));
        Assert.Equal(JobState.Succeeded, (await _trainer.EndAsync((await TrainOnOneShotAsync($"{left.Name}")).Name)).State);
    }

    [Fact]
    public async Task ListTasks_InPages_ShowsEachOnceWithoutClassNames()
    {
        var tenant = TrainerUnderTest.NewTenant();
        foreach (var id in new[] { "c", "a", "b" })
            await Client.CreateTaskAsync(new CreateTaskRequest { Parent = tenant, TaskId = id, Task = new V1.Task { ClassNames = { "x", "y" } } }, cancellationToken: Cancellation);

        var first = await Client.ListTasksAsync(new ListTasksRequest { Parent = tenant, PageSize = 2 }, cancellationToken: Cancellation);
        var second = await Client.ListTasksAsync(new ListTasksRequest { Parent = tenant, PageSize = 2, PageToken = first.NextPageToken }, cancellationToken: Cancellation);

        Assert.Equal([$"{tenant}/tasks/a", $"{tenant}/tasks/b", $"{tenant}/tasks/c"], first.Tasks.Concat(second.Tasks).Select(task => task.Name));
        Assert.All(first.Tasks, task => Assert.Empty(task.ClassNames));
        Assert.Equal("", second.NextPageToken);
    }

    [Fact]
    public async Task DeleteTask_WithAQueuedAndARunningJob_EndsThemAndLeavesNothing()
    {
        var task = await _trainer.CreateWithExamplesAsync();
        var running = await _trainer.TrainAsync(task.Name, new TrainingSettings { Epochs = 10_000, BatchSize = 1 });
        await _trainer.WatchAsync(running.Name, job => job.State == JobState.Running);
        var queued = await _trainer.TrainAsync(task.Name);

        await Client.DeleteTaskAsync(new DeleteTaskRequest { Name = task.Name }, cancellationToken: Cancellation);

        await Refused.WithAsync(StatusCode.NotFound, "TASK_NOT_FOUND", () => _trainer.GetAsync(task.Name));
        foreach (var job in new[] { running, queued })
            await Refused.WithAsync(StatusCode.NotFound, "JOB_NOT_FOUND", async () => await Client.GetJobAsync(new GetJobRequest { Name = job.Name }, cancellationToken: Cancellation));
        // The one worker is free again long before 10,000 epochs.
        var other = await _trainer.CreateWithExamplesAsync();
        Assert.Equal(JobState.Succeeded, (await _trainer.EndAsync((await _trainer.TrainAsync(other.Name)).Name)).State);
    }

    // Null where it exists already.
    private async Task<V1.Task?> AnswerAsync(CreateTaskRequest request)
    {
        try
        {
            return (await Client.CreateTaskAsync(request, cancellationToken: Cancellation)).Task;
        }
        catch (RpcException exception) when (exception.StatusCode == StatusCode.AlreadyExists)
        {
            return null;
        }
    }

    private async Task<Job> TrainOnOneShotAsync(string task)
    {
        await _trainer.AddAsync(task, views: 1, [.. TrainerUnderTest.Colours.Select(colour => TrainerUnderTest.Shot(colour, 0))]);
        return await _trainer.TrainAsync(task);
    }
}
