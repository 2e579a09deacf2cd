using Google.Protobuf;
using Grpc.Core;
using TaskRes.Platform.Resources;
using TaskRes.V1;

namespace TaskRes.Platform.Access;

/// <summary>
/// One call's caller and its rights. Single requests are checked before the service sees them; the items of a bidirectional
/// stream, whose errors are each item's own, are checked by the service through this.
/// </summary>
public sealed class CallAccess
{
    private static readonly object Key = new();

    private readonly Authorizer? _authorizer;
    private readonly Principal _principal;
    private readonly MethodAccess? _method;

    private CallAccess(Authorizer? authorizer, Principal principal, MethodAccess? method) => (_authorizer, _principal, _method) = (authorizer, principal, method);

    /// <summary>Whether another service of the suite calls, for a tenant that called it.</summary>
    public bool IsRelayed => _principal.IsService;

    /// <summary>The first resource that the call named.</summary>
    internal string Resource { get; private set; } = "";

    /// <exception cref="InvalidOperationException">The call did not come through the interceptor.</exception>
    public static CallAccess Of(ServerCallContext context) =>
        context.UserState.TryGetValue(Key, out var access) ? (CallAccess)access : throw new InvalidOperationException($"{context.Method} was not admitted by anybody.");

    /// <summary>Refuses a message whose resource is not the caller's.</summary>
    /// <exception cref="Core.TaskResException">TenantNotFound, TaskNotFound; PermissionDenied; TenantSuspended.</exception>
    public async ValueTask RequireAsync(IMessage message, CancellationToken cancellationToken)
    {
        if (_method?.ResourceOf(message) is not { Length: > 0 } resource) return;
        if (Resource is "") Resource = resource;
        if (_authorizer is not null) await _authorizer.RequireResourceAsync(_principal, resource, cancellationToken);
    }

    /// <summary>Refuses a resource beside the call's own that is not the caller's.</summary>
    /// <exception cref="Core.TaskResException">TenantNotFound, TaskNotFound; PermissionDenied; TenantSuspended.</exception>
    public async ValueTask RequireAsync(string resource, CancellationToken cancellationToken)
    {
        if (_authorizer is not null) await _authorizer.RequireResourceAsync(_principal, resource, cancellationToken);
    }

    /// <summary>Whose quota the call takes from: the caller's own tenant, or the one that an operator's message names. A service's calls were counted where they came in, and a tenant over its quota must not keep the operator from managing it.</summary>
    internal TenantName? CountedTenant(IMessage? message)
    {
        if (_principal.IsService || _method?.Permission == Permission.Operate) return null;
        return _principal.Tenant ?? (message is not null && _method?.ResourceOf(message) is { } resource ? AccessTarget.Of(resource)?.Tenant : null);
    }

    /// <summary>With an authorizer of null everybody may do everything.</summary>
    internal static CallAccess Admit(ServerCallContext context, Authorizer? authorizer, Principal principal, MethodAccess? method)
    {
        var access = new CallAccess(authorizer, principal, method);
        context.UserState[Key] = access;
        return access;
    }
}
