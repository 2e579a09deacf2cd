using Google.Protobuf;
using Microsoft.Extensions.DependencyInjection;
using TaskRes.Encoder;
using TaskRes.Encoder.Model;
using TaskRes.Platform.Redis;
using TaskRes.Platform.Registry;
using TaskRes.Services.Tests.Encoder;
using TaskRes.Services.Tests.Support;
using TaskRes.Trainer;
using TaskRes.Trainer.Jobs;
using TaskRes.V1;
using BaseKind = TaskRes.V1.BaseKind;
using PromotionPolicy = TaskRes.V1.PromotionPolicy;
using Task = System.Threading.Tasks.Task;

namespace TaskRes.Services.Tests.Trainer;

/// <summary>A Trainer with the test model's encoder in its process, on a real redis-server.</summary>
internal sealed class TrainerUnderTest(RunningService service) : IAsyncDisposable
{
    public static readonly string[] Colours = ["red", "green", "blue"];

    public TrainerService.TrainerServiceClient Client { get; } = new(service.Channel);

    public RunningService Service => service;

    public ITaskRegistry Registry => service.Get<ITaskRegistry>();

    public RegistryRedis Redis => service.Get<RegistryRedis>();

    public JobQueue Queue => service.Get<JobQueue>();

    public JobStore Jobs => service.Get<JobStore>();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <param name="settings">Leases and polls are short unless they say otherwise.</param>
    public static Task<TrainerUnderTest> StartAsync(RedisServer redis, params (string Key, string Value)[] settings) => StartAsync(redis, TimeProvider.System, settings);

    /// <param name="time">The service's clock.</param>
    public static async Task<TrainerUnderTest> StartAsync(RedisServer redis, TimeProvider time, params (string Key, string Value)[] settings)
    {
        IEnumerable<(string Key, string Value)> defaults =
        [
            ("Model:Path", TestModel.Path), ("Model:Precision", "fp32"), ("Model:Device", "cpu"),
            ("TextTower:Path", TestModel.Path), ("TextTower:Device", "cpu"),
            ("Redis:Cache", redis.ConnectionString), ("Redis:Registry", redis.ConnectionString),
            ("Trainer:PollInterval", "00:00:00.05"), ("Trainer:Lease", "00:00:10"), ("Trainer:Heartbeat", "00:00:00.2"),
        ];
        var service = await RunningService.StartAsync(
            builder =>
            {
                builder.Services.AddSingleton(time);
                return builder.AddEncoder().AddTrainer();
            },
            app => app.MapEncoder().MapTrainer(), settings.Concat(defaults).DistinctBy(setting => setting.Key));
        await Eventually.HoldsAsync(() => Task.FromResult(service.Get<ModelThread>().Model is not null), "the model is loaded");
        return new TrainerUnderTest(service);
    }

    public static string NewTenant() => $"tenants/t{Guid.NewGuid():N}";

    public async Task<V1.Task> CreateAsync(BaseKind kind = BaseKind.Prompts, params string[] classNames)
    {
        var task = new V1.Task { ClassNames = { classNames.Length > 0 ? classNames : Colours }, BaseKind = kind };
        return (await Client.CreateTaskAsync(new CreateTaskRequest { Parent = NewTenant(), TaskId = "colours", Task = task }, cancellationToken: Cancellation)).Task;
    }

    /// <summary>A task with two shots of each colour.</summary>
    public async Task<V1.Task> CreateWithExamplesAsync(BaseKind kind = BaseKind.Prompts)
    {
        var task = await CreateAsync(kind);
        var added = await AddAsync(task.Name, views: 1, [.. Colours.SelectMany(colour => new[] { Shot(colour, 0), Shot(colour, 1) })]);
        Assert.Equal(0, added.Failed);
        return task;
    }

    /// <summary>One of many different images of a colour.</summary>
    public static Example Shot(string colour, int shot) => new()
    {
        Sequence = shot,
        ClassName = colour,
        Image = new Image { Content = ByteString.CopyFrom(TestModel.Bitmap(32, 32, (255 - shot) << (8 * Array.IndexOf([.. Colours.Reverse()], colour)))) },
    };

    public Task<AddExamplesResponse> AddAsync(string task, int views, params Example[] examples) =>
        SendAsync([new AddExamplesRequest { Header = new AddExamplesHeader { Task = task, Views = views } }, .. examples.Select(example => new AddExamplesRequest { Example = example })]);

    public async Task<AddExamplesResponse> SendAsync(params AddExamplesRequest[] requests)
    {
        using var call = Client.AddExamples(cancellationToken: Cancellation);
        await Streams.SendAsync(call.RequestStream, requests);
        return await call;
    }

    /// <summary>Queues a job of few epochs unless the settings say otherwise.</summary>
    public async Task<Job> TrainAsync(string task, TrainingSettings? settings = null, PromotionPolicy promotion = PromotionPolicy.OnSuccess) =>
        (await Client.TrainTaskAsync(new TrainTaskRequest { Task = task, Settings = settings ?? new TrainingSettings { Epochs = 3 }, Promotion = promotion }, cancellationToken: Cancellation)).Job;

    /// <summary>What a watch shows until the job is as wanted; its end where it ends before.</summary>
    public async Task<Job> WatchAsync(string job, Func<Job, bool> until)
    {
        Job? shown = null;
        using var watch = Client.WatchJob(new WatchJobRequest { Name = job }, cancellationToken: Cancellation);
        while (await watch.ResponseStream.MoveNext(Cancellation) && !until(shown = watch.ResponseStream.Current.Job)) { }
        return shown!;
    }

    public Task<Job> EndAsync(string job) => WatchAsync(job, _ => false);

    public async Task<V1.Task> GetAsync(string task) => (await Client.GetTaskAsync(new GetTaskRequest { Name = task }, cancellationToken: Cancellation)).Task;

    public async Task<byte[]> ExportAsync(string revision)
    {
        using var call = Client.ExportRevision(new ExportRevisionRequest { Name = revision }, cancellationToken: Cancellation);
        var file = new MemoryStream();
        while (await call.ResponseStream.MoveNext(Cancellation)) call.ResponseStream.Current.Chunk.WriteTo(file);
        return file.ToArray();
    }

    public async Task<Revision> ImportAsync(string task, byte[] file)
    {
        using var call = Client.ImportRevision(cancellationToken: Cancellation);
        await Streams.SendAsync(
            call.RequestStream,
            [new ImportRevisionRequest { Task = task }, .. file.Chunk(1 << 20).Select(chunk => new ImportRevisionRequest { Chunk = ByteString.CopyFrom(chunk) })]);
        return (await call).Revision;
    }

    public Task StopAsync() => service.StopAsync();

    public ValueTask DisposeAsync() => service.DisposeAsync();
}
