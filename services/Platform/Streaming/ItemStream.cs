using System.Threading.Channels;
using Grpc.Core;
using TaskRes.Core;
using Task = System.Threading.Tasks.Task;

namespace TaskRes.Platform.Streaming;

/// <summary>
/// The body of every bidirectional call in which each request has one response. Reading, answering and writing go on side
/// by side; responses leave in the order of their requests.
/// </summary>
/// <remarks>
/// Memory is bounded: a response that the client does not read holds its place, and once all places are taken no further
/// request is read, so that HTTP/2's flow control slows the client down.
/// </remarks>
/// <param name="maxInFlight">Requests read and not yet answered on the wire, at least 1.</param>
/// <param name="stopping">The service stops: no further request is read, those that were are still answered.</param>
public sealed class ItemStream(int maxInFlight, CancellationToken stopping)
{
    /// <param name="answer">Answers one request; what is wrong with an item belongs into its response, not into an exception.</param>
    /// <exception cref="TaskResException">ShuttingDown, after the last answer, where the service stopped.</exception>
    public async Task RunAsync<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requests,
        IServerStreamWriter<TResponse> responses,
        Func<TRequest, CancellationToken, Task<TResponse>> answer,
        CancellationToken cancellationToken)
    {
        var answers = Channel.CreateBounded<Task<TResponse>>(new BoundedChannelOptions(maxInFlight) { SingleReader = true, SingleWriter = true });
        using var call = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var writing = WriteAsync(answers.Reader, responses, call);
        try
        {
            using var reading = CancellationTokenSource.CreateLinkedTokenSource(call.Token, stopping);
            while (await answers.Writer.WaitToWriteAsync(reading.Token) && await requests.MoveNext(reading.Token))
                answers.Writer.TryWrite(answer(requests.Current, call.Token));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Either the service stops or a write failed: the last lines tell which.
        }
        finally
        {
            answers.Writer.Complete();
        }

        await writing;
        if (stopping.IsCancellationRequested)
            throw new TaskResException(ErrorReason.ShuttingDown, "The service is stopping: open the stream again, on another replica.");
    }

    private static async Task WriteAsync<TResponse>(
        ChannelReader<Task<TResponse>> answers, IServerStreamWriter<TResponse> responses, CancellationTokenSource call)
    {
        try
        {
            await foreach (var answer in answers.ReadAllAsync(call.Token)) await responses.WriteAsync(await answer, call.Token);
        }
        catch
        {
            // Nobody reads any more: the reading side and the answers under way must end too.
            await call.CancelAsync();
            throw;
        }
    }
}
