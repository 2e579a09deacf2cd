using System.Threading.Channels;
using Grpc.Core;
using Microsoft.Extensions.Options;
using TaskRes.Core;
using TaskRes.Platform.Embeddings;
using TaskRes.Platform.Limits;
using TaskRes.Platform.Registry;
using TaskRes.Platform.Resources;
using TaskRes.Trainer.Tasks;
using TaskRes.V1;
using Task = System.Threading.Tasks.Task;

namespace TaskRes.Trainer.Examples;

/// <summary>
/// Takes in a stream of examples: reading, embedding and storing go on side by side. Memory is bounded: an example that is
/// read holds its place until it is stored, and once all places are taken HTTP/2's flow control slows the client down.
/// </summary>
internal sealed class ExampleIntake(ITaskRegistry registry, IEmbedder embedder, ExampleEmbedding embedding, IOptions<RequestLimits> limits, IOptions<TrainerOptions> options)
{
    // Examples stored by one call to the registry.
    private const int ChunkLength = 64;

    /// <summary>What the response counts as added is durable.</summary>
    /// <exception cref="TaskResException">InvalidField; TaskNotFound; EncoderMismatch; LimitExceeded; EncoderUnavailable; RegistryUnavailable.</exception>
    public async Task<AddExamplesResponse> RunAsync(IAsyncStreamReader<AddExamplesRequest> requests, CancellationToken cancellationToken)
    {
        var header = await ReadHeaderAsync(requests, cancellationToken);
        var task = await registry.GetTaskAsync(TaskName.Parse(header.Task, "header.task"), cancellationToken);
        EncoderMatch.Require(task, await embedder.GetModelAsync(cancellationToken));

        using var call = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var places = Math.Max(1, options.Value.EmbeddingsInFlight / (header.Views + 1));
        var embedded = Channel.CreateBounded<Task<EmbeddedExample>>(new BoundedChannelOptions(places) { SingleReader = true, SingleWriter = true });
        var storing = StoreAsync(task.Name, embedded.Reader, call);
        try
        {
            var classes = new ClassIndex(task.ClassNames);
            while (await embedded.Writer.WaitToWriteAsync(call.Token) && await requests.MoveNext(call.Token))
                embedded.Writer.TryWrite(embedding.EmbedAsync(task.Name.Tenant, ExampleOf(requests.Current), header.Views, classes, call.Token));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Storing failed: the last line tells why.
        }
        catch
        {
            // The client went away or sent what it must not: nothing of the call may outlive it.
            await call.CancelAsync();
            await ((Task)storing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }

        embedded.Writer.Complete();
        return await storing;
    }

    private async Task<AddExamplesHeader> ReadHeaderAsync(IAsyncStreamReader<AddExamplesRequest> requests, CancellationToken cancellationToken)
    {
        if (!await requests.MoveNext(cancellationToken) || requests.Current.Header is not { } header)
            throw TaskResException.Invalid("header", "the first message must be the header.");
        return header.Views >= 0 && header.Views <= limits.Value.MaxViews
            ? header
            : throw TaskResException.Invalid("header.views", $"{header.Views} is out of range; give 0 to {limits.Value.MaxViews}.");
    }

    private static Example ExampleOf(AddExamplesRequest request) =>
        request.Example ?? throw TaskResException.Invalid("example", "every message after the header must be an example.");

    private async Task<AddExamplesResponse> StoreAsync(TaskName task, ChannelReader<Task<EmbeddedExample>> embedded, CancellationTokenSource call)
    {
        var tally = new ExampleTally();
        var ready = new List<ExampleRecord>(ChunkLength);
        try
        {
            await foreach (var embedding in embedded.ReadAllAsync(call.Token))
            {
                // What is ready does not wait for what is slow.
                if (ready.Count == ChunkLength || (ready.Count > 0 && !embedding.IsCompleted)) await StoreAsync(task, ready, tally, call.Token);
                var example = await embedding;
                if (example.Record is { } record) ready.Add(record);
                else tally.Fail(example.Sequence, example.Error!);
            }

            await StoreAsync(task, ready, tally, call.Token);
            return tally.Response;
        }
        catch
        {
            // Nothing is stored any more: the reading side and the embeddings under way must end too.
            await call.CancelAsync();
            throw;
        }
    }

    private async Task StoreAsync(TaskName task, List<ExampleRecord> ready, ExampleTally tally, CancellationToken cancellationToken)
    {
        if (ready.Count == 0) return;
        foreach (var outcome in await registry.PutExamplesAsync(task, ready, cancellationToken)) tally.Add(outcome);
        ready.Clear();
    }
}
