using TaskRes.Platform.Circuits;
using TaskRes.Services.Tests.Support;

namespace TaskRes.Services.Tests.Platform.Circuits;

public sealed class CircuitTests
{
    private readonly ManualTime _time = new();
    private readonly Circuit _circuit;
    private int _calls;

    public CircuitTests() => _circuit = new Circuit(new CircuitOptions { Failures = 3, Pause = TimeSpan.FromSeconds(10) }, _time, exception => exception is TimeoutException);

    [Fact]
    public async Task RunAsync_FailuresInARow_RefusesUntilThePauseIsOver()
    {
        await OpenAsync();
        _time.Advance(TimeSpan.FromSeconds(4));
        var refused = await Assert.ThrowsAsync<CircuitOpenException>(() => RunAsync());
        Assert.Equal((TimeSpan.FromSeconds(6), 3), (refused.RetryAfter, _calls));
    }

    [Fact]
    public async Task RunAsync_AfterThePause_TriesOneAndItsSuccessCloses()
    {
        await OpenAsync();
        _time.Advance(TimeSpan.FromSeconds(10));
        var gate = new TaskCompletionSource<int>();
        var tried = _circuit.RunAsync(() => gate.Task);
        await Assert.ThrowsAsync<CircuitOpenException>(() => RunAsync());
        gate.SetResult(1);
        await tried;
        await RunAsync();
        Assert.False(_circuit.IsOpen);
    }

    [Fact]
    public async Task RunAsync_TheOneTriedFailsOrIsGivenUp_StaysOpenForAnotherPause()
    {
        await OpenAsync();
        foreach (var exception in new Exception[] { new TimeoutException(), new OperationCanceledException() })
        {
            _time.Advance(TimeSpan.FromSeconds(10));
            await Assert.ThrowsAsync(exception.GetType(), () => RunAsync(exception));
            Assert.Equal(TimeSpan.FromSeconds(10), (await Assert.ThrowsAsync<CircuitOpenException>(() => RunAsync())).RetryAfter);
        }
    }

    [Fact]
    public async Task RunAsync_AnAnswerBetweenFailures_BeginsAnew()
    {
        foreach (var exception in new Exception?[] { new TimeoutException(), new TimeoutException(), new InvalidOperationException(), new TimeoutException(), new TimeoutException(), null, new TimeoutException() })
            await TryAsync(exception);
        Assert.False(_circuit.IsOpen);
    }

    [Fact]
    public async Task RunAsync_CallersThatGiveUp_CountForNothing()
    {
        for (var call = 0; call < 10; call++) await TryAsync(new OperationCanceledException());
        Assert.False(_circuit.IsOpen);
        foreach (var exception in new Exception[] { new TimeoutException(), new TimeoutException(), new OperationCanceledException(), new TimeoutException() }) await TryAsync(exception);
        Assert.True(_circuit.IsOpen);
    }

    private async Task OpenAsync()
    {
        for (var call = 0; call < 3; call++) await TryAsync(new TimeoutException());
        Assert.True(_circuit.IsOpen);
    }

    private async Task TryAsync(Exception? exception)
    {
        try
        {
            await RunAsync(exception);
        }
        catch (Exception thrown) when (thrown == exception)
        {
            // As it was meant.
        }
    }

    private Task<int> RunAsync(Exception? exception = null) => _circuit.RunAsync(() =>
    {
        _calls++;
        return exception is null ? Task.FromResult(1) : Task.FromException<int>(exception);
    });
}
