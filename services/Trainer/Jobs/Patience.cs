using Microsoft.Extensions.Options;
using TaskRes.Core;

namespace TaskRes.Trainer.Jobs;

/// <summary>Makes a call again, for a bounded time, while a store or the encoder does not answer or is full.</summary>
internal sealed class Patience(IOptions<TrainerOptions> options, TimeProvider time)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    /// <param name="call">May be made more than once.</param>
    /// <exception cref="TaskResException">What the last call threw.</exception>
    public async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        for (var pause = FirstPause; ; pause = Min(pause * 2, LongestPause))
        {
            try
            {
                return await call(cancellationToken);
            }
            catch (TaskResException exception) when (IsPassing(exception.Reason) && time.GetElapsedTime(start) + pause < options.Value.Patience)
            {
                await Task.Delay(pause, time, cancellationToken);
            }
        }
    }

    private static bool IsPassing(ErrorReason reason) => reason is ErrorReason.RegistryUnavailable or ErrorReason.EncoderUnavailable or ErrorReason.QueueFull;

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
