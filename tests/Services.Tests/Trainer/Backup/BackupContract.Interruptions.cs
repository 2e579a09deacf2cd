using TaskRes.Core;
using TaskRes.V1;
using ErrorReason = TaskRes.Core.ErrorReason;
using Task = System.Threading.Tasks.Task;

namespace TaskRes.Services.Tests.Trainer.Backup;

/// <summary>Imports that do not end: nothing stays behind.</summary>
public abstract partial class BackupContract
{
    [Fact]
    public async Task Import_Cancelled_LeavesNothing()
    {
        await host.FillAsync(tenant);
        var file = await host.ExportAsync(tenant);
        await host.Tenants.DeleteAsync(tenant, Cancel);
        using var cancel = new CancellationTokenSource();
        var restoring = TenantState.Unspecified;
        var chunks = BackupUnderTest.Chunks(file, async start =>
        {
            if (start < file.Length / 2 || restoring == TenantState.Restoring) return;
            restoring = (await host.Tenants.FindAsync(tenant, Cancel))!.State;
            await cancel.CancelAsync();
        }, CancellationToken.None);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => host.Import.ImportAsync(null, chunks, cancel.Token));
        Assert.Equal(TenantState.Restoring, restoring);
        Assert.Empty(await host.DumpAsync(tenant));
        await host.ImportAsync(file);
    }

    [Fact]
    public async Task Import_DeletedWhileItRuns_IsAConflictAndWritesNoMore()
    {
        await host.FillAsync(tenant);
        var file = await host.ExportAsync(tenant);
        await host.Tenants.DeleteAsync(tenant, Cancel);
        var deleted = false;
        var chunks = BackupUnderTest.Chunks(file, async start =>
        {
            if (deleted || start < file.Length / 2) return;
            deleted = true;
            Assert.Equal(ErrorReason.Conflict, (await Assert.ThrowsAsync<TaskResException>(() => host.Tenants.SetStateAsync(tenant, TenantState.Active, Cancel))).Reason);
            await host.Tenants.DeleteAsync(tenant, Cancel);
        }, Cancel);

        Assert.Equal(ErrorReason.Conflict, (await Assert.ThrowsAsync<TaskResException>(() => host.Import.ImportAsync(null, chunks, Cancel))).Reason);
        Assert.Empty(await host.DumpAsync(tenant));
    }

    [Fact]
    public async Task Import_BrokenOffByACrash_IsCleanedUpByDeletion()
    {
        await host.FillAsync(tenant);
        var file = await host.ExportAsync(tenant);
        await host.Tenants.DeleteAsync(tenant, Cancel);
        var stuck = new TaskCompletionSource();
        var reached = new TaskCompletionSource();
        // As good as a crash: it never goes on.
        var import = host.Import.ImportAsync(null, BackupUnderTest.Chunks(file, start =>
        {
            if (start < file.Length / 2) return Task.CompletedTask;
            reached.TrySetResult();
            return stuck.Task;
        }, Cancel), Cancel);
        await reached.Task.WaitAsync(Cancel);

        Assert.NotEmpty(await host.DumpAsync(tenant));
        await RefusedAsync(ErrorReason.TenantAlreadyExists, file);
        await host.Tenants.DeleteAsync(tenant, Cancel);
        Assert.Empty(await host.DumpAsync(tenant));
        await host.ImportAsync(file);
        var whole = await host.DumpAsync(tenant);
        // It wakes up, and touches nothing of the tenant that was made meanwhile.
        stuck.SetResult();
        await Assert.ThrowsAsync<TaskResException>(() => import);
        Assert.Equal(whole, await host.DumpAsync(tenant));
    }
}
