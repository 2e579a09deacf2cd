using Google.Protobuf;
using Grpc.Core;
using Grpc.Core.Interceptors;
using TaskRes.Platform.Access;

namespace TaskRes.Platform.Quotas;

/// <summary>Holds each tenant to its requests per second and at a time, after it is known who calls and before any work is done.</summary>
internal sealed class QuotaInterceptor(RequestGates gates) : Interceptor
{
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        using var slot = await AdmitAsync(request, context);
        return await continuation(request, context);
    }

    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        using var slot = await AdmitAsync(request, context);
        await continuation(request, responseStream, context);
    }

    public override async Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation)
    {
        using var quota = await OpenAsync(context);
        return await continuation(new PacedReader<TRequest>(requestStream, quota), context);
    }

    public override async Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, DuplexStreamingServerMethod<TRequest, TResponse> continuation)
    {
        using var quota = await OpenAsync(context);
        await continuation(new PacedReader<TRequest>(requestStream, quota), responseStream, context);
    }

    // Null where the call is no tenant's.
    private async ValueTask<IDisposable?> AdmitAsync(object request, ServerCallContext context) =>
        CallAccess.Of(context).CountedTenant(request as IMessage) is { } tenant ? await gates.Of(tenant).AdmitAsync(context.CancellationToken) : null;

    private async ValueTask<StreamQuota> OpenAsync(ServerCallContext context)
    {
        var quota = new StreamQuota(gates, CallAccess.Of(context));
        await quota.OpenAsync(context.CancellationToken);
        return quota;
    }

    private sealed class PacedReader<T>(IAsyncStreamReader<T> inner, StreamQuota quota) : IAsyncStreamReader<T>
    {
        public T Current => inner.Current;

        public async Task<bool> MoveNext(CancellationToken cancellationToken)
        {
            if (!await inner.MoveNext(cancellationToken)) return false;
            await quota.PaceAsync((IMessage)inner.Current!, cancellationToken);
            return true;
        }
    }
}
