namespace TaskRes.Platform.Circuits;

/// <summary>
/// A circuit breaker: after some failures in a row calls are refused at once, until one that is tried now and then succeeds.
/// It counts failures in a row and not their share in a window: a dependency that hangs after a busy time would be waited for
/// until its successes have left the window. Its clock is steady, so that no change of the time of day keeps it open.
/// </summary>
/// <param name="isFailure">Of the exceptions, those that say that the dependency does not answer; others say that it does. A call that its caller gave up says neither.</param>
internal sealed class Circuit(CircuitOptions options, TimeProvider time, Func<Exception, bool> isFailure)
{
    private readonly Lock _gate = new();
    private int _failures;
    private TimeSpan _pause;
    private long _pausedAt;

    public bool IsOpen
    {
        get
        {
            lock (_gate) return _failures >= options.Failures;
        }
    }

    /// <exception cref="CircuitOpenException">The call was not made.</exception>
    public async Task<T> RunAsync<T>(Func<Task<T>> call)
    {
        Enter();
        try
        {
            var result = await call();
            Close();
            return result;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            if (isFailure(exception)) Fail();
            else Close();
            throw;
        }
    }

    /// <summary>For who knows otherwise that the dependency answers.</summary>
    public void Close()
    {
        lock (_gate) _failures = 0;
    }

    private void Enter()
    {
        lock (_gate)
        {
            if (_failures < options.Failures) return;
            var left = _pause - time.GetElapsedTime(_pausedAt);
            if (left > TimeSpan.Zero) throw new CircuitOpenException(left);
            // This call is the one that is tried; should it hang, the next is due after another pause.
            Pause();
        }
    }

    private void Fail()
    {
        lock (_gate)
        {
            // Not endlessly: those that were under way when the circuit opened end after it.
            if (_failures < options.Failures) _failures++;
            Pause();
        }
    }

    private void Pause() => (_pause, _pausedAt) = (options.Pause, time.GetTimestamp());
}

/// <summary>A call was not made since those before it failed.</summary>
/// <param name="retryAfter">Until one is tried.</param>
internal sealed class CircuitOpenException(TimeSpan retryAfter) : Exception("Several calls in a row failed: the next is tried later.")
{
    public TimeSpan RetryAfter { get; } = retryAfter;
}
