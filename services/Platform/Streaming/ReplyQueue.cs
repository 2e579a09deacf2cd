using System.Threading.Channels;

namespace TaskRes.Platform.Streaming;

/// <summary>The answers of a stream on their way to the wire, those that are not ready yet included.</summary>
internal sealed class ReplyQueue<TResponse>(int maxInFlight)
{
    private readonly Channel<Task<TResponse>> _answers = Channel.CreateBounded<Task<TResponse>>(new BoundedChannelOptions(maxInFlight) { SingleReader = true });

    // The source and every answer that is not in the channel yet.
    private int _open = 1;

    public ChannelReader<Task<TResponse>> Reader => _answers.Reader;

    /// <summary>In the order of readiness; else in the order of adding, ready or not. Set before the first is added.</summary>
    public bool AsReady { get; set; }

    public void Add(Task<TResponse> answer)
    {
        Interlocked.Increment(ref _open);
        if (AsReady) _ = answer.ContinueWith(Put, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        else Put(answer);
    }

    /// <summary>Nothing more will be added.</summary>
    public void Complete() => CloseOne();

    private void Put(Task<TResponse> answer)
    {
        _answers.Writer.TryWrite(answer);
        CloseOne();
    }

    private void CloseOne()
    {
        if (Interlocked.Decrement(ref _open) == 0) _answers.Writer.TryComplete();
    }
}
