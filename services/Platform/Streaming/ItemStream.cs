using Grpc.Core;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using TaskRes.Core;
using TaskRes.Platform.Errors;

namespace TaskRes.Platform.Streaming;

/// <summary>
/// The body of every bidirectional call in which each request has one response. Reading, answering and writing go on side
/// by side; responses leave in the order that the first request asks for, and a request that fails has its error for a response.
/// A request that finds something unavailable has no response: the call ends with that once what else was read is answered, and the
/// client opens it again when RetryInfo says and sends what had none.
/// </summary>
/// <remarks>
/// Memory is bounded: a response that the client does not read holds its place, and once all places are taken no further
/// request is read, so that HTTP/2's flow control slows the client down. A request that finds the encoder's queue full waits
/// in its place, and slows the client down too.
/// </remarks>
public sealed partial class ItemStream(IHostApplicationLifetime lifetime, TimeProvider time, ILogger<ItemStream> logger)
{
    /// <summary>Until the client has sent its last request and got its last response, or the service stops: then no further request is read, those that were are still answered.</summary>
    /// <exception cref="TaskResException">ShuttingDown, after the last answer, where the service stopped; EncoderUnavailable, RegistryUnavailable.</exception>
    public async Task RunAsync<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requests,
        IServerStreamWriter<TResponse> responses,
        StreamItems<TRequest, TResponse> items,
        CancellationToken cancellationToken)
    {
        var replies = new ReplyQueue<TResponse>(items.MaxInFlight);
        using var places = new SemaphoreSlim(items.MaxInFlight);
        using var call = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var reading = CancellationTokenSource.CreateLinkedTokenSource(call.Token, lifetime.ApplicationStopping);
        await Task.WhenAll(ReadAsync(requests, replies, places, items, reading.Token, call.Token), WriteAsync(replies, places, responses, reading, call));
        if (lifetime.ApplicationStopping.IsCancellationRequested)
            throw new TaskResException(ErrorReason.ShuttingDown, "The service is stopping: open the stream again, on another replica.");
    }

    private async Task ReadAsync<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requests,
        ReplyQueue<TResponse> replies,
        SemaphoreSlim places,
        StreamItems<TRequest, TResponse> items,
        CancellationToken reading,
        CancellationToken cancellationToken)
    {
        try
        {
            for (var isFirst = true; await TakeAsync(places, reading) && await requests.MoveNext(reading); isFirst = false)
            {
                if (isFirst) replies.AsReady = items.AsReady(requests.Current);
                replies.Add(AnswerAsync(requests.Current, items, cancellationToken));
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The service stops, or lacks something: what was read is still answered.
        }
        finally
        {
            replies.Complete();
        }
    }

    private static async ValueTask<bool> TakeAsync(SemaphoreSlim places, CancellationToken cancellationToken)
    {
        await places.WaitAsync(cancellationToken);
        return true;
    }

    private async Task<TResponse> AnswerAsync<TRequest, TResponse>(
        TRequest request, StreamItems<TRequest, TResponse> items, CancellationToken cancellationToken)
    {
        try
        {
            return await AnswerInTimeAsync(request, items, cancellationToken);
        }
        catch (TaskResException exception) when (!IsUnavailable(exception))
        {
            return items.Failed(request, ItemErrors.From(exception));
        }
        catch (Exception exception) when (exception is not (OperationCanceledException or TaskResException))
        {
            Log.ItemFailed(logger, exception);
            return items.Failed(request, ItemErrors.From(new TaskResException(ErrorReason.Internal, "An internal fault; the service's log says more.", exception)));
        }
    }

    private async Task<TResponse> AnswerInTimeAsync<TRequest, TResponse>(
        TRequest request, StreamItems<TRequest, TResponse> items, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await items.Answer(request, cancellationToken);
            }
            catch (TaskResException exception) when (exception is { Reason: ErrorReason.QueueFull, RetryAfter: not null } && !lifetime.ApplicationStopping.IsCancellationRequested)
            {
                await Task.Delay(exception.RetryAfter.Value, time, cancellationToken);
            }
        }
    }

    private static async Task WriteAsync<TResponse>(
        ReplyQueue<TResponse> replies, SemaphoreSlim places, IServerStreamWriter<TResponse> responses, CancellationTokenSource reading, CancellationTokenSource call)
    {
        TaskResException? unavailable = null;
        try
        {
            await foreach (var answer in replies.Reader.ReadAllAsync(call.Token))
            {
                try
                {
                    await responses.WriteAsync(await answer, call.Token);
                }
                // In the order of the requests nothing may come after the one that is missing.
                catch (TaskResException exception) when (replies.AsReady && IsUnavailable(exception))
                {
                    unavailable ??= exception;
                    await reading.CancelAsync();
                }

                places.Release();
            }

            if (unavailable is not null) throw unavailable;
        }
        catch
        {
            // Nobody reads any more: the reading side and the answers under way must end too.
            await call.CancelAsync();
            throw;
        }
    }

    private static bool IsUnavailable(TaskResException exception) => ErrorMapping.StatusOf(exception.Reason) == StatusCode.Unavailable;

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, EventName = "ItemFailed", Level = LogLevel.Error, Message = "An item of a stream failed unexpectedly")]
        public static partial void ItemFailed(ILogger logger, Exception exception);
    }
}
