using TaskRes.Client;
using TaskRes.Trials.Answers;
using TaskRes.Trials.Processes;
using TaskRes.V1;
using Task = System.Threading.Tasks.Task;

namespace TaskRes.Services.Tests.Observability;

/// <summary>A load that leaves a trace in every metric: what is known and new, sound and broken, trained, on trial, and refused.</summary>
internal sealed class EveryKindOfCall : IDisposable
{
    private const string TaskId = "shapes";

    private static readonly string[] Classes = ["even", "odd"];

    private readonly SeparateServices _services;
    private readonly TaskResClient _encoder;
    private readonly TaskResClient _trainer;
    private readonly TaskResClient _classifier;
    private readonly TaskResClient _bounded;
    private readonly IReadOnlyList<byte[]> _images = TrialImages.Make(4, seed: 1);

    private EveryKindOfCall(SeparateServices services, string key, string boundedKey)
    {
        _services = services;
        _encoder = SeparateServices.Client(services.Encoder, "tenants/acme", key);
        _trainer = SeparateServices.Client(services.Trainer, "tenants/acme", key);
        _classifier = SeparateServices.Client(services.Classifier, "tenants/acme", key);
        _bounded = SeparateServices.Client(services.Trainer, "tenants/bounded", boundedKey);
    }

    public static async Task<EveryKindOfCall> StartAsync(SeparateServices services, CancellationToken cancellationToken)
    {
        var load = new EveryKindOfCall(services, await services.TenantAsync("acme", cancellationToken), await services.TenantAsync("bounded", cancellationToken));
        using (var admin = SeparateServices.Client(services.Trainer, "tenants/bounded", SeparateServices.AdminKey))
            await admin.Tenants.UpdateQuotasAsync("tenants/bounded", new TenantQuotas { RequestsPerSecond = 1, Burst = 1 }, cancellationToken);
        var task = await load._trainer.Tasks.CreateAsync(new CreateTaskOptions { TaskId = TaskId, ClassNames = Classes }, cancellationToken);
        await load._trainer.Revisions.SetRolloutAsync(TaskId, new Rollout { ShadowRevision = await load.TrainAsync(0, PromotionPolicy.Manual, cancellationToken) }, cancellationToken: cancellationToken);
        Assert.NotEmpty(task.LiveRevision);
        return load;
    }

    /// <summary>Once more of everything; the registry is away for a moment in the first round.</summary>
    public async Task RunAsync(int round, CancellationToken cancellationToken)
    {
        for (var number = 0; number < 10; number++)
        {
            await _classifier.Classification.ClassifyAsync(TaskId, _images[number % _images.Count], new ClassifyOptions { TopK = 2 }, cancellationToken);
            await _classifier.Classification.ClassifyAsync(TaskId, TrialImages.Make(1, (round * 100) + number)[0], new ClassifyOptions { TopK = 2 }, cancellationToken);
        }

        var broken = await _encoder.Encoding.EncodeImagesAsync([new ReadOnlyMemory<byte>([1, 2, 3, (byte)round])], cancellationToken: cancellationToken);
        Assert.NotNull(broken.Results[0].Error);
        await _encoder.Encoding.EncodeTextsAsync([$"a photo of round {round}"], cancellationToken: cancellationToken);
        await RefusedAsync(() => _trainer.Tasks.GetAsync("none", cancellationToken));
        for (var number = 0; number < 3; number++) await RefusedAsync(() => _bounded.Tasks.GetAsync("none", cancellationToken));
        await TrainAsync(round, PromotionPolicy.Manual, cancellationToken);
        if (round > 0) return;

        await _services.Redis.KillAsync(cancellationToken);
        await RefusedAsync(() => _trainer.Tasks.GetAsync(TaskId, cancellationToken));
        await _services.Redis.StartAsync(cancellationToken);
        await Outages.OutlastAsync(() => _trainer.Tasks.GetAsync(TaskId, cancellationToken), cancellationToken);
    }

    public void Dispose()
    {
        _encoder.Dispose();
        _trainer.Dispose();
        _classifier.Dispose();
        _bounded.Dispose();
    }

    private async Task<string> TrainAsync(int seed, PromotionPolicy promotion, CancellationToken cancellationToken)
    {
        var examples = _images.Select((image, index) => new LabelledImage(Classes[index % 2], image)).ToAsyncEnumerable();
        await Outages.OutlastAsync(() => _trainer.Training.AddExamplesAsync(new AddExamplesOptions { Task = TaskId }, examples, cancellationToken), cancellationToken);
        var job = await _trainer.Training.TrainAsync(new TrainOptions { Task = TaskId, Promotion = promotion, Settings = new TrainingSettings { Epochs = 5, Seed = seed } }, cancellationToken);
        job = await _trainer.Training.WatchJobAsync(job.Name, cancellationToken).LastAsync(cancellationToken);
        Assert.Equal(JobState.Succeeded, job.State);
        return job.Revision;
    }

    private static Task RefusedAsync<T>(Func<Task<T>> call) => Assert.ThrowsAsync<TaskResClientException>(call);
}
