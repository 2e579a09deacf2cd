using TaskRes.Core;
using TaskRes.Platform.Access;
using TaskRes.Platform.Registry;
using TaskRes.Platform.Resources;
using TaskRes.Services.Tests.Support;
using TaskRes.Trainer.Backup.Format;
using TaskRes.V1;
using ErrorReason = TaskRes.Core.ErrorReason;
using Task = System.Threading.Tasks.Task;

namespace TaskRes.Services.Tests.Trainer.Backup;

/// <summary>What holds of backups on every server: the tests run once on redis-server and once on the embedded one.</summary>
public abstract partial class BackupContract(string connectionString, bool durable) : IAsyncLifetime
{
    private readonly BackupUnderTest host = BackupUnderTest.On(connectionString, durable);
    private readonly TenantName tenant = new($"t{Guid.NewGuid():N}");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await host.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Theory]
    [InlineData(TenantState.Active)]
    [InlineData(TenantState.Suspended)]
    public async Task Import_OfADeletedTenant_BringsBackEveryKeyAsItWas(TenantState state)
    {
        await host.FillAsync(tenant, state);
        var before = await host.DumpAsync(tenant);
        var file = await host.ExportAsync(tenant);
        await host.Tenants.DeleteAsync(tenant, Cancel);
        Assert.Empty(await host.DumpAsync(tenant));

        var restored = await host.ImportAsync(file);
        Assert.Equal(before, await host.DumpAsync(tenant));
        Assert.Equal(new Counts { Tasks = 3, Examples = 151, Revisions = 4, ApiKeys = 2, AuditRecords = 3 }, restored.Counts);
        Assert.Equal((tenant, state, 0), (restored.Tenant.Name, restored.Tenant.State, restored.KeysLeftOut));
        Assert.Equal(["f00d"], restored.EncoderFingerprints);
        Assert.Contains(await host.Tenants.ListAsync(new PageRequest(500, null), Cancel) is var page ? page.Items : [], item => item.Name == tenant);
    }

    [Fact]
    public async Task Import_WhatItBringsBack_Works()
    {
        var secrets = await host.FillAsync(tenant);
        var file = await host.ExportAsync(tenant);
        await host.Tenants.DeleteAsync(tenant, Cancel);
        await host.ImportAsync(file);

        var (registry, birds) = (host.Registry, tenant.Task("birds"));
        foreach (var secret in secrets) Assert.Equal(tenant, (await host.Get<Authenticator>().AuthenticateAsync($"Bearer {secret}", Cancel)).Tenant);
        foreach (var seed in new[] { 1, 2, 1 }) Assert.Equal(Samples.Revision(seed).Id, (await registry.RollbackAsync(birds, null, null, Cancel)).Revision);
        Assert.Equal(Samples.Revision(3, dimension: 100_000).Id, (await registry.ReadRevisionAsync(birds.Revision(Samples.Revision(3, dimension: 100_000).Id), Cancel)).Id);
        Assert.Equal([50, 50, 50], await registry.CountExamplesAsync(birds, Cancel));
        await registry.PutExamplesAsync(birds, [Samples.Example(1000, 2, views: 2)], Cancel);
        await host.Get<AuditLog>().WriteAsync(tenant, "operator", "m", "r", "OK");
        Assert.Equal([4, 3, 2, 1], (await host.Get<AuditLog>().ListAsync(tenant, new PageRequest(10, null), Cancel)).Items.Select(record => record.Sequence));
    }

    [Fact]
    public async Task Import_AsAnother_IsASecondTenantWithoutKeys()
    {
        await host.FillAsync(tenant);
        var (before, other) = (await host.DumpAsync(tenant), new TenantName($"{tenant.Tenant[..20]}-b"));

        var restored = await host.ImportAsync(await host.ExportAsync(tenant), other);
        Assert.Equal((other, 0, 2), (restored.Tenant.Name, restored.Counts.ApiKeys, restored.KeysLeftOut));
        Assert.Equal(before, await host.DumpAsync(tenant));
        // Values hold the names of what they are of: the keys are the same, but for those that authenticate.
        Assert.Equal(before.Keys.Where(key => !key.Contains(":key", StringComparison.Ordinal)), (await host.DumpAsync(other)).Keys);
        Assert.Equal(150, (await host.Registry.ReadExamplesAsync(other.Task("birds"), Cancel)).Count);
        Assert.Equal(Samples.Revision(1).Id, (await host.Registry.RollbackAsync(other.Task("birds"), null, null, Cancel)).Revision);
        Assert.Equal("Jane's birds", (await host.Tenants.FindAsync(other, Cancel))!.DisplayName);
    }

    [Fact]
    public async Task Import_OfATenantThatIsThere_IsRefusedAndChangesNothing()
    {
        await host.FillAsync(tenant);
        var before = await host.DumpAsync(tenant);
        await RefusedAsync(ErrorReason.TenantAlreadyExists, await host.ExportAsync(tenant));
        Assert.Equal(before, await host.DumpAsync(tenant));
    }

    [Fact]
    public async Task Export_TaskDeletedMeanwhile_IsLeftOut()
    {
        await host.FillAsync(tenant);
        // The large revision fills the first piece.
        var file = await host.ExportAsync(tenant, async length =>
        {
            if (length > 1 << 20) return;
            await host.Registry.DeleteTaskAsync(tenant.Task("birds"), null, Cancel);
            await host.Registry.DeleteTaskAsync(tenant.Task("fish"), null, Cancel);
        });
        var after = await host.DumpAsync(tenant);
        await host.Tenants.DeleteAsync(tenant, Cancel);

        Assert.Equal(1, (await host.ImportAsync(file)).Counts.Tasks);
        Assert.Equal(after, await host.DumpAsync(tenant));
    }

    [Fact]
    public async Task Export_WritesMeanwhile_AreWholeOrNotThere()
    {
        await host.FillAsync(tenant);
        var (birds, round) = (tenant.Task("birds"), 100);
        var file = await host.ExportAsync(tenant, async _ =>
        {
            var next = await host.Registry.PublishAsync(birds, Samples.Revision(++round), Cancel);
            await host.Registry.PromoteAsync(next.Name, null, Cancel);
            await host.Registry.PutExamplesAsync(birds, [Samples.Example(round)], Cancel);
        });
        await host.Tenants.DeleteAsync(tenant, Cancel);

        Assert.Equal(151, (await host.ImportAsync(file)).Counts.Examples);
        Assert.Equal(Samples.Revision(4).Id, (await host.Registry.GetServingAsync(birds, Cancel)).Live?.Revision);
    }

    [Fact]
    public async Task Export_OfNobodyOrOfHalfATenant_IsRefused()
    {
        Assert.Equal(ErrorReason.TenantNotFound, (await Assert.ThrowsAsync<TaskResException>(() => host.ExportAsync(tenant))).Reason);
        await host.FillAsync(tenant);
        await host.Tenants.SetStateAsync(tenant, TenantState.Deleting, Cancel);
        Assert.Equal(ErrorReason.Conflict, (await Assert.ThrowsAsync<TaskResException>(() => host.ExportAsync(tenant))).Reason);
    }

    private async Task<TaskResException> RefusedAsync(ErrorReason reason, byte[] file)
    {
        var error = await Assert.ThrowsAsync<TaskResException>(() => host.ImportAsync(file));
        Assert.Equal(reason, error.Reason);
        return error;
    }
}
