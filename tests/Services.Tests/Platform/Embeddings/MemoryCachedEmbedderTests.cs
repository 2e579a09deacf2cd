using TaskRes.Core;
using TaskRes.Platform.Embeddings;
using TaskRes.Platform.Resources;
using TaskRes.Platform.Usage;
using TaskRes.Services.Tests.Support;

namespace TaskRes.Services.Tests.Platform.Embeddings;

public sealed class MemoryCachedEmbedderTests
{
    private readonly CountingEmbedder _inner = new();
    private readonly ManualTime _time = new();
    private readonly MemoryCachedEmbedder _embedder;
    private readonly TenantName _tenant = Samples.Tenant();

    public MemoryCachedEmbedderTests() => _embedder = new MemoryCachedEmbedder(_inner, new TestTenants().Scopes, new MemoryCacheOptions(), new UsageLedger(), _time);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task EmbedAsync_ManyAtOnceOfOneInput_InnerAskedOnce()
    {
        var gate = new TaskCompletionSource();
        _inner.Gate = gate.Task;
        var calls = Enumerable.Range(0, 50).Select(_ => _embedder.EmbedAsync(_tenant, [new TextInput("a"), new TextInput("a")], Token)).ToArray();
        gate.SetResult();
        foreach (var batch in await Task.WhenAll(calls))
            Assert.All(batch.Results, result => Assert.Equal(CountingEmbedder.ValuesOf(new TextInput("a")), result.Values));
        Assert.Single(_inner.Asked);
    }

    [Fact]
    public async Task EmbedAsync_Again_FromMemoryAndByDigestAlone()
    {
        var image = ImageInput.FromContent(new byte[] { 1, 2, 3 });
        await _embedder.EmbedAsync(_tenant, [image], Token);
        var batch = await _embedder.EmbedAsync(_tenant, [ImageInput.FromDigest(image.Digest), ImageInput.FromDigest(image.Digest, view: 1)], Token);
        Assert.Equal((EmbeddingTier.Memory, CountingEmbedder.ValuesOf(image)[0]), (batch.Results[0].Tier, batch.Results[0].Values[0]));
        Assert.Equal(ErrorReason.ImageBytesRequired, batch.Results[1].Error?.Reason);
    }

    [Fact]
    public async Task EmbedAsync_AnotherTenantOrKindOfTheSameBytes_AskedAnew()
    {
        byte[] bytes = "a"u8.ToArray();
        await _embedder.EmbedAsync(_tenant, [new TextInput("a")], Token);
        await _embedder.EmbedAsync(_tenant, [ImageInput.FromContent(bytes)], Token);
        await _embedder.EmbedAsync(Samples.Tenant(), [new TextInput("a")], Token);
        Assert.Equal(3, _inner.Asked.Count);
    }

    [Fact]
    public async Task EmbedAsync_FirstCallerCancels_WaitingCallerIsStillAnswered()
    {
        _inner.Gate = new TaskCompletionSource().Task;
        using var cancelled = new CancellationTokenSource();
        var first = _embedder.EmbedAsync(_tenant, [new TextInput("a")], cancelled.Token);
        var second = _embedder.EmbedAsync(_tenant, [new TextInput("a")], Token);
        _inner.Gate = Task.CompletedTask;
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.Null((await second).Results[0].Error);
    }

    [Fact]
    public async Task EmbedAsync_BytesWhileADigestIsAsked_AnswersTheBytes()
    {
        var image = ImageInput.FromContent(new byte[] { 1, 2, 3 });
        var gate = new TaskCompletionSource();
        _inner.Gate = gate.Task;
        var digest = _embedder.EmbedAsync(_tenant, [ImageInput.FromDigest(image.Digest)], Token);
        var bytes = _embedder.EmbedAsync(_tenant, [image], Token);
        gate.SetResult();
        Assert.Equal(ErrorReason.ImageBytesRequired, (await digest).Results[0].Error?.Reason);
        Assert.Equal(CountingEmbedder.ValuesOf(image), (await bytes).Results[0].Values);
    }

    [Fact]
    public async Task EmbedAsync_ModelChanges_NothingOfTheOldOneIsServed()
    {
        await _embedder.EmbedAsync(_tenant, [new TextInput("a")], Token);
        _inner.Model = CountingEmbedder.ModelOf("beef");
        Assert.Equal(EmbeddingTier.Encoder, (await _embedder.EmbedAsync(_tenant, [new TextInput("a")], Token)).Results[0].Tier);
    }

    [Fact]
    public async Task EmbedAsync_ModelChangesDuringTheCall_RefusedAndNotKept()
    {
        var gate = new TaskCompletionSource();
        _inner.Gate = gate.Task;
        var call = _embedder.EmbedAsync(_tenant, [new TextInput("a")], Token);
        var old = _inner.Model;
        _inner.Model = CountingEmbedder.ModelOf("beef");
        gate.SetResult();
        Assert.Equal(ErrorReason.EncoderUnavailable, (await Assert.ThrowsAsync<TaskResException>(() => call)).Reason);
        _inner.Model = old;
        Assert.Equal(EmbeddingTier.Encoder, (await _embedder.EmbedAsync(_tenant, [new TextInput("a")], Token)).Results[0].Tier);
    }

    [Fact]
    public async Task EmbedAsync_MoreThanTheBound_StaysWithinIt()
    {
        var small = new EmbeddingMemory(_inner.Model, new MemoryCacheOptions { MaxEntries = 100 }, _time);
        for (var seed = 0; seed < 10_000; seed++)
        {
            var key = EmbeddingMemory.Key.Of(EmbeddingScope.Of(_tenant), new TextInput($"{seed}"));
            small.TakeOff(key, out _);
            small.Land(key, new EmbeddingMemory.Flight(EmbeddingResult.Of(new float[8], EmbeddingTier.Encoder), StageTimes.Zero));
        }

        await Eventually.HoldsAsync(() => small.Count <= 100, "the memory is back within its bound");
    }

    [Fact]
    public async Task EmbedAsync_BrokenImageAgain_RefusedWithoutAskingUntilTheTimeIsOver()
    {
        var image = ImageInput.FromContent(new byte[] { 1, 2, 3 });
        _inner.Fault = new TaskResException(ErrorReason.ImageUnreadable, "image: it is damaged.");
        EmbeddingInput[] asked = [image, ImageInput.FromDigest(image.Digest), image.WithView(2)];
        foreach (var input in asked)
            Assert.Equal(ErrorReason.ImageUnreadable, (await _embedder.EmbedAsync(_tenant, [input], Token)).Results[0].Error?.Reason);
        Assert.Single(_inner.Asked);

        // Another tenant learns nothing of it.
        await _embedder.EmbedAsync(Samples.Tenant(), [image], Token);
        Assert.Equal(2, _inner.Asked.Count);

        _time.Advance(new MemoryCacheOptions().RefusalTime);
        _inner.Fault = null;
        Assert.Equal(CountingEmbedder.ValuesOf(image), (await _embedder.EmbedAsync(_tenant, [image], Token)).Results[0].Values);
    }

    [Theory]
    [InlineData(ErrorReason.QueueFull)]
    [InlineData(ErrorReason.EncoderUnavailable)]
    [InlineData(ErrorReason.DeadlineExceeded)]
    [InlineData(ErrorReason.Internal)]
    public async Task EmbedAsync_ErrorThatMayPass_IsAskedAnew(ErrorReason reason)
    {
        var image = ImageInput.FromContent(new byte[] { 1, 2, 3 });
        _inner.Fault = new TaskResException(reason, "It may pass.");
        await _embedder.EmbedAsync(_tenant, [image], Token);
        _inner.Fault = null;
        Assert.Null((await _embedder.EmbedAsync(_tenant, [image], Token)).Results[0].Error);
    }

    [Fact]
    public async Task EmbedAsync_NoEntriesAllowed_KeepsNoneAndStillAsksOnceForMany()
    {
        var embedder = new MemoryCachedEmbedder(_inner, new TestTenants().Scopes, new MemoryCacheOptions { MaxEntries = 0 }, new UsageLedger(), _time);
        var batch = await embedder.EmbedAsync(_tenant, [new TextInput("a"), new TextInput("a")], Token);
        Assert.All(batch.Results, result => Assert.Equal(CountingEmbedder.ValuesOf(new TextInput("a")), result.Values));
        Assert.Single(_inner.Asked);
        await embedder.EmbedAsync(_tenant, [new TextInput("a")], Token);
        Assert.Equal(2, _inner.Asked.Count);
    }
}
