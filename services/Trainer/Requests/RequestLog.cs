using System.Security.Cryptography;
using Google.Protobuf;
using Microsoft.Extensions.Options;
using StackExchange.Redis;
using TaskRes.Core;
using TaskRes.Platform.Redis;
using TaskRes.Platform.Registry;
using TaskRes.Platform.Resources;
using TaskRes.Trainer.Jobs;

namespace TaskRes.Trainer.Requests;

/// <summary>Answers a repeated request_id with the first answer (AIP-155), so that a caller may retry what it does not know the end of.</summary>
internal sealed class RequestLog(RegistryRedis redis, Patience patience, IOptions<TrainerOptions> options)
{
    // A call that was broken off without an answer blocks its id no longer than this.
    private static readonly TimeSpan UnderWay = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan UnderWayRetry = TimeSpan.FromSeconds(1);

    /// <summary>The id of a request; null where it has none.</summary>
    /// <exception cref="TaskResException">InvalidField.</exception>
    public static Guid? ParseId(string requestId)
    {
        if (requestId is "") return null;
        return Guid.TryParseExact(requestId, "D", out var id) ? id : throw TaskResException.Invalid("request_id", "it is not a UUID of the form 123e4567-e89b-12d3-a456-426614174000.");
    }

    /// <param name="rpc">An id of one RPC means nothing to another.</param>
    /// <param name="id">Null makes the call without more ado.</param>
    /// <param name="call">What gives the first answer. Where it fails there is none, and the next call is the first.</param>
    /// <exception cref="TaskResException">InvalidField where the id came with another request; Conflict while the first call is under way.</exception>
    public async Task<T> RunAsync<T>(
        TenantName tenant, string rpc, Guid? id, IMessage request, MessageParser<T> parser, Func<Task<T>> call, CancellationToken cancellationToken)
        where T : IMessage<T>
    {
        if (id is null) return await call();
        var key = RedisKeys.Request(tenant, rpc, id.Value);
        var digest = SHA256.HashData(request.ToByteArray());
        var claim = new Stored.Request { Sha256 = ByteString.CopyFrom(digest) };
        var claimed = await redis.RunAsync("claim request", database =>
            database.StringSetAsync(key, StoredValue.Seal(claim), UnderWay, When.NotExists), cancellationToken);
        return claimed ? await AnswerAsync(key, claim, call) : Replay(await ReadAsync(key, cancellationToken), digest, parser, id.Value);
    }

    private async Task<T> AnswerAsync<T>(RedisKey key, Stored.Request claim, Func<Task<T>> call)
        where T : IMessage<T>
    {
        try
        {
            var response = await call();
            claim.Response = response.ToByteString();
            await patience.RunAsync(_ => redis.RunAsync("answer request", database =>
                database.StringSetAsync(key, StoredValue.Seal(claim), options.Value.RequestRetention), CancellationToken.None), CancellationToken.None);
            return response;
        }
        catch (Exception) when (claim.Response.IsEmpty)
        {
            await ReleaseAsync(key);
            throw;
        }
    }

    private async Task ReleaseAsync(RedisKey key)
    {
        try
        {
            await redis.RunAsync("release request", database => database.KeyDeleteAsync(key), CancellationToken.None);
        }
        catch (TaskResException)
        {
            // The registry is away; the claim expires by itself. The error that led here tells more.
        }
    }

    private async Task<Stored.Request> ReadAsync(RedisKey key, CancellationToken cancellationToken)
    {
        var value = await redis.RunAsync("read request", database => database.StringGetAsync(key), cancellationToken);
        return value.IsNull ? throw StillUnderWay() : StoredValue.Open(value, Stored.Request.Parser, "a request_id");
    }

    private static T Replay<T>(Stored.Request stored, byte[] digest, MessageParser<T> parser, Guid id)
        where T : IMessage<T>
    {
        if (!stored.Sha256.Span.SequenceEqual(digest)) throw TaskResException.Invalid("request_id", $"{id} came with another request before; give each request its own.");
        return stored.HasResponse ? parser.ParseFrom(stored.Response) : throw StillUnderWay();
    }

    private static TaskResException StillUnderWay() =>
        new(ErrorReason.Conflict, "The first call with this request_id is under way: retry later.") { Field = "request_id", RetryAfter = UnderWayRetry };
}
