using System.Runtime.CompilerServices;
using Grpc.Core;

namespace TaskRes.Client.Calls;

/// <summary>What all calls share: deadline, credentials, names, and the exceptions that callers see.</summary>
internal sealed class RpcCaller(TaskResClientOptions options)
{
    private readonly Metadata? _headers = options.ApiKey is null ? null : new Metadata { { "authorization", $"Bearer {options.ApiKey}" } };

    public TaskResClientOptions Options => options;

    /// <summary>A task's full name; an id alone means a task of the client's tenant.</summary>
    public string TaskName(string task) => task.Contains('/', StringComparison.Ordinal) ? task : $"{options.TenantName}/tasks/{task}";

    /// <summary>Calls for a stream carry no deadline.</summary>
    public CallOptions Stream(CancellationToken cancellationToken) => Call(deadline: null, cancellationToken);

    /// <summary>A call that is made again while the client waits for a server.</summary>
    public async Task<TResponse> UnaryAsync<TRequest, TResponse>(
        Func<TRequest, CallOptions, AsyncUnaryCall<TResponse>> method, TRequest request, CancellationToken cancellationToken)
    {
        var deadline = Deadline();
        for (var waits = 0; ; waits++)
        {
            try
            {
                return await CallAsync(method, request, deadline, cancellationToken).ConfigureAwait(false);
            }
            // The channel has made its attempts by now.
            catch (TaskResClientException error) when (Reconnection.IsWaitedFor(error, options) && options.TimeProvider.GetUtcNow() + (error.RetryAfter ?? TimeSpan.Zero) < deadline)
            {
                await Reconnection.WaitAsync(waits, error.RetryAfter, options.TimeProvider, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>A call that is not made again, whatever becomes of it; the channel does not repeat it either.</summary>
    public Task<TResponse> OnceAsync<TRequest, TResponse>(
        Func<TRequest, CallOptions, AsyncUnaryCall<TResponse>> method, TRequest request, CancellationToken cancellationToken) =>
        CallAsync(method, request, Deadline(), cancellationToken);

    public async IAsyncEnumerable<T> ReadAsync<T>(IAsyncStreamReader<T> reader, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (await MoveNextAsync(reader, cancellationToken).ConfigureAwait(false)) yield return reader.Current;
    }

    /// <summary>Sends all requests and reads the answer. A server that answers early, with its refusal, is heard.</summary>
    public async Task<TResponse> UploadAsync<TRequest, TResponse>(
        AsyncClientStreamingCall<TRequest, TResponse> call, IAsyncEnumerable<TRequest> requests, CancellationToken cancellationToken)
    {
        try
        {
            try
            {
                await foreach (var request in requests.WithCancellation(cancellationToken).ConfigureAwait(false))
                    await call.RequestStream.WriteAsync(request, cancellationToken).ConfigureAwait(false);
                await call.RequestStream.CompleteAsync().ConfigureAwait(false);
            }
            catch (InvalidOperationException) when (call.ResponseAsync.IsCompleted)
            {
                // Writing after the call has ended: its answer, below, says why it did.
            }

            return await call.ResponseAsync.ConfigureAwait(false);
        }
        catch (RpcException error)
        {
            throw Translate(error, cancellationToken);
        }
    }

    public Exception Translate(RpcException error, CancellationToken cancellationToken) =>
        error.StatusCode == StatusCode.Cancelled && cancellationToken.IsCancellationRequested
            ? new OperationCanceledException("The call was cancelled.", error, cancellationToken)
            : ErrorDecoder.Decode(error, options.Address);

    private DateTimeOffset Deadline() => options.TimeProvider.GetUtcNow() + options.Timeout;

    private async Task<TResponse> CallAsync<TRequest, TResponse>(
        Func<TRequest, CallOptions, AsyncUnaryCall<TResponse>> method, TRequest request, DateTimeOffset deadline, CancellationToken cancellationToken)
    {
        try
        {
            return await method(request, Call(deadline.UtcDateTime, cancellationToken)).ConfigureAwait(false);
        }
        catch (RpcException error)
        {
            throw Translate(error, cancellationToken);
        }
    }

    private CallOptions Call(DateTime? deadline, CancellationToken cancellationToken) =>
        new CallOptions(_headers, deadline, cancellationToken).WithWaitForReady(options.WaitForReady);

    private async ValueTask<bool> MoveNextAsync<T>(IAsyncStreamReader<T> reader, CancellationToken cancellationToken)
    {
        try
        {
            return await reader.MoveNext(cancellationToken).ConfigureAwait(false);
        }
        catch (RpcException error)
        {
            throw Translate(error, cancellationToken);
        }
    }
}
