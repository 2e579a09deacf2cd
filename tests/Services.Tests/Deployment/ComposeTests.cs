using TaskRes.Services.Tests.Support;
using TaskRes.Tests;

namespace TaskRes.Services.Tests.Deployment;

public sealed class ComposeTests
{
    private static readonly string[] Ours = ["encoder", "encoder-gpu", "trainer", "classifier"];

    private readonly ComposeFile _compose = new();

    [Theory]
    [InlineData("config", "-q")]
    [InlineData("--profile", "gpu", "config", "-q")]
    public async Task Compose_IsDockerComposesIdeaOfOne(params string[] arguments)
    {
        var (exit, output) = await Command.RunAsync(Need.Program("docker-compose"), ["-f", ComposeFile.Location, .. arguments]);
        Assert.True(exit == 0, output);
    }

    [Theory]
    [InlineData("encoder", "encoder")]
    [InlineData("encoder-gpu", "encoder")]
    [InlineData("trainer", "trainer")]
    [InlineData("classifier", "classifier")]
    public async Task Environment_OfEachService_IsOfItsSettings(string name, string service)
    {
        using var secrets = await SecretsFolder.MakeAsync();
        Assert.Empty(ServiceSettings.Faults(service, secrets.Rewrite(_compose.Environment(name))));
    }

    [Theory]
    [InlineData("TASKRES_Endpoints__GrpcPrt", "5100")]
    [InlineData("TASKRES_Endpoints__GrpcPort", "many")]
    [InlineData("TASKRES_Trainer__Lease", "00:00:30")]
    [InlineData("TASKRES_Access__AdminKeyPath", "/run/secrets/nowhere")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPONT", "http://collector:4317")]
    public async Task Environment_WithASettingThatIsNone_IsFound(string name, string value)
    {
        using var secrets = await SecretsFolder.MakeAsync();
        var environment = secrets.Rewrite(_compose.Environment("encoder"));
        environment[name] = value;
        Assert.NotEmpty(ServiceSettings.Faults("encoder", environment));
    }

    [Fact]
    public void Services_AreBoundedHealthyAndUnreachableFromOutside()
    {
        foreach (var (name, service) in _compose.Services)
        {
            Assert.NotNull(service.Find("deploy.resources.limits.memory"));
            Assert.NotNull(service.Find("deploy.resources.limits.cpus"));
            Assert.Equal(["ALL"], service.Texts("cap_drop"));
            // The collector's image has no program but itself.
            Assert.True(name == "collector" || service.Has("healthcheck"), $"{name} has no health check");
            Assert.All(service.Texts("ports"), port => Assert.StartsWith("127.0.0.1:", port, StringComparison.Ordinal));
            Assert.Subset(_compose.Secrets.ToHashSet(), service.Texts("secrets").ToHashSet());
        }
    }

    [Fact]
    public void Files_ThatServicesMount_AreThere()
    {
        foreach (var (_, service) in _compose.Services)
        {
            foreach (var source in service.Texts("volumes").Select(volume => volume.Split(':')[0]))
                Assert.True(source.StartsWith('.') ? Path.Exists(Path.Combine(ReferenceData.Repository, source)) : _compose.Volumes.Contains(source), $"{source} is not there");
            if (service.Find("build") is { } build) Assert.True(File.Exists(Path.Combine(ReferenceData.Repository, build.Text("dockerfile"))));
        }
    }

    [Fact]
    public void Images_OfOurServices_AreOfProjectsThatThereAre() =>
        Assert.All(Ours, name => Assert.True(Directory.Exists(Path.Combine(ReferenceData.Repository, "services", _compose.Service(name).Text("build.args.SERVICE")))));
}
