using System.Net;
using StackExchange.Redis;
using TaskRes.Trials.Processes;

namespace TaskRes.Trials.Cluster;

/// <summary>Which of the cluster's processes serves which tenant, as the cluster itself says.</summary>
internal sealed class ClusterView(IConnectionMultiplexer redis, RedisServers cluster)
{
    /// <summary>The process whose slots hold a tenant's keys; null while none does.</summary>
    public async Task<RestartableProcess?> MasterOfAsync(string tenant)
    {
        foreach (var node in await NodesAsync())
            if (!node.IsReplica && node.Slots.Any(range => range.From <= SlotOf(tenant) && SlotOf(tenant) <= range.To) && node.EndPoint is IPEndPoint { Port: var port })
                return cluster.All.Single(server => server.Port == port);
        return null;
    }

    /// <summary>Whether the process is a replica that has all that its master has.</summary>
    public async Task<bool> FollowsAsync(RestartableProcess process)
    {
        try
        {
            var replication = (await redis.GetServer(IPAddress.Loopback, process.Port).InfoAsync("replication")).SelectMany(section => section).ToDictionary();
            return replication["role"] == "slave" && replication["master_link_status"] == "up";
        }
        catch (RedisException)
        {
            // It has only just started.
            return false;
        }
    }

    // As a process says that is there and belongs to the cluster's greater part.
    private async Task<IEnumerable<ClusterNode>> NodesAsync()
    {
        foreach (var process in cluster.All)
        {
            try
            {
                if (await redis.GetServer(IPAddress.Loopback, process.Port).ClusterNodesAsync() is { } configuration) return configuration.Nodes;
            }
            catch (RedisException)
            {
                // That one is away.
            }
        }

        return [];
    }

    private int SlotOf(string tenant) => redis.HashSlot($"taskres:{{{tenant}}}:tenant");
}
