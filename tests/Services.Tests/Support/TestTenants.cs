using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using TaskRes.Platform.Access;
using TaskRes.Platform.Embeddings;
using TaskRes.Platform.Resources;
using TaskRes.V1;
using Task = System.Threading.Tasks.Task;

namespace TaskRes.Services.Tests.Support;

/// <summary>The records of tenants, as the test sets them; a change holds at once.</summary>
internal sealed class TestTenants
{
    private readonly ConcurrentDictionary<TenantName, TenantRecord> _records = new();

    public TestTenants() => Scopes = new EmbeddingScopes(new TenantBook(
        (name, _) => Task.FromResult(_records.GetValueOrDefault(name)), Options.Create(new AccessOptions { Freshness = TimeSpan.Zero }), TimeProvider.System));

    public EmbeddingScopes Scopes { get; }

    public TenantName Of(EmbeddingPool pool)
    {
        var name = Samples.Tenant();
        Move(name, pool);
        return name;
    }

    public void Move(TenantName name, EmbeddingPool pool) =>
        _records[name] = new TenantRecord(name, "", TenantState.Active, DateTimeOffset.UnixEpoch) { EmbeddingPool = pool };
}
