using TaskRes.Services.Tests.Support;

namespace TaskRes.Services.Tests.Platform.Hosting;

public sealed class ServiceProgramTests
{
    [Theory]
    [InlineData("--Endpoints:GrpcPort=99999", "Endpoints:GrpcPort")]
    [InlineData("--Endpoints:GrpcPort=many", "GrpcPort")]
    [InlineData("--Endpoints:Adress=127.0.0.1", "Adress")]
    [InlineData("--Classifier:MaxTasks=-1", "Classifier:MaxTasks")]
    public async Task Run_SettingThatDoesNotHold_IsOneLineAndExitCodeOne(string setting, string named)
    {
        using var service = new ServiceProcess("TaskRes.Classifier", setting);

        Assert.Equal(1, await service.ExitCodeAsync(TestContext.Current.CancellationToken));
        Assert.Contains(service.Lines, line => line.Contains(named, StringComparison.Ordinal));
        Assert.DoesNotContain(service.Lines, line => line.Contains("   at ", StringComparison.Ordinal));
    }
}
