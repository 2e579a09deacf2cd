namespace TaskRes.Platform.Resources;

/// <summary>An API key of a tenant, written <c>tenants/{tenant}/apiKeys/{key}</c>.</summary>
public readonly record struct ApiKeyName(TenantName Tenant, string Key)
{
    /// <exception cref="Core.TaskResException">InvalidField, naming <paramref name="field"/>.</exception>
    public static ApiKeyName Parse(string name, string field)
    {
        var parts = ResourceSegments.Parse(name, field, "tenants", "apiKeys");
        return new ApiKeyName(new TenantName(parts[0]), parts[1]);
    }

    public override string ToString() => $"{Tenant}/apiKeys/{Key}";
}
