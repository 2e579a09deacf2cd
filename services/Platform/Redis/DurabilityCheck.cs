using StackExchange.Redis;
using TaskRes.Core;

namespace TaskRes.Platform.Redis;

/// <summary>Whether the registry's servers keep what they acknowledge.</summary>
internal static class DurabilityCheck
{
    private static readonly (string Setting, string Value)[] Required = [("appendonly", "yes"), ("maxmemory-policy", "noeviction")];

    /// <exception cref="TaskResException">RegistryUnavailable, naming the setting to set.</exception>
    public static async Task RequireAsync(IConnectionMultiplexer multiplexer)
    {
        foreach (var server in multiplexer.GetServers().Where(server => server is { IsConnected: true, IsReplica: false }))
            foreach (var (setting, value) in Required)
                if (await ReadAsync(server, setting) is var actual && actual != value)
                    throw Refused(setting, value, actual);
    }

    private static async Task<string?> ReadAsync(IServer server, string setting)
    {
        try
        {
            var reply = await server.ExecuteAsync("CONFIG", "GET", setting);
            return reply.ToDictionary().GetValueOrDefault(setting)?.ToString();
        }
        catch (RedisServerException)
        {
            // A server without CONFIG, or a user who may not call it: the setting is not known.
            return null;
        }
    }

    private static TaskResException Refused(string setting, string value, string? actual) => new(
        ErrorReason.RegistryUnavailable,
        actual is null
            ? $"The registry's Redis does not tell its setting {setting}, so what it acknowledges may be lost: allow CONFIG GET, or, having made it durable otherwise, set {RedisOptions.Section}:{nameof(RedisOptions.RequireDurableRegistry)} to false."
            : $"The registry's Redis has {setting} {actual}, so what it acknowledges may be lost: set {setting} {value}.")
    {
        Metadata = new Dictionary<string, string> { ["setting"] = setting, ["expected"] = value, ["actual"] = actual ?? "" },
    };
}
