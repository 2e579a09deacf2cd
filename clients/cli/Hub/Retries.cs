using TaskRes.Core;

namespace TaskRes.Cli.Hub;

/// <summary>Tries again what failed for a passing reason, each time later, and no longer than <see cref="HubOptions"/> says.</summary>
internal sealed class Retries(HubOptions options)
{
    /// <summary>So much between two failures is headway: the count of failures starts again.</summary>
    private const long Headway = 1 << 20;

    /// <param name="position">How many bytes there are by now, where the work goes on from what it has.</param>
    /// <exception cref="TaskResException">The last failure, or the first that is not transient.</exception>
    public async Task<T> RunAsync<T>(Func<Task<T>> work, Func<long> position, CancellationToken cancellationToken)
    {
        var (failures, reached) = (0, position());
        while (true)
        {
            try
            {
                return await work();
            }
            catch (TaskResException error) when (HubErrors.IsTransient(error))
            {
                failures = position() - reached >= Headway ? 1 : failures + 1;
                reached = position();
                if (failures >= options.MaxAttempts || error.RetryAfter > options.MaxDelay) throw;
                await Task.Delay(error.RetryAfter ?? Backoff(failures), options.Time, cancellationToken);
            }
        }
    }

    public Task<T> RunAsync<T>(Func<Task<T>> work, CancellationToken cancellationToken) => RunAsync(work, () => 0, cancellationToken);

    /// <summary>Between half and the whole of the doubled wait, so that many clients do not come back at once.</summary>
    private TimeSpan Backoff(int failures)
    {
        var longest = Math.Min(options.FirstDelay.TotalSeconds * Math.Pow(2, failures - 1), options.MaxDelay.TotalSeconds);
        return TimeSpan.FromSeconds(longest * (1 + Random.Shared.NextDouble()) / 2);
    }
}
