using TaskRes.Platform.Resources;

namespace TaskRes.Platform.Embeddings;

/// <summary>For whom something is embedded, how urgently, and until when anybody waits for it.</summary>
/// <param name="Deadline">In UTC; <see cref="DateTime.MaxValue"/> where there is none, as gRPC has it.</param>
public sealed record EmbeddingCaller(TenantName Tenant, EmbeddingPriority Priority, DateTime Deadline)
{
    /// <summary>Whether another service of the suite asks, where the tenant's call came in: what the tenant used is counted there.</summary>
    public bool IsRelayed { get; init; }

    /// <summary>Somebody waits for the answer.</summary>
    public static EmbeddingCaller Interactive(TenantName tenant, DateTime? deadline = null) =>
        new(tenant, EmbeddingPriority.Interactive, deadline ?? DateTime.MaxValue);

    /// <summary>Work that nobody watches.</summary>
    public static EmbeddingCaller Bulk(TenantName tenant, DateTime? deadline = null) =>
        new(tenant, EmbeddingPriority.Bulk, deadline ?? DateTime.MaxValue);
}

/// <summary>Within a tenant the interactive goes before the bulk; between tenants it makes no difference, or everybody would be in a hurry.</summary>
public enum EmbeddingPriority
{
    Interactive,
    Bulk,
}
