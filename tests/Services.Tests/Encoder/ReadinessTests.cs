using Grpc.Core;
using Grpc.Health.V1;
using Microsoft.Extensions.DependencyInjection;
using TaskRes.Encoder;
using TaskRes.Services.Tests.Support;
using TaskRes.V1;
using Task = System.Threading.Tasks.Task;

namespace TaskRes.Services.Tests.Encoder;

public sealed class ReadinessTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Check_WhileTheModelLoads_IsNotServingAndCallsAreUnavailable()
    {
        using var gate = new PassGate { HoldsProbes = true };
        gate.Close();
        await using var service = await RunningService.StartAsync(
            builder =>
            {
                builder.Services.AddSingleton(gate.Around());
                return builder.AddEncoder();
            },
            app => app.MapEncoder(),
            [("Model:Path", TestModel.Path), ("Model:Precision", "fp32"), ("Model:Device", "cpu")]);
        var client = new EncoderService.EncoderServiceClient(service.Channel);

        Assert.Equal(HealthCheckResponse.Types.ServingStatus.NotServing, await service.HealthAsync("taskres.v1.EncoderService"));
        var refused = await Assert.ThrowsAsync<RpcException>(() => client.GetModelAsync(new GetModelRequest(), cancellationToken: Cancel).ResponseAsync);
        gate.Open();

        Assert.Equal(StatusCode.Unavailable, refused.StatusCode);
        await Eventually.HoldsAsync(
            async () => await service.HealthAsync("taskres.v1.EncoderService") == HealthCheckResponse.Types.ServingStatus.Serving, "it serves");
    }

    [Fact]
    public async Task Check_WhileTheServiceStops_IsNotServing()
    {
        await using var encoder = await EncoderUnderTest.StartAsync(gate: null, ("Shutdown:DrainSeconds", "1"));
        Assert.True(await encoder.IsServingAsync());

        var stopping = encoder.Service.StopAsync();
        Assert.False(await encoder.IsServingAsync());
        await stopping;
    }

    [Fact]
    public async Task Check_EncoderThatHangs_IsNotServing()
    {
        using var gate = new PassGate { HoldsProbes = true };
        await using var encoder = await EncoderUnderTest.StartAsync(gate, ("Encoder:ReadinessTimeoutSeconds", "0.2"));
        gate.Close();
        Assert.False(await encoder.IsServingAsync());

        gate.Open();
        await Eventually.HoldsAsync(encoder.IsServingAsync, "it serves again");
    }
}
