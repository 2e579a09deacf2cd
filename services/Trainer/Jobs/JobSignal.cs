namespace TaskRes.Trainer.Jobs;

/// <summary>Tells one waiter that something may have happened; several tellings between two waits count as one.</summary>
internal sealed class JobSignal(Action<JobSignal> stop) : IDisposable
{
    private readonly SemaphoreSlim _set = new(0, 1);

    /// <summary>Until it is set, but no longer than the patience.</summary>
    public Task WaitAsync(TimeSpan patience, CancellationToken cancellationToken) => _set.WaitAsync(patience, cancellationToken);

    public void Set()
    {
        lock (_set)
            if (_set.CurrentCount == 0) _set.Release();
    }

    // The semaphore holds nothing to dispose, and an event may still be on its way to it.
    public void Dispose() => stop(this);
}
