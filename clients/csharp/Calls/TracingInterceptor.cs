using System.Diagnostics;
using Grpc.Core;
using Grpc.Core.Interceptors;

namespace TaskRes.Client.Calls;

/// <summary>A span for each call, retries included, by OpenTelemetry's names for RPCs; the server's spans are its children. Costs nothing where nobody listens.</summary>
internal sealed class TracingInterceptor : Interceptor
{
    private static readonly ActivitySource Source = new(TaskResClient.ActivitySourceName);

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context, AsyncUnaryCallContinuation<TRequest, TResponse> continuation)
    {
        if (!Source.HasListeners()) return continuation(request, context);
        var (call, span) = Begin(context.Method, () => continuation(request, context));
        return new AsyncUnaryCall<TResponse>(Ended(call.ResponseAsync, span), call.ResponseHeadersAsync, call.GetStatus, call.GetTrailers, call.Dispose);
    }

    public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
        ClientInterceptorContext<TRequest, TResponse> context, AsyncClientStreamingCallContinuation<TRequest, TResponse> continuation)
    {
        if (!Source.HasListeners()) return continuation(context);
        var (call, span) = Begin(context.Method, () => continuation(context));
        return new AsyncClientStreamingCall<TRequest, TResponse>(
            call.RequestStream, Ended(call.ResponseAsync, span), call.ResponseHeadersAsync, call.GetStatus, call.GetTrailers, call.Dispose);
    }

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context, AsyncServerStreamingCallContinuation<TRequest, TResponse> continuation)
    {
        if (!Source.HasListeners()) return continuation(request, context);
        var (call, span) = Begin(context.Method, () => continuation(request, context));
        var reader = new TracedReader<TResponse>(call.ResponseStream, span);
        return new AsyncServerStreamingCall<TResponse>(reader, call.ResponseHeadersAsync, call.GetStatus, call.GetTrailers, () => Dispose(call, span));
    }

    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
        ClientInterceptorContext<TRequest, TResponse> context, AsyncDuplexStreamingCallContinuation<TRequest, TResponse> continuation)
    {
        if (!Source.HasListeners()) return continuation(context);
        var (call, span) = Begin(context.Method, () => continuation(context));
        var reader = new TracedReader<TResponse>(call.ResponseStream, span);
        return new AsyncDuplexStreamingCall<TRequest, TResponse>(
            call.RequestStream, reader, call.ResponseHeadersAsync, call.GetStatus, call.GetTrailers, () => Dispose(call, span));
    }

    /// <summary>The span is current while the call starts, and not for what its caller does next.</summary>
    private static (TCall Call, Activity? Span) Begin<TCall>(IMethod method, Func<TCall> start)
    {
        var current = Activity.Current;
        var span = Source.StartActivity($"{method.ServiceName}/{method.Name}", ActivityKind.Client);
        span?.SetTag("rpc.system", "grpc").SetTag("rpc.service", method.ServiceName).SetTag("rpc.method", method.Name);
        try
        {
            return (start(), span);
        }
        finally
        {
            Activity.Current = current;
        }
    }

    private static async Task<TResponse> Ended<TResponse>(Task<TResponse> response, Activity? span)
    {
        try
        {
            var answer = await response.ConfigureAwait(false);
            End(span, StatusCode.OK);
            return answer;
        }
        catch (RpcException error)
        {
            End(span, error.StatusCode);
            throw;
        }
    }

    private static void Dispose(IDisposable call, Activity? span)
    {
        call.Dispose();
        // Where the stream was not read to its end.
        if (span is { IsStopped: false }) End(span, StatusCode.Cancelled);
    }

    private static void End(Activity? span, StatusCode status)
    {
        if (span is null) return;
        span.SetTag("rpc.grpc.status_code", (int)status);
        if (status is not (StatusCode.OK or StatusCode.Cancelled)) span.SetStatus(ActivityStatusCode.Error);
        span.Stop();
    }

    private sealed class TracedReader<T>(IAsyncStreamReader<T> inner, Activity? span) : IAsyncStreamReader<T>
    {
        public T Current => inner.Current;

        public async Task<bool> MoveNext(CancellationToken cancellationToken)
        {
            try
            {
                var more = await inner.MoveNext(cancellationToken).ConfigureAwait(false);
                if (!more) End(span, StatusCode.OK);
                return more;
            }
            catch (RpcException error)
            {
                End(span, error.StatusCode);
                throw;
            }
        }
    }
}
