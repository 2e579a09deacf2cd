using TaskRes.Platform.Access;
using TaskRes.Platform.Resources;
using TaskRes.V1;

namespace TaskRes.Platform.Embeddings;

/// <summary>Within what an embedding is found again: one tenant, or the pool of those that share.</summary>
internal readonly record struct EmbeddingScope(TenantName Tenant, bool IsPool)
{
    public static EmbeddingScope Pool { get; } = new(default, IsPool: true);

    public static EmbeddingScope Of(TenantName tenant) => new(tenant, IsPool: false);

    /// <summary>Unlike any other scope's.</summary>
    public override string ToString() => IsPool ? "pool" : $"{Tenant}";
}

/// <summary>Which scope a tenant's requests are of. A tenant that nothing is known of shares nothing.</summary>
internal sealed class EmbeddingScopes(TenantBook tenants)
{
    public async ValueTask<EmbeddingScope> OfAsync(TenantName tenant, CancellationToken cancellationToken) =>
        await tenants.FindAsync(tenant, cancellationToken) is { EmbeddingPool: EmbeddingPool.Shared } ? EmbeddingScope.Pool : EmbeddingScope.Of(tenant);
}
