using System.Text.Json.Nodes;
using TaskRes.Client;
using TaskRes.V1;

namespace TaskRes.Conformance.CSharp;

internal static class TenantVerbs
{
    public static Dictionary<string, Func<VerbCall, Task<JsonObject>>> All => new()
    {
        ["createTenant"] = async call =>
        {
            var tenant = await call.Client.Tenants.CreateAsync(call.Text("id"), cancellationToken: call.CancellationToken);
            return new() { ["name"] = tenant.Name, ["state"] = Names.Of(tenant.State) };
        },
        ["deleteTenant"] = async call =>
        {
            await call.Client.Tenants.DeleteAsync(call.Text("tenant"), call.CancellationToken);
            return [];
        },
        ["updateQuotas"] = async call =>
        {
            var tenant = await call.Client.Tenants.UpdateQuotasAsync(call.Text("tenant"), new TenantQuotas { Tasks = call.Number("tasks") }, call.CancellationToken);
            return new() { ["tasks"] = tenant.Quotas.Tasks };
        },
        ["getLimits"] = async call =>
        {
            var limits = (await call.Client.Tenants.GetLimitsAsync(call.Text("tenant"), call.CancellationToken)).Service;
            return new() { ["max_classes"] = limits.MaxClasses, ["max_views"] = limits.MaxViews, ["max_batch_items"] = limits.MaxBatchItems, ["max_image_bytes"] = limits.MaxImageBytes };
        },
        ["getUsage"] = async call => new()
        {
            ["days"] = (await call.Client.Tenants.GetUsageAsync(call.Text("tenant"), new UsageOptions { Days = call.Number("days") }, call.CancellationToken)).Count,
        },
        ["createKey"] = async call =>
        {
            var key = new ApiKey { Permissions = { call.Texts("permissions").Select(name => Enum.Parse<Permission>(name, ignoreCase: true)) } };
            var made = await call.Client.Tenants.CreateKeyAsync(call.Text("tenant"), key, call.CancellationToken);
            return new() { ["name"] = made.ApiKey.Name, ["secret"] = made.Secret, ["permissions"] = new JsonArray([.. made.ApiKey.Permissions.Select(permission => Names.Of(permission))]) };
        },
        ["rotateKey"] = async call =>
        {
            var rotated = await call.Client.Tenants.RotateKeyAsync(call.Text("key"), cancellationToken: call.CancellationToken);
            return new() { ["name"] = rotated.ApiKey.Name, ["secret"] = rotated.Secret };
        },
        ["deleteKey"] = async call =>
        {
            await call.Client.Tenants.DeleteKeyAsync(call.Text("key"), call.CancellationToken);
            return [];
        },
        ["listKeys"] = async call => new() { ["count"] = (await call.Client.Tenants.ListKeysAsync(call.Text("tenant"), call.CancellationToken)).Count },
        ["exportTenant"] = async call =>
        {
            using var file = new MemoryStream();
            await call.Client.Tenants.ExportAsync(call.Text("tenant"), file, cancellationToken: call.CancellationToken);
            call.Files[call.Id] = file.ToArray();
            return new() { ["bytes"] = file.Length };
        },
        ["importTenant"] = async call =>
        {
            using var file = new MemoryStream(call.Files[call.Text("from")]);
            var restored = await call.Client.Tenants.ImportAsync(file, cancellationToken: call.CancellationToken);
            return new() { ["name"] = restored.Tenant.Name, ["tasks"] = restored.Counts.Tasks, ["examples"] = restored.Counts.Examples };
        },
    };
}
