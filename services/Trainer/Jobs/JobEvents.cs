using Microsoft.Extensions.Options;
using StackExchange.Redis;
using TaskRes.Core;
using TaskRes.Platform.Redis;
using TaskRes.Platform.Resources;

namespace TaskRes.Trainer.Jobs;

/// <summary>
/// One subscription for all who wait for jobs in this process. Events are hints that may be missed: who waits also looks
/// by itself now and then.
/// </summary>
internal sealed class JobEvents(RegistryRedis redis, IOptions<TrainerOptions> options, TimeProvider time) : BackgroundService
{
    /// <summary>The message that tells of a new job in the queue; the others are the names of jobs that changed.</summary>
    public const string Queued = "queued";

    private readonly Dictionary<string, HashSet<JobSignal>> _signals = [];

    /// <summary>Set whenever jobs were queued.</summary>
    public JobSignal ListenToQueue() => Listen(Queued);

    /// <summary>Set whenever the job changed.</summary>
    public JobSignal Listen(JobName job) => Listen($"{job}");

    public override void Dispose()
    {
        redis.Restored -= SetAll;
        base.Dispose();
    }

    // The driver subscribes again by itself after a reconnect, but not where Redis was away the first time.
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        redis.Restored += SetAll;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await redis.RunAsync("subscribe", SubscribeAsync, stoppingToken);
                SetAll();
                return;
            }
            catch (TaskResException)
            {
                // Logged where it arose.
            }

            await Task.Delay(options.Value.PollInterval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<bool> SubscribeAsync(IConnectionMultiplexer multiplexer)
    {
        await multiplexer.GetSubscriber().SubscribeAsync(RedisKeys.JobsChannel, (_, message) => Set($"{message}"));
        return true;
    }

    private JobSignal Listen(string topic)
    {
        var signal = new JobSignal(signal => Stop(topic, signal));
        lock (_signals)
        {
            if (!_signals.TryGetValue(topic, out var listening)) _signals[topic] = listening = [];
            listening.Add(signal);
        }

        return signal;
    }

    private void Stop(string topic, JobSignal signal)
    {
        lock (_signals)
            if (_signals.TryGetValue(topic, out var listening) && listening.Remove(signal) && listening.Count == 0) _signals.Remove(topic);
    }

    private void Set(string topic)
    {
        lock (_signals)
            if (_signals.TryGetValue(topic, out var listening))
                foreach (var signal in listening) signal.Set();
    }

    private void SetAll()
    {
        lock (_signals)
            foreach (var signal in _signals.Values.SelectMany(listening => listening)) signal.Set();
    }
}
