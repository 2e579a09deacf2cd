using Grpc.Core;
using TaskRes.Client;
using TaskRes.Services.Tests.Support;
using TaskRes.Tests;
using TaskRes.Trials.Answers;
using TaskRes.V1;
using Task = System.Threading.Tasks.Task;

namespace TaskRes.Services.Tests.Deployment;

/// <summary>What compose.yaml starts, started here without containers, trains and classifies.</summary>
public sealed class ComposeEndToEndTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Compose_ItsServicesAsProcesses_TrainAndClassify()
    {
        Need.Program("redis-server");
        using var compose = await ComposeProcesses.StartAsync();
        Assert.Equal(2, compose.Replicas("classifier"));
        var (_, refused) = await Command.RunAsync("redis-cli", ["-p", $"{compose.Port("redis-registry")}", "ping"]);
        Assert.Contains("NOAUTH", refused, StringComparison.Ordinal);

        using var admin = Client(compose, "trainer", compose.AdminKey);
        await admin.Tenants.CreateAsync("acme", cancellationToken: Cancel);
        var key = (await admin.Tenants.CreateKeyAsync("tenants/acme", new ApiKey { Permissions = { Permission.Read, Permission.Classify, Permission.Train } }, Cancel)).Secret;
        using var trainer = Client(compose, "trainer", key);
        using var classifier = Client(compose, "classifier", key);
        await trainer.Tasks.CreateAsync(new CreateTaskOptions { TaskId = "stripes", ClassNames = ["even", "odd"] }, Cancel);
        var images = TrialImages.Make(4, seed: 3);
        var added = await trainer.Training.AddExamplesAsync(new AddExamplesOptions { Task = "stripes" }, images.Select((image, index) => new LabelledImage(index % 2 == 0 ? "even" : "odd", image)).ToAsyncEnumerable(), Cancel);
        Assert.Equal(4, added.Added);
        var job = await trainer.Training.TrainAsync(new TrainOptions { Task = "stripes", Settings = new TrainingSettings { Epochs = 50 } }, Cancel);
        job = await trainer.Training.WatchJobAsync(job.Name, Cancel).LastAsync(Cancel);
        Assert.Equal((JobState.Succeeded, true), (job.State, job.Promoted));

        await Eventually.HoldsAsync(async () => (await classifier.Classification.ClassifyAsync("stripes", images[0], new ClassifyOptions { TopK = 1 }, Cancel)).Revision == job.Revision, "the classifiers serve what was trained");
        for (var image = 0; image < images.Count; image++)
            Assert.Equal(image % 2 == 0 ? "even" : "odd", (await classifier.Classification.ClassifyAsync("stripes", images[image], new ClassifyOptions { TopK = 1 }, Cancel)).Predictions[0].ClassName);

        using var nobody = Client(compose, "classifier", "no key at all");
        var error = await Assert.ThrowsAsync<TaskResClientException>(() => nobody.Classification.ClassifyAsync("stripes", images[0], new ClassifyOptions { TopK = 1 }, Cancel));
        Assert.Equal(StatusCode.Unauthenticated, error.StatusCode);
    }

    private static TaskResClient Client(ComposeProcesses compose, string service, string key) =>
        new(new TaskResClientOptions { Address = compose.Grpc(service), TenantName = "tenants/acme", ApiKey = key });
}
