using Google.Protobuf.Reflection;
using TaskRes.Platform.Access;
using TaskRes.Trials.Isolation;
using TaskRes.V1;
using Task = System.Threading.Tasks.Task;

namespace TaskRes.Services.Tests.Platform.Access;

public sealed class IsolationTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void MethodTable_EveryRpc_SaysWhoMayCallIt() => Assert.Equal(AnyRpc.All.Count(), MethodTable.All.Count());

    [Fact]
    public async Task EveryRpc_WithoutAGoodKey_IsRefusedAlike()
    {
        await using var suite = await GuardedSuite.StartAsync();
        var (tenant, key) = await suite.TenantAsync("acme");
        await suite.TaskAsync(tenant, key);
        string?[] bad = [null, "", "nonsense", $"{key[..^1]}{(key[^1] == '0' ? '1' : '0')}", $"tr_acme_none_{new string('0', 64)}", $"tr_nobody_none_{new string('0', 64)}"];

        foreach (var rpc in AnyRpc.All.Select(method => (Name: method.FullName, Call: new AnyRpc(method))))
            foreach (var text in bad)
            {
                var refusal = await rpc.Call.CallAsync(suite.Service.Channel, text, rpc.Call.Resource("acme"), Cancel);
                Assert.True(refusal.Reason == "UNAUTHENTICATED", $"{rpc.Name} with \"{text}\": {refusal}");
            }
    }

    [Fact]
    public async Task EveryRpc_OfAnotherTenant_IsRefusedAsWhatDoesNotExist()
    {
        await using var suite = await GuardedSuite.StartAsync();
        var (acme, acmesKey) = await suite.TenantAsync("acme");
        await suite.TaskAsync(acme, acmesKey);
        var (_, key) = await suite.TenantAsync("other");

        foreach (var method in AnyRpc.All.Where(method => new AnyRpc(method).HasResource && Needed(method) != Permission.Operate))
        {
            var rpc = new AnyRpc(method);
            var foreign = await rpc.CallAsync(suite.Service.Channel, key, rpc.Resource("acme"), Cancel);
            var missing = await rpc.CallAsync(suite.Service.Channel, key, rpc.Resource("nobody"), Cancel);
            Assert.True(foreign == missing with { Message = missing.Message.Replace("nobody", "acme", StringComparison.Ordinal) }, $"{method.FullName}: {foreign} and {missing}");
            Assert.EndsWith("_NOT_FOUND", foreign.Reason, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task EveryTaskRpc_OfAnotherTenant_IsRefusedAsAMissingOneOfItsOwn()
    {
        await using var suite = await GuardedSuite.StartAsync();
        var (acme, acmesKey) = await suite.TenantAsync("acme");
        await suite.TaskAsync(acme, acmesKey);
        var (_, key) = await suite.TenantAsync("other");

        foreach (var method in new[] { "GetTask", "DeleteTask", "ListRevisions", "RollbackTask" }.Select(name => TrainerService.Descriptor.FindMethodByName(name)))
        {
            var rpc = new AnyRpc(method);
            var foreign = await rpc.CallAsync(suite.Service.Channel, key, rpc.Resource("acme"), Cancel);
            var own = await rpc.CallAsync(suite.Service.Channel, key, rpc.Resource("other"), Cancel);
            Assert.Equal(own with { Message = own.Message.Replace("tenants/other", "tenants/acme", StringComparison.Ordinal) }, foreign);
        }
    }

    [Fact]
    public async Task EveryRpc_WithoutItsPermission_IsDenied()
    {
        await using var suite = await GuardedSuite.StartAsync();
        await suite.TenantAsync("acme");
        var keys = new Dictionary<Permission, string>();
        foreach (var permission in new[] { Permission.Read, Permission.Classify, Permission.Train, Permission.Admin })
            keys[permission] = (await suite.KeyAsync("acme", permission)).Secret;

        foreach (var method in AnyRpc.All)
            foreach (var (permission, key) in keys.Where(key => key.Key != Needed(method)))
            {
                var rpc = new AnyRpc(method);
                var refusal = await rpc.CallAsync(suite.Service.Channel, key, rpc.Resource("acme"), Cancel);
                Assert.True(refusal.Reason == "PERMISSION_DENIED", $"{method.FullName} with {permission}: {refusal}");
            }
    }

    [Fact]
    public async Task KeyOfATask_OnAnotherTask_IsDenied()
    {
        await using var suite = await GuardedSuite.StartAsync();
        var (tenant, key) = await suite.TenantAsync("acme");
        var (mine, others) = (await suite.TaskAsync(tenant, key, "mine"), await suite.TaskAsync(tenant, key, "others"));
        var narrow = (await suite.KeyAsync("acme", new ApiKey { Permissions = { Permission.Read }, Tasks = { mine } })).Secret;

        Assert.Equal(mine, (await suite.Trainer.GetTaskAsync(new GetTaskRequest { Name = mine }, GuardedSuite.As(narrow))).Task.Name);
        var get = new AnyRpc(TrainerService.Descriptor.FindMethodByName("GetTask"));
        Assert.Equal("PERMISSION_DENIED", (await get.CallAsync(suite.Service.Channel, narrow, others, Cancel)).Reason);
        var list = new AnyRpc(TrainerService.Descriptor.FindMethodByName("ListTasks"));
        Assert.Equal("PERMISSION_DENIED", (await list.CallAsync(suite.Service.Channel, narrow, tenant, Cancel)).Reason);
    }

    [Fact]
    public async Task ServiceKey_EncodesForAnyTenant_AndChangesNothing()
    {
        await using var suite = await GuardedSuite.StartAsync();
        foreach (var method in AnyRpc.All)
        {
            var rpc = new AnyRpc(method);
            var refusal = await rpc.CallAsync(suite.Service.Channel, GuardedSuite.ServiceKey, rpc.Resource("acme"), Cancel);
            Assert.Equal(Needed(method) is not (Permission.Read or Permission.Classify), refusal.Reason == "PERMISSION_DENIED");
        }
    }

    private static Permission Needed(MethodDescriptor method) => method.GetOptions().GetExtension(AccessExtensions.Access).Permission;
}
