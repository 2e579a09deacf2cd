using Google.Protobuf;
using Grpc.Health.V1;
using Microsoft.Extensions.DependencyInjection;
using TaskRes.Encoder;
using TaskRes.Encoder.Batching;
using TaskRes.Encoder.Model;
using TaskRes.Services.Tests.Support;
using TaskRes.V1;

namespace TaskRes.Services.Tests.Encoder;

/// <summary>An Encoder on the test model that has loaded it.</summary>
internal sealed class EncoderUnderTest(RunningService service) : IAsyncDisposable
{
    public const string Tenant = "tenants/acme";

    public RunningService Service => service;

    public EncoderService.EncoderServiceClient Client { get; } = new(service.Channel);

    /// <summary>Items taken in and not yet answered.</summary>
    public int Waiting => service.Get<QueueSlots>().Taken;

    public static async Task<EncoderUnderTest> StartAsync(PassGate? gate = null, params (string Key, string Value)[] settings)
    {
        var service = await RunningService.StartAsync(
            builder =>
            {
                if (gate is not null) builder.Services.AddSingleton(gate.Around());
                return builder.AddEncoder();
            },
            app => app.MapEncoder(),
            [("Model:Path", TestModel.Path), ("Model:Precision", "fp32"), ("Model:Device", "cpu"), .. settings]);
        await Eventually.HoldsAsync(() => service.Get<ModelThread>().Model is not null, "the model is loaded");
        return new EncoderUnderTest(service);
    }

    public async Task<bool> IsServingAsync() =>
        await service.HealthAsync("taskres.v1.EncoderService") == HealthCheckResponse.Types.ServingStatus.Serving;

    public static EncodeImagesRequest Request(params IEnumerable<byte[]> images) => new()
    {
        Tenant = Tenant,
        Images = { images.Select(image => new Image { Content = ByteString.CopyFrom(image) }) },
    };

    public ValueTask DisposeAsync() => service.DisposeAsync();
}
