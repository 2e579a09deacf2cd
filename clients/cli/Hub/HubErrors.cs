using System.Net;
using TaskRes.Core;

namespace TaskRes.Cli.Hub;

/// <summary>The refusals of fetching, each naming the model or the address.</summary>
internal static class HubErrors
{
    /// <summary>Whether the same request may succeed a little later.</summary>
    public static bool IsTransient(TaskResException error) => error.Reason is ErrorReason.RegistryUnavailable or ErrorReason.QueueFull;

    public static TaskResException Unreachable(Uri address, string why, Exception? inner = null, TimeSpan? retryAfter = null) =>
        Make(ErrorReason.RegistryUnavailable, address, $"{why}; what has arrived is kept, and the same command goes on from there", inner, retryAfter);

    public static TaskResException Corrupt(Uri address, string why, Exception? inner = null) => Make(ErrorReason.CheckpointCorrupt, address, why, inner);

    public static TaskResException Redirected(Uri address, string why) => Make(ErrorReason.CheckpointNotFound, address, why);

    /// <summary>What an answer that is no success means.</summary>
    /// <param name="isAuthorized">Whether the request carried the token.</param>
    /// <param name="retryAfter">What the answer asks for.</param>
    public static TaskResException Refused(Uri address, HttpStatusCode status, bool isAuthorized, TimeSpan? retryAfter) => status switch
    {
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden when isAuthorized => Make(
            ErrorReason.CheckpointNotFound, address,
            $"the server answers {(int)status}: the token may not read this; accept the model's terms on its page, or give HF_TOKEN another token"),
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => Make(
            ErrorReason.CheckpointNotFound, address,
            $"the server answers {(int)status}: there is no such model, or it is private or gated; check the name, or set HF_TOKEN to a token that may read it"),
        HttpStatusCode.NotFound or HttpStatusCode.Gone => Make(
            ErrorReason.CheckpointNotFound, address, $"the server answers {(int)status}: there is no such model, revision or file; check the name, --revision and --endpoint"),
        HttpStatusCode.TooManyRequests => Make(
            ErrorReason.QueueFull, address, "the server answers 429: too many requests; wait, or set HF_TOKEN, which raises the limit", null, retryAfter),
        HttpStatusCode.RequestTimeout or >= HttpStatusCode.InternalServerError => Unreachable(address, $"the server answers {(int)status}", null, retryAfter),
        _ => Make(ErrorReason.CheckpointNotFound, address, $"the server answers {(int)status}, which is not expected; check --endpoint"),
    };

    // Without the query: a CDN's holds a signature.
    private static TaskResException Make(ErrorReason reason, Uri address, string why, Exception? inner = null, TimeSpan? retryAfter = null) =>
        new(reason, $"{address.GetLeftPart(UriPartial.Path)}: {why}.", inner)
        {
            Metadata = new Dictionary<string, string> { ["address"] = address.GetLeftPart(UriPartial.Path), ["fault"] = why },
            RetryAfter = retryAfter,
        };
}
