namespace TaskRes.Client;

/// <summary>How a tenant is written to a file.</summary>
public sealed record ExportTenantOptions
{
    /// <summary>Told how many bytes were written, after each piece.</summary>
    public IProgress<long>? Written { get; init; }
}

/// <summary>How a tenant is restored from a file.</summary>
public sealed record ImportTenantOptions
{
    /// <summary>What to restore as, <c>tenants/{tenant}</c>; null for the name in the file. Under another name the keys are left out.</summary>
    public string? Tenant { get; init; }

    /// <summary>Told how many bytes were sent, after each piece.</summary>
    public IProgress<long>? Sent { get; init; }
}

/// <summary>How a key is given a new secret.</summary>
public sealed record RotateKeyOptions
{
    /// <summary>How long the old secret goes on beside the new one.</summary>
    public TimeSpan Overlap { get; init; }
}

/// <summary>Which days of a tenant's usage to read.</summary>
public sealed record UsageOptions
{
    /// <summary>The last so many, today included: 1 to 35.</summary>
    public int Days { get; init; } = 7;
}
