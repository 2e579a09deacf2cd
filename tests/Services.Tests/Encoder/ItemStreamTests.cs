using Grpc.Core;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;
using TaskRes.Core;
using TaskRes.Platform.Streaming;
using TaskRes.Services.Tests.Support;

namespace TaskRes.Services.Tests.Encoder;

public sealed class ItemStreamTests
{
    private const int MaxInFlight = 4;

    [Fact]
    public async Task RunAsync_ReaderThatNeverReads_IsReadNoFurtherThanTheBound()
    {
        using var end = new CancellationTokenSource();
        var requests = new Endless();
        var responses = new Unread();
        var lifetime = new ApplicationLifetime(NullLogger<ApplicationLifetime>.Instance);
        var items = new StreamItems<int, int>(MaxInFlight, (request, _) => Task.FromResult(request), (request, _) => request, _ => false);
        var running = new ItemStream(lifetime, TimeProvider.System, NullLogger<ItemStream>.Instance).RunAsync(requests, responses, items, end.Token);

        for (var read = 0; read < 20; read++)
        {
            await Eventually.HoldsAsync(() => requests.Read == read + MaxInFlight, "the stream is filled");
            responses.TakeOne();
        }

        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.InRange(requests.Read, 20, 20 + MaxInFlight);
    }

    [Fact]
    public async Task RunAsync_ItemFindsTheEncoderUnavailable_TheOthersThatWereReadAreAnswered()
    {
        var responses = new Unread();
        var lifetime = new ApplicationLifetime(NullLogger<ApplicationLifetime>.Instance);
        var away = new TaskResException(ErrorReason.EncoderUnavailable, "away") { RetryAfter = TimeSpan.FromSeconds(1) };
        var failed = new TaskCompletionSource();
        // The first answer comes after the second has failed.
        var items = new StreamItems<int, int>(
            MaxInFlight,
            async (request, _) =>
            {
                if (request == 1)
                {
                    await failed.Task;
                    return request;
                }

                failed.TrySetResult();
                throw away;
            },
            (request, _) => request,
            _ => true);

        var running = new ItemStream(lifetime, TimeProvider.System, NullLogger<ItemStream>.Instance).RunAsync(new Endless(), responses, items, TestContext.Current.CancellationToken);
        responses.TakeOne();

        Assert.Same(away, await Assert.ThrowsAsync<TaskResException>(() => running));
        Assert.Equal([1], responses.Written);
    }

    [Fact]
    public async Task RunAsync_ItemFindsTheEncoderUnavailable_EndsTheCallWithIt()
    {
        var requests = new Endless();
        var responses = new Unread();
        var lifetime = new ApplicationLifetime(NullLogger<ApplicationLifetime>.Instance);
        var loading = new TaskResException(ErrorReason.EncoderUnavailable, "loading") { RetryAfter = TimeSpan.FromSeconds(1) };
        var items = new StreamItems<int, int>(MaxInFlight, (_, _) => Task.FromException<int>(loading), (request, _) => request, _ => true);

        var running = new ItemStream(lifetime, TimeProvider.System, NullLogger<ItemStream>.Instance).RunAsync(requests, responses, items, TestContext.Current.CancellationToken);

        Assert.Same(loading, await Assert.ThrowsAsync<TaskResException>(() => running));
    }

    private sealed class Endless : IAsyncStreamReader<int>
    {
        private int _read;

        public int Read => Volatile.Read(ref _read);

        public int Current => Read;

        public async Task<bool> MoveNext(CancellationToken cancellationToken)
        {
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
            Interlocked.Increment(ref _read);
            return true;
        }
    }

    private sealed class Unread : IServerStreamWriter<int>
    {
        private readonly SemaphoreSlim _taken = new(0);

        public WriteOptions? WriteOptions { get; set; }

        public List<int> Written { get; } = [];

        public void TakeOne() => _taken.Release();

        public Task WriteAsync(int message) => WriteAsync(message, CancellationToken.None);

        public async Task WriteAsync(int message, CancellationToken cancellationToken)
        {
            await _taken.WaitAsync(cancellationToken);
            Written.Add(message);
        }
    }
}
