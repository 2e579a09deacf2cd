using System.Runtime.CompilerServices;
using TaskRes.V1;

namespace TaskRes.Client.Calls;

/// <summary>A watch of a job that outlives its connection.</summary>
internal sealed class JobWatch(RpcCaller rpc, TrainerService.TrainerServiceClient trainer, string job)
{
    private TimeSpan? _retryAfter;

    public async IAsyncEnumerable<Job> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Job? last = null;
        var attempts = 0;
        while (!IsFinal(last))
        {
            using var call = trainer.WatchJob(new WatchJobRequest { Name = job }, rpc.Stream(cancellationToken));
            var updates = rpc.ReadAsync(call.ResponseStream, cancellationToken).GetAsyncEnumerator(cancellationToken);
            await using var disposal = updates.ConfigureAwait(false);
            while (await MoveNextAsync(updates, ++attempts).ConfigureAwait(false))
            {
                attempts = 0;
                // A watch taken up again begins with what the broken one may have said.
                if (updates.Current.Job.Equals(last)) continue;
                last = updates.Current.Job;
                yield return last;
            }

            if (!IsFinal(last)) await Reconnection.WaitAsync(attempts, _retryAfter, rpc.Options.TimeProvider, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>False where the stream ended, or broke and may be taken up again.</summary>
    private async ValueTask<bool> MoveNextAsync(IAsyncEnumerator<WatchJobResponse> updates, int attempts)
    {
        try
        {
            return await updates.MoveNextAsync().ConfigureAwait(false);
        }
        catch (TaskResClientException error) when (Reconnection.IsWorthwhile(error, attempts, rpc.Options))
        {
            _retryAfter = error.RetryAfter;
            return false;
        }
    }

    private static bool IsFinal(Job? job) => job?.State is JobState.Succeeded or JobState.Failed or JobState.Cancelled;
}
