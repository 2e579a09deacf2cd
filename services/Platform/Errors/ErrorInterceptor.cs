using System.Diagnostics;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;
using TaskRes.Core;

namespace TaskRes.Platform.Errors;

/// <summary>The one place where exceptions become statuses. What is not of the domain is logged and answered without detail.</summary>
internal sealed partial class ErrorInterceptor(IHostApplicationLifetime lifetime, TimeProvider time, ILogger<ErrorInterceptor> logger) : Interceptor
{
    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation) =>
        Guard(context, () => continuation(request, context));

    public override Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation) =>
        Guard(context, () => continuation(requestStream, context));

    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation) =>
        Guard(context, () => Done(continuation(request, responseStream, context)));

    public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, DuplexStreamingServerMethod<TRequest, TResponse> continuation) =>
        Guard(context, () => Done(continuation(requestStream, responseStream, context)));

    private static async Task<bool> Done(Task call)
    {
        await call;
        return true;
    }

    private async Task<TResponse> Guard<TResponse>(ServerCallContext context, Func<Task<TResponse>> call)
    {
        try
        {
            return await call();
        }
        catch (Exception exception) when (exception is not RpcException)
        {
            throw ErrorMapping.ToRpcException(Translate(exception, context));
        }
    }

    private TaskResException Translate(Exception exception, ServerCallContext context)
    {
        switch (exception)
        {
            case TaskResException { Reason: not ErrorReason.Internal } domain:
                return domain;
            // A caller that went away also shows as failing reads and writes of its streams.
            case OperationCanceledException or IOException or InvalidOperationException when context.CancellationToken.IsCancellationRequested:
                return context.Deadline <= time.GetUtcNow().UtcDateTime
                    ? new TaskResException(ErrorReason.DeadlineExceeded, "The call's deadline has passed.", exception)
                    : new TaskResException(ErrorReason.Cancelled, "The caller cancelled the call.", exception);
            case OperationCanceledException when lifetime.ApplicationStopping.IsCancellationRequested:
                return new TaskResException(ErrorReason.ShuttingDown, "The service is stopping: retry on another replica.", exception);
            // The messages of streams are parsed where they are read.
            case InvalidProtocolBufferException:
                return UnparsedRequests.Error(exception);
            case RedisException or TimeoutException:
                Log.StoreFailed(logger, context.Method, exception);
                return new TaskResException(ErrorReason.RegistryUnavailable, "The registry did not answer: retry later.", exception) { RetryAfter = TimeSpan.FromSeconds(1) };
            default:
                Log.Unexpected(logger, context.Method, exception);
                var trace = Activity.Current?.TraceId.ToString() ?? "";
                return new TaskResException(ErrorReason.Internal, "An internal fault; the service's log says more.", exception)
                {
                    Metadata = new Dictionary<string, string> { ["trace_id"] = trace },
                };
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, EventName = "Unexpected", Level = LogLevel.Error, Message = "{Method} failed unexpectedly")]
        public static partial void Unexpected(ILogger logger, string method, Exception exception);

        [LoggerMessage(EventId = 2, EventName = "StoreFailed", Level = LogLevel.Warning, Message = "{Method} failed since Redis did not answer")]
        public static partial void StoreFailed(ILogger logger, string method, Exception exception);
    }
}
