using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using TaskRes.Services.Tests.Classifier;
using TaskRes.Services.Tests.Encoder;
using TaskRes.Services.Tests.Support;
using TaskRes.Services.Tests.Trainer;
using ServingStatus = Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace TaskRes.Services.Tests.Platform.Hosting;

public sealed partial class DependencyStateTests
{
    private static readonly (string, string)[] Impatient = [("Redis:RegistryTimeout", "00:00:00.5")];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Classifier_RedisStoppedAndStarted_IsDegradedAndServes()
    {
        await using var classifier = await ClassifierUnderTest.StartAsync(Impatient);
        await ShowsAsync(classifier.Service, HttpStatusCode.OK, "ready", ("cache", "ready"), ("registry", "ready"), ("encoder", "ready"));

        classifier.Redis.Kill();
        await ShowsAsync(classifier.Service, HttpStatusCode.OK, "degraded", ("cache", "away"), ("registry", "circuit open"), ("encoder", "ready"));
        Assert.Equal(ServingStatus.Serving, await classifier.Service.HealthAsync("taskres.v1.ClassifierService"));
        await Eventually.HoldsAsync(async () => AbsentCache().IsMatch(await MetricsAsync(classifier.Service)), "the gauge falls");

        await classifier.Redis.StartAsync();
        await ShowsAsync(classifier.Service, HttpStatusCode.OK, "ready", ("cache", "ready"), ("registry", "ready"));
    }

    [Fact]
    public async Task Classifier_RedisFrozen_NamesTheOpenCircuits()
    {
        await using var classifier = await ClassifierUnderTest.StartAsync(Impatient);
        classifier.Redis.Freeze();
        await ShowsAsync(classifier.Service, HttpStatusCode.OK, "degraded", ("cache", "circuit open"), ("registry", "circuit open"));
        classifier.Redis.Thaw();
        await ShowsAsync(classifier.Service, HttpStatusCode.OK, "ready", ("cache", "ready"), ("registry", "ready"));
    }

    [Fact]
    public async Task Classifier_EncoderStopped_IsNotReady()
    {
        await using var classifier = await ClassifierUnderTest.StartAsync(Impatient);
        await classifier.Encoder.Service.StopAsync();
        await ShowsAsync(classifier.Service, HttpStatusCode.ServiceUnavailable, "not ready", ("encoder", "away"));
        Assert.Equal(ServingStatus.NotServing, await classifier.Service.HealthAsync("taskres.v1.ClassifierService"));
    }

    [Fact]
    public async Task Trainer_RedisStoppedAndStarted_IsNotReadyMeanwhile()
    {
        using var redis = await RedisServer.StartAsync();
        await using var trainer = await TrainerUnderTest.StartAsync(redis, Impatient);
        redis.Kill();
        await ShowsAsync(trainer.Service, HttpStatusCode.ServiceUnavailable, "not ready", ("registry", "circuit open"));
        Assert.Equal(ServingStatus.NotServing, await trainer.Service.HealthAsync("taskres.v1.TrainerService"));
        await redis.StartAsync();
        await ShowsAsync(trainer.Service, HttpStatusCode.OK, "ready", ("registry", "ready"));
        Assert.Equal(ServingStatus.Serving, await trainer.Service.HealthAsync("taskres.v1.TrainerService"));
    }

    private static async Task ShowsAsync(RunningService service, HttpStatusCode code, string status, params (string Dependency, string State)[] states)
    {
        var shown = "";
        try
        {
            await Eventually.HoldsAsync(
                async () =>
                {
                    using var web = new HttpClient { BaseAddress = service.Endpoints.Web };
                    using var reply = await web.GetAsync(new Uri("/health", UriKind.Relative), Token);
                    shown = await reply.Content.ReadAsStringAsync(Token);
                    var health = JsonDocument.Parse(shown).RootElement;
                    return reply.StatusCode == code && health.GetProperty("status").GetString() == status
                        && states.All(expected => health.GetProperty("dependencies").GetProperty(expected.Dependency).GetProperty("state").GetString() == expected.State);
                },
                $"/health shows {status}",
                TimeSpan.FromSeconds(30));
        }
        finally
        {
            TestContext.Current.TestOutputHelper?.WriteLine(shown);
        }
    }

    private static async Task<string> MetricsAsync(RunningService service)
    {
        using var web = new HttpClient { BaseAddress = service.Endpoints.Web };
        return await web.GetStringAsync(new Uri("/metrics", UriKind.Relative), Token);
    }

    [GeneratedRegex("""^taskres_dependency_ready\{[^}]*"cache"[^}]*\} 0\b""", RegexOptions.Multiline)]
    private static partial Regex AbsentCache();
}
