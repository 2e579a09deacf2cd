using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Grpc.Core;
using TaskRes.V1;
using Task = System.Threading.Tasks.Task;

namespace TaskRes.Client.Calls;

/// <summary>
/// A bidirectional stream on which items wait for answers that come in any order. Writing and reading go on at the same
/// time, so that full flow-control windows on both sides cannot block each other; at most
/// <see cref="TaskResClientOptions.MaxInFlight"/> items are under way. A stream that breaks because the server went away is
/// opened again, and what was not answered is sent again. For one run.
/// </summary>
/// <typeparam name="TItem">What the caller sends.</typeparam>
/// <typeparam name="TRequest">A message of an item.</typeparam>
/// <typeparam name="TResponse">The answer to a message.</typeparam>
internal sealed class PipelinedStream<TItem, TRequest, TResponse>(RpcCaller rpc)
    where TRequest : class
{
    private readonly ConcurrentDictionary<long, TItem> _inFlight = new();

    // An item in flight has at most one message here, so a write never has to wait.
    private readonly Channel<TRequest> _outbox = Channel.CreateBounded<TRequest>(rpc.Options.MaxInFlight);

    // The source and every item in flight. At zero nothing more will be sent.
    private int _open = 1;

    // An item is in flight and in the outbox, or in neither.
    private readonly Lock _filling = new();

    private TimeSpan? _retryAfter;

    private bool IsOpen => Volatile.Read(ref _open) > 0;

    /// <summary>The first message of an item, under its sequence number.</summary>
    public required Func<long, TItem, TRequest> FirstMessage { get; init; }

    /// <summary>What an answer asks to be sent for its item; null where it is the item's final answer.</summary>
    public required Func<TResponse, TItem, TRequest?> FollowUp { get; init; }

    public required Func<TResponse, long> Sequence { get; init; }

    public async IAsyncEnumerable<TResponse> RunAsync(
        Func<CallOptions, AsyncDuplexStreamingCall<TRequest, TResponse>> open,
        IAsyncEnumerable<TItem> items,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var slots = new SemaphoreSlim(rpc.Options.MaxInFlight);
        var filling = FillAsync(items, slots, stop);
        try
        {
            for (var attempts = 0; IsOpen;)
            {
                using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop.Token);
                using var call = open(rpc.Stream(ended.Token));
                var sending = SendAsync(call.RequestStream, ended.Token);
                var responses = rpc.ReadAsync(call.ResponseStream, ended.Token).GetAsyncEnumerator(ended.Token);
                await using var disposal = responses.ConfigureAwait(false);
                while (await MoveNextAsync(responses, filling, ++attempts, cancellationToken).ConfigureAwait(false))
                {
                    attempts = 0;
                    var response = responses.Current;
                    if (!_inFlight.TryGetValue(Sequence(response), out var item)) continue;
                    if (FollowUp(response, item) is { } followUp)
                    {
                        _outbox.Writer.TryWrite(followUp);
                        continue;
                    }

                    _inFlight.TryRemove(Sequence(response), out _);
                    slots.Release();
                    CloseOne();
                    yield return response;
                }

                await ended.CancelAsync().ConfigureAwait(false);
                await sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (!IsOpen) break;
                await Reconnection.WaitAsync(attempts, _retryAfter, rpc.Options.TimeProvider, stop.Token).ConfigureAwait(false);
                SendAgain();
            }
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await filling.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // The answers that were under way on the broken call are lost.
    private void SendAgain()
    {
        lock (_filling)
        {
            while (_outbox.Reader.TryRead(out _)) { }
            foreach (var (sequence, item) in _inFlight) _outbox.Writer.TryWrite(FirstMessage(sequence, item));
        }
    }

    private async Task FillAsync(IAsyncEnumerable<TItem> items, SemaphoreSlim slots, CancellationTokenSource stop)
    {
        try
        {
            var sequence = 0L;
            await foreach (var item in items.WithCancellation(stop.Token).ConfigureAwait(false))
            {
                await slots.WaitAsync(stop.Token).ConfigureAwait(false);
                Interlocked.Increment(ref _open);
                lock (_filling)
                {
                    _inFlight[sequence] = item;
                    _outbox.Writer.TryWrite(FirstMessage(sequence, item));
                }

                sequence++;
            }

            CloseOne();
        }
        catch
        {
            await stop.CancelAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async Task SendAsync(IClientStreamWriter<TRequest> requests, CancellationToken cancellationToken)
    {
        await foreach (var message in _outbox.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            await requests.WriteAsync(message, cancellationToken).ConfigureAwait(false);
        await requests.CompleteAsync().ConfigureAwait(false);
    }

    /// <summary>False where the call ended, or broke and may be made again.</summary>
    private async ValueTask<bool> MoveNextAsync(IAsyncEnumerator<TResponse> responses, Task filling, int attempts, CancellationToken callers)
    {
        try
        {
            if (await responses.MoveNextAsync().ConfigureAwait(false)) return true;
        }
        catch (TaskResClientException error) when (Reconnection.IsWorthwhile(error, attempts, rpc.Options))
        {
            _retryAfter = error.RetryAfter;
            return false;
        }
        catch (OperationCanceledException) when (!callers.IsCancellationRequested)
        {
            // The caller's own source failed and the call was stopped for it: that failure is the one to tell.
            await filling.ConfigureAwait(false);
            throw;
        }

        if (!IsOpen || attempts < rpc.Options.MaxAttempts) return false;
        throw new TaskResClientException(
            StatusCode.Unavailable, ErrorReason.Unspecified, $"The server ended the stream with {_inFlight.Count} items unanswered. Send them again.", inner: null);
    }

    private void CloseOne()
    {
        if (Interlocked.Decrement(ref _open) == 0) _outbox.Writer.TryComplete();
    }
}
