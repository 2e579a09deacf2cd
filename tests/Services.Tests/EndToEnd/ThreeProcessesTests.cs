using Grpc.Core;
using Grpc.Net.Client;
using TaskRes.Client;
using TaskRes.Services.Tests.Encoder;
using TaskRes.Services.Tests.Support;
using TaskRes.V1;
using Task = System.Threading.Tasks.Task;

namespace TaskRes.Services.Tests.EndToEnd;

/// <summary>Encoder, trainer and classifier as processes of their own, a real redis-server between them, a client before them.</summary>
public sealed class ThreeProcessesTests : IAsyncLifetime
{
    private const string TaskId = "shapes";

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(90);

    private RedisServer _redis = null!;
    private ServiceProcess _encoder = null!;
    private ServiceProcess _trainer = null!;
    private ServiceProcess _classifier = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _redis = await RedisServer.StartAsync();
        _encoder = new ServiceProcess("TaskRes.Encoder", [.. RedisSettings, $"--Model:Path={TestModel.Path}", "--Model:Device=cpu", "--Model:Precision=fp32"]);
        var address = await _encoder.GrpcAsync(StartLimit);
        _trainer = new ServiceProcess("TaskRes.Trainer", [.. RedisSettings, $"--RemoteEncoder:Address={address}"]);
        _classifier = new ServiceProcess("TaskRes.Classifier", [.. RedisSettings, $"--RemoteEncoder:Address={address}"]);
        using var channel = GrpcChannel.ForAddress(address);
        var encoder = new EncoderService.EncoderServiceClient(channel);
        await Eventually.HoldsAsync(() => AnswersAsync(encoder), "the encoder has loaded its model", StartLimit);
    }

    public ValueTask DisposeAsync()
    {
        _classifier?.Dispose();
        _trainer?.Dispose();
        _encoder?.Dispose();
        _redis?.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task WholePath_ThroughSeparateProcesses_OutlivesRedisAndTheClassifier()
    {
        using var training = await ClientAsync(_trainer);
        using var classification = await ClientAsync(_classifier);

        var zeroShot = (await training.Tasks.CreateAsync(new CreateTaskOptions { TaskId = TaskId, ClassNames = ["photo", "drawing"] }, Cancel)).LiveRevision;
        Assert.Equal(zeroShot, (await ClassifyAsync(classification)).Revision);

        var trained = await TrainAsync(training);
        await Eventually.HoldsAsync(async () => (await ClassifyAsync(classification)).Revision == trained, "the classifier serves the trained revision");
        var answer = await ClassifyAsync(classification);

        // Redis goes: what is in the classifier's memory still answers. It comes back with everything.
        _redis.Kill();
        Assert.Equal(answer.Predictions, (await ClassifyAsync(classification)).Predictions);
        await _redis.StartAsync();

        // The classifier goes: another one takes its place on what Redis holds, and encodes nothing again.
        _classifier.Dispose();
        _classifier = new ServiceProcess("TaskRes.Classifier", [.. RedisSettings, $"--RemoteEncoder:Address={await _encoder.GrpcAsync(StartLimit)}"]);
        using var second = await ClientAsync(_classifier);
        var again = await ClassifyAsync(second);
        Assert.Equal((trained, CacheTier.Redis), (again.Revision, again.Tier));
        Assert.Equal(answer.Predictions, again.Predictions);
    }

    private IEnumerable<string> RedisSettings => [$"--Redis:Cache={_redis.ConnectionString}", $"--Redis:Registry={_redis.ConnectionString}"];

    private static async Task<string> TrainAsync(TaskResClient client)
    {
        var names = new[] { ("a_420.jpg", "photo"), ("b_444_progressive.jpg", "photo"), ("e_palette.png", "drawing"), ("f_rgba.png", "drawing") };
        var upload = await client.Training.AddExamplesAsync(
            new AddExamplesOptions { Task = TaskId, Views = 2 }, names.Select(name => new LabelledImage(name.Item2, TestModel.Image(name.Item1))).ToAsyncEnumerable(), Cancel);
        Assert.Equal((4, 0), (upload.Added, upload.Failed));

        var job = await client.Training.TrainAsync(new TrainOptions { Task = TaskId, Settings = new TrainingSettings { Epochs = 20 } }, Cancel);
        await foreach (var state in client.Training.WatchJobAsync(job.Name, Cancel)) job = state;
        Assert.Equal((JobState.Succeeded, true), (job.State, job.Promoted));
        return job.Revision;
    }

    private static Task<ClassifyResponse> ClassifyAsync(TaskResClient client) => client.Classification.ClassifyAsync(TaskId, TestModel.Image("g.webp"), new ClassifyOptions { TopK = 2 }, Cancel);

    private static async Task<bool> AnswersAsync(EncoderService.EncoderServiceClient encoder)
    {
        try
        {
            await encoder.GetModelAsync(new GetModelRequest(), cancellationToken: Cancel);
            return true;
        }
        catch (RpcException exception) when (exception.StatusCode == StatusCode.Unavailable)
        {
            return false;
        }
    }

    private static async Task<TaskResClient> ClientAsync(ServiceProcess service) => new(new TaskResClientOptions { Address = await service.GrpcAsync(StartLimit) });
}
