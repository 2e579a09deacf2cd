using Google.Protobuf;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using TaskRes.Platform.Errors;

namespace TaskRes.Platform.Access;

/// <summary>Admits a call before any service, cache or store sees it, and records the changes that were tried.</summary>
internal sealed class AccessInterceptor(IOptions<AccessOptions> options, IServiceProvider services) : Interceptor
{
    /// <summary>Sent by the services of a suite with each call to another.</summary>
    public const string ServiceHeader = "taskres-service";

    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation) =>
        GuardAsync(context, async access =>
        {
            await RequireAsync(access, request, context);
            return await continuation(request, context);
        });

    public override Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation) =>
        GuardAsync(context, access => continuation(new CheckedReader<TRequest>(requestStream, access), context));

    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation) =>
        GuardAsync(context, async access =>
        {
            await RequireAsync(access, request, context);
            await continuation(request, responseStream, context);
            return true;
        });

    // The service checks each item by CallAccess, so that a refusal is that item's own.
    public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, DuplexStreamingServerMethod<TRequest, TResponse> continuation) =>
        GuardAsync(context, async _ =>
        {
            await continuation(requestStream, responseStream, context);
            return true;
        });

    private static ValueTask RequireAsync(CallAccess access, object request, ServerCallContext context) => access.RequireAsync((IMessage)request, context.CancellationToken);

    // Believed with access off alone, where it spares a tenant to be counted twice.
    private static bool SaysItIsAService(ServerCallContext context) => context.RequestHeaders.Get(ServiceHeader) is not null;

    private async Task<TResponse> GuardAsync<TResponse>(ServerCallContext context, Func<CallAccess, Task<TResponse>> call)
    {
        if (!MethodTable.TryFind(context.Method, out var method) || options.Value.Mode == AccessMode.Off)
            return await call(CallAccess.Admit(context, null, SaysItIsAService(context) ? Principal.Service : Principal.Operator, method));

        var principal = await AuthenticateAsync(context);
        var access = CallAccess.Admit(context, services.GetRequiredService<Authorizer>(), principal, method);
        if (!method.IsAudited) return await AdmittedAsync(principal, method, access, call);

        var status = nameof(StatusCode.OK);
        try
        {
            return await AdmittedAsync(principal, method, access, call);
        }
        catch (Exception exception)
        {
            status = exception is Core.TaskResException refused ? ErrorMapping.StatusOf(refused.Reason).ToString() : exception.GetType().Name;
            throw;
        }
        finally
        {
            // Of another tenant's resource nothing is written there: the caller has no business in that tenant's records.
            var tenant = AccessTarget.Of(access.Resource)?.Tenant is { } named && (principal.Tenant is null || principal.Tenant == named) ? named : principal.Tenant;
            await services.GetRequiredService<AuditLog>().WriteAsync(tenant, principal.Id, method.Name, access.Resource, status);
        }
    }

    // The server has checked the certificate against the authority of the suite's services; a key that comes with it counts more.
    private async ValueTask<Principal> AuthenticateAsync(ServerCallContext context)
    {
        // Not by the call's RequestHeaders, which copy all headers into a list.
        var http = context.GetHttpContext();
        string? authorization = http.Request.Headers.Authorization;
        if (authorization is null && http.Connection.ClientCertificate is not null) return Principal.Service;
        return await services.GetRequiredService<Authenticator>().AuthenticateAsync(authorization, context.CancellationToken);
    }

    private static Task<TResponse> AdmittedAsync<TResponse>(Principal principal, MethodAccess method, CallAccess access, Func<CallAccess, Task<TResponse>> call)
    {
        Authorizer.RequirePermission(principal, method);
        return call(access);
    }

    private sealed class CheckedReader<T>(IAsyncStreamReader<T> inner, CallAccess access) : IAsyncStreamReader<T>
    {
        public T Current => inner.Current;

        public async Task<bool> MoveNext(CancellationToken cancellationToken)
        {
            if (!await inner.MoveNext(cancellationToken)) return false;
            await access.RequireAsync((IMessage)inner.Current!, cancellationToken);
            return true;
        }
    }
}
