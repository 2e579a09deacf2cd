using Google.Rpc;
using Grpc.Core;
using TaskRes.Platform.Embeddings;
using TaskRes.Platform.Resources;
using TaskRes.Services.Tests.Support;
using TaskRes.V1;
using Task = System.Threading.Tasks.Task;

namespace TaskRes.Services.Tests.Encoder;

public sealed class BatchQueueTests : IAsyncLifetime
{
    private readonly PassGate _gate = new();
    private EncoderUnderTest _encoder = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _encoder = await EncoderUnderTest.StartAsync(_gate, ("Encoder:QueueCapacity", "6"), ("Encoder:MaxBatchSeconds", "60"));

    public async ValueTask DisposeAsync()
    {
        _gate.Open();
        await _encoder.DisposeAsync();
        _gate.Dispose();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Encode_QueueFull_IsRefusedWithRetryInfo(int items)
    {
        _gate.Close();
        var taken = Enumerable.Range(0, 4).Select(i => EncodeAsync(TestModel.Bitmap(4, 4, i))).ToArray();
        await Eventually.HoldsAsync(() => _encoder.Waiting == 4, "the queue is full");

        var refused = await Assert.ThrowsAsync<RpcException>(() => EncodeAsync([.. Enumerable.Range(100, items).Select(i => TestModel.Bitmap(4, 4, i))]));
        Assert.Equal(StatusCode.ResourceExhausted, refused.StatusCode);
        Assert.Equal("QUEUE_FULL", refused.GetRpcStatus()!.GetDetail<ErrorInfo>()!.Reason);
        Assert.True(refused.GetRpcStatus()!.GetDetail<RetryInfo>()!.RetryDelay.ToTimeSpan() > TimeSpan.Zero);

        _gate.Open();
        Assert.All(await Task.WhenAll(taken), response => Assert.NotNull(response.Results[0].Embedding));
    }

    [Fact]
    public async Task Encode_WhileTheEncoderIsBusy_SharesTheNextPass()
    {
        _gate.Close();
        var first = EncodeAsync(TestModel.Bitmap(4, 4, 1));
        await Eventually.HoldsAsync(() => _gate.Holds, "the first image is in a pass");
        var others = Enumerable.Range(2, 3).Select(i => EncodeAsync(TestModel.Bitmap(4, 4, i))).ToArray();
        await Eventually.HoldsAsync(() => _encoder.Waiting == 4, "three wait");
        _gate.Open();

        Assert.Equal(1, (await first).Timings.BatchSize);
        Assert.InRange((await Task.WhenAll(others)).Max(response => response.Timings.BatchSize), 2, 3);
    }

    [Fact]
    public async Task Encode_WhileAnotherTenantHasFilledItsPart_IsTakenInAndServedInTheNextPass()
    {
        _gate.Close();
        var first = EncodeAsync(TestModel.Bitmap(4, 4, 0));
        await Eventually.HoldsAsync(() => _gate.Holds, "the first image is in a pass");
        var greedy = Enumerable.Range(1, 3).Select(i => EncodeAsync(TestModel.Bitmap(4, 4, i))).ToArray();
        await Eventually.HoldsAsync(() => _encoder.Waiting == 4, "one tenant has its part");
        await Assert.ThrowsAsync<RpcException>(() => EncodeAsync(TestModel.Bitmap(4, 4, 9)));

        var request = EncoderUnderTest.Request(TestModel.Bitmap(4, 4, 10));
        request.Tenant = "tenants/other";
        var other = _encoder.Client.EncodeImagesAsync(request, cancellationToken: Cancel).ResponseAsync;
        await Eventually.HoldsAsync(() => _encoder.Waiting == 5, "the other tenant's image is taken in");
        _gate.Open();
        await Task.WhenAll([first, other, .. greedy]);
    }

    [Fact]
    public async Task Encode_DeadlinePassedWhileWaiting_SpendsNoPass()
    {
        var before = _gate.Images;
        _gate.Close();
        var first = EncodeAsync(TestModel.Bitmap(4, 4, 1));
        await Eventually.HoldsAsync(() => _gate.Holds, "the first image is in a pass");
        // A call's deadline reaches the queue as its token; the caller's own clock may be ahead of the service's.
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var late = _encoder.Service.Get<IEmbedder>().EmbedAsync(new TenantName("acme"), [ImageInput.FromContent(TestModel.Bitmap(4, 4, 2))], deadline.Token);
        await Eventually.HoldsAsync(() => _encoder.Waiting == 2, "the second image waits");
        await deadline.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => late);
        _gate.Open();
        await first;
        await Eventually.HoldsAsync(() => _encoder.Waiting == 0, "the expired item is dropped");

        Assert.Equal(before + 1, _gate.Images);
    }

    [Fact]
    public async Task Encode_BatchThrows_FailsItsItemsAndNoOthers()
    {
        _gate.NextFailure = new InvalidOperationException("a fault of the library's");
        var failed = await EncodeAsync(TestModel.Bitmap(4, 4, 1));
        var next = await EncodeAsync(TestModel.Bitmap(4, 4, 2));

        Assert.Equal(V1.ErrorReason.Internal, failed.Results[0].Error.Reason);
        Assert.DoesNotContain("library", failed.Results[0].Error.Message, StringComparison.Ordinal);
        Assert.NotNull(next.Results[0].Embedding);
        Assert.True(await _encoder.IsServingAsync());
    }

    [Fact]
    public async Task Encode_NaN_IsRefusedAndTheEncoderIsNotReady()
    {
        _gate.Poisoned = true;
        var poisoned = await EncodeAsync(TestModel.Bitmap(4, 4, 1));

        Assert.Equal(V1.ErrorReason.FeaturesInvalid, poisoned.Results[0].Error.Reason);
        Assert.False(await _encoder.IsServingAsync());
    }

    private async Task<EncodeImagesResponse> EncodeAsync(params byte[][] images) =>
        await _encoder.Client.EncodeImagesAsync(EncoderUnderTest.Request(images), cancellationToken: Cancel);
}
