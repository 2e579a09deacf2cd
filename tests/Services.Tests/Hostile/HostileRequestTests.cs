using Grpc.Core;
using TaskRes.Services.Tests.Platform.Access;
using TaskRes.Tests;
using TaskRes.Trials.Hostile;
using TaskRes.Trials.Isolation;
using TaskRes.V1;
using Task = System.Threading.Tasks.Task;

namespace TaskRes.Services.Tests.Hostile;

/// <summary>Requests damaged by a seed, to every RPC, by a caller who may do everything: each is answered, and never by a fault of the service's own.</summary>
public sealed class HostileRequestTests
{
    private const int RequestsPerRpc = 60;
    private const int Seed = 20_231;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AnyRpc_DamagedRequest_IsAnsweredWithoutAFaultOfTheService()
    {
        await using var suite = await GuardedSuite.StartAsync();
        var (tenant, key) = await suite.TenantAsync("acme");
        var requests = new FilledRequest(tenant, await suite.TaskAsync(tenant, key));
        var statuses = new Dictionary<StatusCode, int>();
        foreach (var method in AnyRpc.All.Where(method => method.Name != "DeleteTenant"))
        {
            var random = new Random(Seed);
            for (var i = 0; i < RequestsPerRpc; i++)
            {
                var (status, _) = await new RawCall(method).RunAsync(suite.Service.Channel, key, [Mutations.Of(requests.To(method), random)], Cancel);
                Assert.False(HostileCalls.FaultsOfTheService.Contains(status.StatusCode), $"{method.FullName}, request {i}: {status}");
                statuses[status.StatusCode] = statuses.GetValueOrDefault(status.StatusCode) + 1;
            }
        }

        // Not all were refused at the door: many a damage leaves a request that means something else.
        Assert.True(statuses.Count >= 4, string.Join(", ", statuses));
        Assert.Equal("OK", (await new AnyRpc(TenantService.Descriptor.FindMethodByName("GetTenant")).CallAsync(suite.Service.Channel, key, tenant, Cancel)).Reason);
    }
}
