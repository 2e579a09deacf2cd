using System.Diagnostics;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using TaskRes.Core;
using TaskRes.Platform.Access;
using TaskRes.Platform.Circuits;
using TaskRes.Platform.Embeddings;
using TaskRes.Platform.Resources;
using TaskRes.Services.Tests.Support;

namespace TaskRes.Services.Tests.Platform.Embeddings;

public sealed class RemoteEmbedderTests : IAsyncLifetime
{
    private readonly ScriptedEncoder _encoder = new();
    private readonly TenantName _tenant = Samples.Tenant();
    private TestHost _host = null!;
    private EncoderChannel _channel = null!;
    private RemoteEmbedder _embedder = null!;

    private static IOptions<CircuitOptions> Circuits { get; } = Options.Create(new CircuitOptions { Failures = 2, Pause = TimeSpan.FromSeconds(1) });

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _host = await TestHost.StartAsync(builder => builder.Services.AddSingleton(_encoder), app => app.MapGrpcService<ScriptedEncoder>());
        var options = Options.Create(new RemoteEncoderOptions { Address = $"http://{_host.Channel.Target}", Timeout = TimeSpan.FromSeconds(5) });
        _channel = new EncoderChannel(options);
        _embedder = new RemoteEmbedder(_channel, options, Circuits, Options.Create(new AccessOptions()), TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        await _host.DisposeAsync();
    }

    [Fact]
    public async Task EmbedAsync_ImagesOfTwoViewsAndTexts_SplitAndInOrder()
    {
        var inputs = new List<EmbeddingInput>();
        for (byte i = 0; i < 200; i++)
            inputs.AddRange([ImageInput.FromContent(new[] { i }), new TextInput($"{i}"), ImageInput.FromContent(new[] { i }, view: 1), new TextInput($"{i}'")]);
        var batch = await _embedder.EmbedAsync(_tenant, inputs, Token);
        Assert.Equal(inputs.Select(CountingEmbedder.ValuesOf), batch.Results.Select(result => result.Values));
        Assert.Equal(4, _encoder.Calls);
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
        var batch = await _embedder.EmbedAsync(_tenant, [ImageInput.FromDigest(Samples.Digest(1)), ImageInput.FromContent(new byte[] { 1 })], Token);
        Assert.Equal(ErrorReason.ImageBytesRequired, batch.Results[0].Error?.Reason);
        Assert.Null(batch.Results[1].Error);
    }

    [Fact]
    public async Task EmbedAsync_ModelChanged_RefusedOnceAndThenTheNewOne()
    {
        Assert.Equal("f00d", (await _embedder.GetModelAsync(Token)).Fingerprint);
        _encoder.Embedder.Model = CountingEmbedder.ModelOf("beef");
        Assert.Equal("f00d", (await _embedder.GetModelAsync(Token)).Fingerprint);
        var exception = await Assert.ThrowsAsync<TaskResException>(() => _embedder.EmbedAsync(_tenant, [new TextInput("a")], Token));
        Assert.Equal(ErrorReason.EncoderUnavailable, exception.Reason);
        Assert.Equal("beef", (await _embedder.GetModelAsync(Token)).Fingerprint);
        Assert.Null((await _embedder.EmbedAsync(_tenant, [new TextInput("a")], Token)).Results[0].Error);
    }

    [Fact]
    public async Task EmbedAsync_UnavailableTwice_RetriedUnseen()
    {
        await _embedder.GetModelAsync(Token);
        var failures = 2;
        _encoder.Before = _ => failures-- > 0 ? throw new RpcException(new Status(StatusCode.Unavailable, "")) : Task.CompletedTask;
        Assert.Null((await _embedder.EmbedAsync(_tenant, [new TextInput("a")], Token)).Results[0].Error);
        Assert.Equal(3, _encoder.Calls);
    }

    [Fact]
    public async Task EmbedAsync_QueueFull_TypedWithRetryAfterAndNotRetried()
    {
        await _embedder.GetModelAsync(Token);
        _encoder.Before = _ => throw new TaskResException(ErrorReason.QueueFull, "Full.") { RetryAfter = TimeSpan.FromSeconds(3) };
        var exception = await Assert.ThrowsAsync<TaskResException>(() => _embedder.EmbedAsync(_tenant, [new TextInput("a")], Token));
        Assert.Equal((ErrorReason.QueueFull, TimeSpan.FromSeconds(3)), (exception.Reason, exception.RetryAfter));
        Assert.Equal(1, _encoder.Calls);
    }

    [Fact]
    public async Task EmbedAsync_CallerCancels_EndsAtOnce()
    {
        await _embedder.GetModelAsync(Token);
        _encoder.Before = context => Task.Delay(Timeout.Infinite, context.CancellationToken);
        using var cancelled = new CancellationTokenSource();
        var call = _embedder.EmbedAsync(_tenant, [new TextInput("a")], cancelled.Token);
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    [Fact]
    public async Task EmbedAsync_RepeatedlyUnavailable_RefusedAtOnceUntilOneThatIsTriedSucceeds()
    {
        await _embedder.GetModelAsync(Token);
        _encoder.Before = _ => throw new RpcException(new Status(StatusCode.Unavailable, ""));
        for (var call = 0; call < 2; call++) Assert.Null((await RefusedAsync()).RetryAfter);
        var asked = _encoder.Calls;

        var refused = await RefusedAsync();

        Assert.True(_embedder.IsCircuitOpen);
        Assert.InRange(refused.RetryAfter!.Value, TimeSpan.Zero, TimeSpan.FromSeconds(1));
        Assert.Equal(asked, _encoder.Calls);
        _encoder.Before = _ => Task.CompletedTask;
        await Eventually.HoldsAsync(SucceedsAsync, "one that is tried succeeds");
        Assert.False(_embedder.IsCircuitOpen);
    }

    [Fact]
    public async Task EmbedAsync_ErrorsOfRequestsAndFullQueues_KeepTheCircuitClosed()
    {
        await _embedder.GetModelAsync(Token);
        _encoder.Before = _ => throw new TaskResException(ErrorReason.QueueFull, "Full.");
        for (var call = 0; call < 5; call++)
            Assert.Equal(ErrorReason.QueueFull, (await Assert.ThrowsAsync<TaskResException>(() => _embedder.EmbedAsync(_tenant, [new TextInput("a")], Token))).Reason);
        Assert.False(_embedder.IsCircuitOpen);
    }

    [Fact]
    public async Task GetModelAsync_NoEncoder_EncoderUnavailableSoon()
    {
        var options = Options.Create(new RemoteEncoderOptions { Address = $"http://127.0.0.1:{RedisServer.FreePort()}", Timeout = TimeSpan.FromSeconds(5) });
        using var nowhere = new EncoderChannel(options);
        var start = Stopwatch.GetTimestamp();
        var exception = await Assert.ThrowsAsync<TaskResException>(async () => await new RemoteEmbedder(nowhere, options, Circuits, Options.Create(new AccessOptions()), TimeProvider.System).GetModelAsync(Token));
        Assert.Equal(ErrorReason.EncoderUnavailable, exception.Reason);
        Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(7));
    }

    private async Task<TaskResException> RefusedAsync()
    {
        var exception = await Assert.ThrowsAsync<TaskResException>(() => _embedder.EmbedAsync(_tenant, [new TextInput("a")], Token));
        Assert.Equal(ErrorReason.EncoderUnavailable, exception.Reason);
        return exception;
    }

    private async Task<bool> SucceedsAsync()
    {
        try
        {
            return (await _embedder.EmbedAsync(_tenant, [new TextInput("a")], Token)).Results[0].Error is null;
        }
        catch (TaskResException)
        {
            return false;
        }
    }
}
