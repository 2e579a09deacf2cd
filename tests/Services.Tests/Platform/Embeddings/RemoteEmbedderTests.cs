using System.Diagnostics;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using TaskRes.Core;
using TaskRes.Platform.Embeddings;
using TaskRes.Platform.Resources;
using TaskRes.Services.Tests.Support;

namespace TaskRes.Services.Tests.Platform.Embeddings;

public sealed class RemoteEmbedderTests : IAsyncLifetime
{
    private readonly ScriptedEncoder encoder = new();
    private readonly TenantName tenant = Samples.Tenant();
    private TestHost host = null!;
    private EncoderChannel channel = null!;
    private RemoteEmbedder embedder = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        host = await TestHost.StartAsync(builder => builder.Services.AddSingleton(encoder), app => app.MapGrpcService<ScriptedEncoder>());
        var options = Options.Create(new RemoteEncoderOptions { Address = $"http://{host.Channel.Target}", Timeout = TimeSpan.FromSeconds(5) });
        channel = new EncoderChannel(options);
        embedder = new RemoteEmbedder(channel, options, TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        channel.Dispose();
        await host.DisposeAsync();
    }

    [Fact]
    public async Task EmbedAsync_ImagesOfTwoViewsAndTexts_SplitAndInOrder()
    {
        var inputs = new List<EmbeddingInput>();
        for (byte i = 0; i < 200; i++)
            inputs.AddRange([ImageInput.FromContent(new[] { i }), new TextInput($"{i}"), ImageInput.FromContent(new[] { i }, view: 1), new TextInput($"{i}'")]);
        var batch = await embedder.EmbedAsync(tenant, inputs, Token);
        Assert.Equal(inputs.Select(CountingEmbedder.ValuesOf), batch.Results.Select(result => result.Values));
        Assert.Equal(4, encoder.Calls);
    }

    [Fact]
    public void Split_LargeImages_NoCallOverTheBytes()
    {
        var image = ImageInput.FromContent(new byte[20 << 20]);
        Assert.Equal([2, 2, 1], RemoteRequests.Split([image, image, image, image, image]).Select(call => call.Count));
    }

    [Fact]
    public async Task EmbedAsync_UnknownDigest_ItemErrorBytesRequired()
    {
        var batch = await embedder.EmbedAsync(tenant, [ImageInput.FromDigest(Samples.Digest(1)), ImageInput.FromContent(new byte[] { 1 })], Token);
        Assert.Equal(ErrorReason.ImageBytesRequired, batch.Results[0].Error?.Reason);
        Assert.Null(batch.Results[1].Error);
    }

    [Fact]
    public async Task EmbedAsync_ModelChanged_RefusedOnceAndThenTheNewOne()
    {
        Assert.Equal("f00d", (await embedder.GetModelAsync(Token)).Fingerprint);
        encoder.Embedder.Model = CountingEmbedder.ModelOf("beef");
        Assert.Equal("f00d", (await embedder.GetModelAsync(Token)).Fingerprint);
        var exception = await Assert.ThrowsAsync<TaskResException>(() => embedder.EmbedAsync(tenant, [new TextInput("a")], Token));
        Assert.Equal(ErrorReason.EncoderUnavailable, exception.Reason);
        Assert.Equal("beef", (await embedder.GetModelAsync(Token)).Fingerprint);
        Assert.Null((await embedder.EmbedAsync(tenant, [new TextInput("a")], Token)).Results[0].Error);
    }

    [Fact]
    public async Task EmbedAsync_UnavailableTwice_RetriedUnseen()
    {
        await embedder.GetModelAsync(Token);
        var failures = 2;
        encoder.Before = _ => failures-- > 0 ? throw new RpcException(new Status(StatusCode.Unavailable, "")) : Task.CompletedTask;
        Assert.Null((await embedder.EmbedAsync(tenant, [new TextInput("a")], Token)).Results[0].Error);
        Assert.Equal(3, encoder.Calls);
    }

    [Fact]
    public async Task EmbedAsync_QueueFull_TypedWithRetryAfterAndNotRetried()
    {
        await embedder.GetModelAsync(Token);
        encoder.Before = _ => throw new TaskResException(ErrorReason.QueueFull, "Full.") { RetryAfter = TimeSpan.FromSeconds(3) };
        var exception = await Assert.ThrowsAsync<TaskResException>(() => embedder.EmbedAsync(tenant, [new TextInput("a")], Token));
        Assert.Equal((ErrorReason.QueueFull, TimeSpan.FromSeconds(3)), (exception.Reason, exception.RetryAfter));
        Assert.Equal(1, encoder.Calls);
    }

    [Fact]
    public async Task EmbedAsync_CallerCancels_EndsAtOnce()
    {
        await embedder.GetModelAsync(Token);
        encoder.Before = context => Task.Delay(Timeout.Infinite, context.CancellationToken);
        using var cancelled = new CancellationTokenSource();
        var call = embedder.EmbedAsync(tenant, [new TextInput("a")], cancelled.Token);
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    [Fact]
    public async Task GetModelAsync_NoEncoder_EncoderUnavailableSoon()
    {
        var options = Options.Create(new RemoteEncoderOptions { Address = $"http://127.0.0.1:{RedisServer.FreePort()}", Timeout = TimeSpan.FromSeconds(5) });
        using var nowhere = new EncoderChannel(options);
        var start = Stopwatch.GetTimestamp();
        var exception = await Assert.ThrowsAsync<TaskResException>(async () => await new RemoteEmbedder(nowhere, options, TimeProvider.System).GetModelAsync(Token));
        Assert.Equal(ErrorReason.EncoderUnavailable, exception.Reason);
        Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(7));
    }
}
