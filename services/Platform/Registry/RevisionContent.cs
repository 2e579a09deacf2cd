using System.Security.Cryptography;
using StackExchange.Redis;
using TaskRes.Platform.Redis;
using TaskRes.Platform.Resources;

namespace TaskRes.Platform.Registry;

/// <summary>
/// A revision's bytes in parts, since an embedded server takes no value larger than a page of its log. Parts are written and
/// read a few at a time, so that the command timeout bounds little.
/// </summary>
internal sealed class RevisionContent(RegistryRedis redis)
{
    private const int PartLength = 1 << 20;
    private const int PartsAtOnce = 4;

    public async Task WriteAsync(RevisionName name, byte[] content, CancellationToken cancellationToken)
    {
        foreach (var parts in Parts(name, content.Length))
            await redis.RunAsync("write revision", database => Task.WhenAll(parts.Select(part =>
                database.StringSetAsync(part.Key, content.AsMemory(part.Offset, part.Length)))), cancellationToken);
    }

    /// <summary>The bytes, checked; null where a part is missing.</summary>
    /// <exception cref="Core.TaskResException">RevisionCorrupt.</exception>
    public async Task<byte[]?> ReadAsync(RevisionName name, long length, ReadOnlyMemory<byte> sha256, CancellationToken cancellationToken)
    {
        var content = new byte[length];
        foreach (var parts in Parts(name, content.Length))
        {
            var values = await redis.RunAsync("read revision", database => Task.WhenAll(parts.Select(part => database.StringGetAsync(part.Key))), cancellationToken);
            foreach (var (part, value) in parts.Zip(values))
            {
                if (value.IsNull) return null;
                ReadOnlyMemory<byte> bytes = value;
                if (bytes.Length != part.Length) throw StoredValue.Corrupt($"{name}", "a part has another length than was written");
                bytes.CopyTo(content.AsMemory(part.Offset));
            }
        }

        return SHA256.HashData(content).AsSpan().SequenceEqual(sha256.Span)
            ? content
            : throw StoredValue.Corrupt($"{name}", "its content does not match its checksum");
    }

    /// <summary>Deletes the parts, unless an index entry speaks of them.</summary>
    public Task DeleteUnindexedAsync(RevisionName name, int length, CancellationToken cancellationToken) => redis.RunAsync("delete revision", database =>
    {
        var transaction = database.CreateTransaction();
        transaction.AddCondition(Condition.KeyNotExists(RedisKeys.Revision(name)));
        _ = transaction.KeyDeleteAsync(Keys(name, length));
        return transaction.ExecuteAsync();
    }, cancellationToken);

    /// <summary>Holds while all parts are there: they are deleted together.</summary>
    public static Condition IsThere(RevisionName name) => Condition.KeyExists(RedisKeys.RevisionPart(name, 0));

    /// <summary>The keys of all parts.</summary>
    public static RedisKey[] Keys(RevisionName name, int length) => [.. Parts(name, length).SelectMany(parts => parts).Select(part => part.Key)];

    /// <summary>The bytes by their keys.</summary>
    public static IEnumerable<(RedisKey Key, ReadOnlyMemory<byte> Bytes)> Split(RevisionName name, ReadOnlyMemory<byte> content) =>
        Parts(name, content.Length).SelectMany(parts => parts).Select(part => (part.Key, content.Slice(part.Offset, part.Length)));

    private static IEnumerable<Part[]> Parts(RevisionName name, int length) => Enumerable.Range(0, (length + PartLength - 1) / PartLength)
        .Select(part => new Part(RedisKeys.RevisionPart(name, part), part * PartLength, Math.Min(PartLength, length - (part * PartLength))))
        .Chunk(PartsAtOnce);

    private readonly record struct Part(RedisKey Key, int Offset, int Length);
}
