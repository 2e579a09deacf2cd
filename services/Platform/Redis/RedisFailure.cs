using StackExchange.Redis;
using TaskRes.Core;

namespace TaskRes.Platform.Redis;

/// <summary>What an exception of the driver's means.</summary>
internal static class RedisFailure
{
    /// <summary>Whether there was no answer, or none in time; an answer that refuses is one.</summary>
    public static bool IsAbsence(Exception exception) => exception is RedisConnectionException or TimeoutException or ObjectDisposedException;

    /// <summary>What the registry refused, as an error that says what to do about it: nothing of the refused write was stored.</summary>
    public static TaskResException ToRegistryError(Exception exception)
    {
        var code = exception is RedisServerException ? exception.Message.Split(' ', 2)[0] : "";
        var message = code switch
        {
            "OOM" => "The registry's memory is full and it takes no writes: raise its maxmemory, or delete tasks that are no longer needed.",
            "MISCONF" => "The registry cannot write to its disk and takes no writes: make room on it.",
            // Why each part of the transaction was refused is not told.
            "EXECABORT" => "The registry takes no writes: see whether its memory (maxmemory) or its disk is full.",
            "READONLY" => "The registry's Redis is a replica and takes no writes: name its primary in Redis:Registry.",
            "LOADING" => "The registry still loads its data: retry later.",
            _ => "The registry does not answer: retry later.",
        };
        return new TaskResException(ErrorReason.RegistryUnavailable, message, exception) { RetryAfter = TimeSpan.FromSeconds(1) };
    }
}
