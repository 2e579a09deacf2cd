using System.Threading.Channels;
using TaskRes.Core;
using TaskRes.Core.Learning;

namespace TaskRes.Trainer.Jobs;

/// <summary>Writes a running job's progress at a bounded rate: the newest, whatever came between.</summary>
internal sealed class ProgressWriter : IProgress<EpochProgress>, IAsyncDisposable
{
    private readonly Channel<JobProgress> _newest = Channel.CreateBounded<JobProgress>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
    private readonly CancellationTokenSource _done = new();
    private readonly EpochPace _pace;
    private readonly CourseRecorder _course = new();
    private readonly Task _writing;

    /// <param name="write">Writes the record with this progress.</param>
    /// <param name="interval">The least time between two writes.</param>
    /// <param name="time">Its clock also says how long the rest will take.</param>
    public ProgressWriter(Func<JobProgress, CancellationToken, Task> write, TimeSpan interval, TimeProvider time) =>
        (_pace, _writing) = (new EpochPace(time), WriteAsync(write, interval, time));

    /// <summary>The last that was reported; null before the first epoch is done.</summary>
    public JobProgress? Last { get; private set; }

    public void Report(EpochProgress value)
    {
        Last = new JobProgress(value.Epoch, value.Epochs, value.Loss, _pace.RemainingAt(value.Epoch, value.Epochs))
        {
            Accuracy = (float?)value.Accuracy,
            Course = _course.Add(new CoursePoint(value.Epoch, (float)value.Loss, (float?)value.Accuracy)),
        };
        _newest.Writer.TryWrite(Last);
    }

    /// <summary>After this nothing is written any more.</summary>
    public async ValueTask DisposeAsync()
    {
        await _done.CancelAsync();
        await _writing;
        _done.Dispose();
    }

    private async Task WriteAsync(Func<JobProgress, CancellationToken, Task> write, TimeSpan interval, TimeProvider time)
    {
        try
        {
            await foreach (var progress in _newest.Reader.ReadAllAsync(_done.Token))
            {
                await WriteAsync(write, progress);
                await Task.Delay(interval, time, _done.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // Done.
        }
    }

    private async Task WriteAsync(Func<JobProgress, CancellationToken, Task> write, JobProgress progress)
    {
        try
        {
            await write(progress, _done.Token);
        }
        catch (TaskResException)
        {
            // The registry is away: a later epoch tells more.
        }
    }
}
