using TaskRes.Platform.Resources;

namespace TaskRes.Platform.Usage;

/// <summary>What a tenant used in one process between two flushes.</summary>
/// <param name="Number">Greater than that of the process's entry before it, from 1: what is written twice counts once.</param>
/// <param name="Day">In UTC.</param>
/// <param name="Amounts">By the kinds' order.</param>
internal sealed record UsageEntry(long Number, TenantName Tenant, DateOnly Day, long[] Amounts);
