using Google.Protobuf;
using TaskRes.Classifier;
using TaskRes.Classifier.Heads;
using TaskRes.Core.Learning;
using TaskRes.Platform.Registry;
using TaskRes.Platform.Resources;
using TaskRes.Services.Tests.Encoder;
using TaskRes.Services.Tests.Support;
using TaskRes.V1;

namespace TaskRes.Services.Tests.Classifier;

/// <summary>A Classifier, the Encoder it asks and the Redis it reads: three servers.</summary>
internal sealed class ClassifierUnderTest : IAsyncDisposable
{
    public static readonly TenantName Acme = new("acme");

    private static readonly string[] Classes = ["cat", "dog", "owl", "pike", "newt", "mole", "hare"];

    private ClassifierUnderTest(RedisServer redis, EncoderUnderTest encoder, RunningService service, string fingerprint)
    {
        (Redis, Encoder, Service, Fingerprint) = (redis, encoder, service, fingerprint);
        Client = new ClassifierService.ClassifierServiceClient(service.Channel);
    }

    public RedisServer Redis { get; }

    public EncoderUnderTest Encoder { get; }

    public RunningService Service { get; }

    public string Fingerprint { get; }

    public ClassifierService.ClassifierServiceClient Client { get; }

    public ITaskRegistry Registry => Service.Get<ITaskRegistry>();

    public ResidentTasks Resident => Service.Get<ResidentTasks>();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<ClassifierUnderTest> StartAsync(params (string Key, string Value)[] settings)
    {
        var redis = await RedisServer.StartAsync();
        (string, string)[] stores = [("Redis:Cache", redis.ConnectionString), ("Redis:Registry", redis.ConnectionString)];
        var encoder = await EncoderUnderTest.StartAsync(gate: null, stores);
        var service = await RunningService.StartAsync(
            builder => builder.AddClassifier(),
            app => app.MapClassifier(),
            [.. stores, ("RemoteEncoder:Address", encoder.Service.Endpoints.Grpc.ToString()), .. settings]);
        var model = await encoder.Client.GetModelAsync(new GetModelRequest(), cancellationToken: Cancel);
        return new ClassifierUnderTest(redis, encoder, service, model.Model.Fingerprint);
    }

    /// <summary>A task without a live revision.</summary>
    public async Task<TaskName> CreateTaskAsync(string id, TenantName? tenant = null)
    {
        var name = (tenant ?? Acme).Task(id);
        await Registry.CreateTaskAsync(
            new TaskRecord
            {
                Name = name,
                ClassNames = Classes,
                Templates = ["a photo of a {}."],
                BaseKind = TaskRes.Core.Learning.BaseKind.Prompts,
                EncoderFingerprint = Fingerprint,
                ZeroShotRevision = null,
                CreateTime = TimeProvider.System.GetUtcNow(),
            },
            Cancel);
        return name;
    }

    /// <summary>A revision of the task that differs with its seed, published.</summary>
    public async Task<(RevisionName Name, Head Head)> PublishAsync(TaskName task, int seed, string? fingerprint = null)
    {
        var random = new Random(seed);
        var rows = new Matrix(Classes.Length, 32, [.. Enumerable.Range(0, Classes.Length * 32).Select(_ => random.NextSingle() - 0.5f)]);
        var revision = TaskRes.Core.Learning.Revision.ZeroShot(Classes, ["a photo of a {}."], rows, logitScale: 100, fingerprint ?? Fingerprint);
        var record = await Registry.PublishAsync(task, revision, Cancel);
        return (record.Name, new Head(revision));
    }

    public async Task<(TaskName Task, Head Head)> LiveTaskAsync(string id, int seed = 1, TenantName? tenant = null)
    {
        var task = await CreateTaskAsync(id, tenant);
        var (revision, head) = await PublishAsync(task, seed);
        await Registry.PromoteAsync(revision, expected: null, Cancel);
        return (task, head);
    }

    public static ClassifyRequest Request(TaskName task, byte[] image, int topK = 0) => new()
    {
        Task = task.ToString(),
        Image = new Image { Content = ByteString.CopyFrom(image) },
        TopK = topK,
    };

    public async Task<ClassifyResponse> ClassifyAsync(TaskName task, byte[] image, int topK = 0) =>
        await Client.ClassifyAsync(Request(task, image, topK), cancellationToken: Cancel);

    /// <summary>The image's embedding from the encoder.</summary>
    public async Task<float[]> EmbedAsync(byte[] image)
    {
        var reply = await Encoder.Client.EncodeImagesAsync(EncoderUnderTest.Request(image), cancellationToken: Cancel);
        return [.. reply.Results[0].Embedding.Values];
    }

    public async ValueTask DisposeAsync()
    {
        await Service.DisposeAsync();
        await Encoder.DisposeAsync();
        Redis.Dispose();
    }
}
