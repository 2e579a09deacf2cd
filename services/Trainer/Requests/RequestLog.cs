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

/// <summary>
/// Answers a repeated request_id with the first answer (AIP-155), so that a caller may retry what it does not know the end of.
/// A repetition that comes while the first call is under way waits for its end, and takes its place where its process has died.
/// </summary>
internal sealed class RequestLog(RegistryRedis redis, Patience patience, IOptions<TrainerOptions> options, TimeProvider time)
{
    // A call under way renews its claim; one whose process has died blocks its id no longer than this.
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);
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
    /// <exception cref="TaskResException">InvalidField where the id came with another request; Conflict where the first call is under way for long.</exception>
    public async Task<T> RunAsync<T>(
        TenantName tenant, string rpc, Guid? id, IMessage request, MessageParser<T> parser, Func<Task<T>> call, CancellationToken cancellationToken)
        where T : IMessage<T>
    {
        if (id is null) return await call();
        var key = RedisKeys.Request(tenant, rpc, id.Value);
        var digest = SHA256.HashData(request.ToByteArray());
        var claim = new Stored.Request { Sha256 = ByteString.CopyFrom(digest) };
        for (var start = time.GetTimestamp(); ; await Task.Delay(Poll, time, cancellationToken))
        {
            if (await redis.RunAsync("claim request", database => database.StringSetAsync(key, StoredValue.Seal(claim), Lease, When.NotExists), cancellationToken))
                return await AnswerAsync(key, claim, call);
            var value = await redis.RunAsync("read request", database => database.StringGetAsync(key), cancellationToken);
            // Let go between the two.
            if (value.IsNull) continue;
            var first = StoredValue.Open(value, Stored.Request.Parser, "a request_id");
            if (!first.Sha256.Span.SequenceEqual(digest)) throw TaskResException.Invalid("request_id", $"{id} came with another request before; give each request its own.");
            if (first.HasResponse) return parser.ParseFrom(first.Response);
            if (time.GetElapsedTime(start) > LongestWait) throw StillUnderWay();
        }
    }

    private async Task<T> AnswerAsync<T>(RedisKey key, Stored.Request claim, Func<Task<T>> call)
        where T : IMessage<T>
    {
        try
        {
            var response = await HoldAsync(key, call);
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

    private async Task<T> HoldAsync<T>(RedisKey key, Func<Task<T>> call)
    {
        using var done = new CancellationTokenSource();
        var renewing = RenewAsync(key, done.Token);
        try
        {
            return await call();
        }
        finally
        {
            // Before the answer is stored, which stays for longer than a lease.
            await done.CancelAsync();
            await renewing;
        }
    }

    private async Task RenewAsync(RedisKey key, CancellationToken done)
    {
        while (true)
        {
            await Task.Delay(Heartbeat, time, done).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (done.IsCancellationRequested) return;
            try
            {
                await redis.RunAsync("renew request", database => database.KeyExpireAsync(key, Lease), CancellationToken.None);
            }
            catch (TaskResException)
            {
                // The registry is away: the call needs it too, and tells.
            }
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

    private static TaskResException StillUnderWay() =>
        new(ErrorReason.Conflict, "The first call with this request_id is under way: retry later.") { Field = "request_id", RetryAfter = UnderWayRetry };
}
