using TaskRes.Platform.Resources;
using TaskRes.Platform.Usage;

namespace TaskRes.Platform.Quotas;

/// <summary>Lets one tenant's requests into this process: each takes a token, and a slot for as long as it is under way.</summary>
internal sealed class RequestGate(TenantName tenant, QuotaBook book, SharedBucket bucket, UsageLedger usage, TimeProvider time)
{
    private static readonly TimeSpan SlotRetry = TimeSpan.FromMilliseconds(100);

    private int _running;

    /// <summary>A slot and a token.</summary>
    /// <returns>The slot, to be disposed of.</returns>
    /// <exception cref="Core.TaskResException">QuotaExceeded.</exception>
    public async ValueTask<IDisposable> AdmitAsync(CancellationToken cancellationToken)
    {
        var slot = await EnterAsync(cancellationToken);
        try
        {
            var rate = RequestRate.Of(await book.OfAsync(tenant, cancellationToken));
            var wait = await bucket.TryTakeAsync(rate, cancellationToken);
            if (wait > TimeSpan.Zero)
                throw QuotaErrors.Exceeded(tenant, "requests_per_second", rate.PerSecond, "requests per second", "wait as RetryInfo says, and retry.", wait);
            usage.Add(tenant, UsageCount.Requests);
            return slot;
        }
        catch
        {
            slot.Dispose();
            throw;
        }
    }

    /// <summary>A slot alone, for a stream.</summary>
    /// <exception cref="Core.TaskResException">QuotaExceeded.</exception>
    public async ValueTask<IDisposable> EnterAsync(CancellationToken cancellationToken)
    {
        var limit = (await book.OfAsync(tenant, cancellationToken)).ConcurrentRequests;
        if (Interlocked.Increment(ref _running) <= limit) return new Slot(this);
        Interlocked.Decrement(ref _running);
        throw QuotaErrors.Exceeded(tenant, "concurrent_requests", limit, "calls at a time", "wait until some have ended, and retry.", SlotRetry);
    }

    /// <summary>A token alone, waited for: the reader of a stream waits, and the stream's flow control makes its writer wait.</summary>
    public async ValueTask PaceAsync(CancellationToken cancellationToken)
    {
        while (await bucket.TryTakeAsync(RequestRate.Of(await book.OfAsync(tenant, cancellationToken)), cancellationToken) is var wait && wait > TimeSpan.Zero)
            await Task.Delay(wait, time, cancellationToken);
        usage.Add(tenant, UsageCount.Requests);
    }

    private sealed class Slot(RequestGate gate) : IDisposable
    {
        private RequestGate? _gate = gate;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _gate, null) is { } held) Interlocked.Decrement(ref held._running);
        }
    }
}
