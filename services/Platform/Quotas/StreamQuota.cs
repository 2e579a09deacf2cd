using Google.Protobuf;
using TaskRes.Platform.Access;
using TaskRes.Platform.Resources;

namespace TaskRes.Platform.Quotas;

/// <summary>What one client stream takes of its tenant's quota: a slot while it is open, a token for each of its messages.</summary>
internal sealed class StreamQuota(RequestGates gates, CallAccess access) : IDisposable
{
    private TenantName? _tenant;
    private IDisposable? _slot;

    /// <summary>Takes the slot where the caller is of one tenant; that of others is taken with the message that first names a tenant.</summary>
    /// <exception cref="Core.TaskResException">QuotaExceeded.</exception>
    public ValueTask OpenAsync(CancellationToken cancellationToken) => EnterAsync(access.CountedTenant(null), cancellationToken);

    /// <summary>Returns when the message may be dealt with.</summary>
    /// <exception cref="Core.TaskResException">QuotaExceeded, of the slot.</exception>
    public async ValueTask PaceAsync(IMessage message, CancellationToken cancellationToken)
    {
        await EnterAsync(access.CountedTenant(message), cancellationToken);
        if (_tenant is { } tenant) await gates.Of(tenant).PaceAsync(cancellationToken);
    }

    public void Dispose() => _slot?.Dispose();

    private async ValueTask EnterAsync(TenantName? named, CancellationToken cancellationToken)
    {
        if (named is not { } tenant) return;
        _slot ??= await gates.Of(tenant).EnterAsync(cancellationToken);
        _tenant = tenant;
    }
}
