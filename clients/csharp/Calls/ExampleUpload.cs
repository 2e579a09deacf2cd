using TaskRes.V1;
using Task = System.Threading.Tasks.Task;

namespace TaskRes.Client.Calls;

/// <summary>
/// An upload of examples by digest first. Which bytes the server lacks it tells at the end of a call, so that examples go some at
/// a time and are kept until then. For one run.
/// </summary>
internal sealed class ExampleUpload(RpcCaller rpc, TrainerService.TrainerServiceClient trainer, AddExamplesOptions options)
{
    private const int MaxExamples = 256;
    private const long MaxBytes = 64 << 20;

    // As many as the server lists of one call.
    private const int MaxErrors = 1000;

    private readonly AddExamplesResponse _total = new();
    private int _sent;
    private int _reported;

    public async Task<AddExamplesResponse> RunAsync(IAsyncEnumerable<LabelledImage> examples, CancellationToken cancellationToken)
    {
        var (kept, bytes, count) = (new List<Numbered>(MaxExamples), 0L, 0L);
        await foreach (var example in examples.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            kept.Add(new Numbered(count++, example));
            bytes += example.Content.Length;
            if (kept.Count < MaxExamples && bytes < MaxBytes) continue;
            await SendAsync(kept, cancellationToken).ConfigureAwait(false);
            kept.Clear();
            bytes = 0;
        }

        // None at all are sent too: the server may have something to say of the task.
        if (kept.Count > 0 || count == 0) await SendAsync(kept, cancellationToken).ConfigureAwait(false);
        return _total;
    }

    private async Task SendAsync(IReadOnlyList<Numbered> examples, CancellationToken cancellationToken)
    {
        var first = await CallAsync(examples, Images.First, _ => { }, cancellationToken).ConfigureAwait(false);
        var lacking = first.Errors.Where(error => Images.AreAskedFor(error.Error)).Select(error => error.Sequence).ToHashSet();
        Add(first, lacking);
        Report(examples.Count - lacking.Count);
        if (lacking.Count == 0) return;
        Numbered[] asked = [.. examples.Where(example => lacking.Contains(example.Sequence))];
        Add(await CallAsync(asked, Images.Content, Report, cancellationToken).ConfigureAwait(false), asked: []);
    }

    private async Task<AddExamplesResponse> CallAsync(
        IReadOnlyList<Numbered> examples, Func<ReadOnlyMemory<byte>, Image> form, Action<int> written, CancellationToken cancellationToken)
    {
        var before = _sent;
        for (var attempts = 1; ; attempts++)
        {
            _sent = before;
            try
            {
                using var call = trainer.AddExamples(rpc.Stream(cancellationToken));
                return await rpc.UploadAsync(call, Messages().ToAsyncEnumerable(), cancellationToken).ConfigureAwait(false);
            }
            catch (TaskResClientException error) when (Reconnection.IsWorthwhile(error, attempts, rpc.Options))
            {
                // To add the same examples again changes nothing.
                await Reconnection.WaitAsync(attempts, error.RetryAfter, rpc.Options.TimeProvider, cancellationToken).ConfigureAwait(false);
            }
        }

        IEnumerable<AddExamplesRequest> Messages()
        {
            yield return new AddExamplesRequest { Header = new AddExamplesHeader { Task = rpc.TaskName(options.Task), Views = options.Views } };
            foreach (var (sequence, example) in examples)
            {
                yield return new AddExamplesRequest { Example = new Example { Sequence = sequence, ClassName = example.ClassName, Image = form(example.Content) } };
                // Here the message before has been written.
                written(1);
            }
        }
    }

    private void Add(AddExamplesResponse response, HashSet<long> asked)
    {
        _total.Added += response.Added;
        _total.Unchanged += response.Unchanged;
        _total.Replaced += response.Replaced;
        _total.Failed += response.Failed - asked.Count;
        _total.Errors.Add(response.Errors.Where(error => !asked.Contains(error.Sequence)).Take(MaxErrors - _total.Errors.Count));
    }

    private void Report(int more)
    {
        _sent += more;
        // What is sent once more was told before.
        if (_sent <= _reported) return;
        _reported = _sent;
        options.Sent?.Report(_sent);
    }

    private readonly record struct Numbered(long Sequence, LabelledImage Example);
}
