using Microsoft.Extensions.Options;
using TaskRes.Core;

namespace TaskRes.Trainer.Jobs;

/// <summary>Why a run was broken off.</summary>
internal enum RunEnd
{
    None,

    /// <summary>Somebody asked for it.</summary>
    Cancelled,

    /// <summary>The lease ran out, or could not be renewed for so long that it must have.</summary>
    Lost,

    /// <summary>The service stops.</summary>
    Stopping,
}

/// <summary>Renews the lease of a running job, looks for a wish to cancel it, and breaks the run off where it must end.</summary>
internal sealed class LeaseKeeper : IAsyncDisposable
{
    private readonly JobLease _lease;
    private readonly JobLeases _leases;
    private readonly JobStore _store;
    private readonly TrainerOptions _options;
    private readonly TimeProvider _time;
    private readonly JobSignal _changed;
    private readonly CancellationTokenSource _run = new();
    private readonly CancellationTokenSource _held = new();
    private readonly CancellationTokenSource _done = new();
    private readonly CancellationTokenRegistration _stopping;
    private readonly Task _keeping;
    private int _end;

    public LeaseKeeper(JobLease lease, JobLeases leases, JobStore store, JobEvents events, IOptions<TrainerOptions> options, TimeProvider time, CancellationToken stopping)
    {
        (_lease, _leases, _store, _options, _time) = (lease, leases, store, options.Value, time);
        _changed = events.Listen(lease.Job);
        _stopping = stopping.Register(() => BreakOff(RunEnd.Stopping));
        _keeping = KeepAsync();
    }

    /// <summary>Why the run was broken off: the first cause, but a lost lease above all.</summary>
    public RunEnd End => _held.IsCancellationRequested ? RunEnd.Lost : (RunEnd)Volatile.Read(ref _end);

    /// <summary>Cancelled when the training must end, for whatever reason.</summary>
    public CancellationToken Run => _run.Token;

    /// <summary>Cancelled when the job is no longer this worker's.</summary>
    public CancellationToken Held => _held.Token;

    public async ValueTask DisposeAsync()
    {
        await _done.CancelAsync();
        await _keeping;
        await _stopping.DisposeAsync();
        _changed.Dispose();
        _run.Dispose();
        _held.Dispose();
        _done.Dispose();
    }

    private async Task KeepAsync()
    {
        var renewed = _time.GetTimestamp();
        while (!_done.IsCancellationRequested)
        {
            var start = _time.GetTimestamp();
            try
            {
                if (!await _leases.RenewAsync(_lease, _done.Token)) break;
                renewed = start;
                if (await _store.IsCancelRequestedAsync(_lease.Job, _done.Token)) BreakOff(RunEnd.Cancelled);
                await _changed.WaitAsync(_options.Heartbeat, _done.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (TaskResException)
            {
                // The registry is away: by the time the lease runs out there, it must have run out here.
                if (_time.GetElapsedTime(renewed) + _options.Heartbeat > _options.Lease) break;
                await Task.Delay(_options.Heartbeat, _time, _done.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        if (_done.IsCancellationRequested) return;
        await _held.CancelAsync();
        BreakOff(RunEnd.Lost);
    }

    private void BreakOff(RunEnd end)
    {
        Interlocked.CompareExchange(ref _end, (int)end, (int)RunEnd.None);
        _run.Cancel();
    }
}
