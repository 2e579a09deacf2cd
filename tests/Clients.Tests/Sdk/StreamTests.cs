using Grpc.Core;
using TaskRes.Client;
using TaskRes.V1;
using Task = System.Threading.Tasks.Task;

namespace TaskRes.Clients.Tests.Sdk;

public sealed class StreamTests
{
    private const int Items = 500;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Knows every other image, asks for the bytes of the rest, and answers with their length.</summary>
    private static async Task AnswerAsync(IAsyncStreamReader<ClassifyStreamRequest> requests, IServerStreamWriter<ClassifyStreamResponse> responses)
    {
        await foreach (var message in requests.ReadAllAsync(Cancel))
        {
            var image = message.Request.Image;
            var known = message.Sequence % 2 == 0 || image.SourceCase == Image.SourceOneofCase.Content;
            await responses.WriteAsync(known
                ? new() { Sequence = message.Sequence, Response = new() { Revision = $"{image.Content.Length}" } }
                : new() { Sequence = message.Sequence, Error = new() { Reason = ErrorReason.ImageBytesRequired } }, Cancel);
        }
    }

    [Fact]
    public async Task ClassifyStream_HalfKnown_AnswersEachOnceAndSendsOnlyTheOthersBytes()
    {
        await using var server = await ScriptedServer.StartAsync(new Classifier { Stream = AnswerAsync });
        using var client = new TaskResClient(server.Options);

        var answers = await client.Classification.ClassifyStreamAsync("flowers", Images(Items), cancellationToken: Cancel).ToListAsync(Cancel);

        Assert.Equal(Enumerable.Range(0, Items).Select(i => (long)i), answers.Select(answer => answer.Sequence).Order());
        Assert.All(answers, answer => Assert.Equal(answer.Sequence % 2 == 0 ? "0" : $"{Length((int)answer.Sequence)}", answer.Response.Revision));
    }

    [Fact]
    public async Task ClassifyStream_AnswersHeldBack_ReadsNoFurtherThanMaxInFlight()
    {
        const int MaxInFlight = 8;
        var read = 0;
        var highest = 0;
        await using var server = await ScriptedServer.StartAsync(new Classifier
        {
            Stream = async (requests, responses) =>
            {
                var waiting = new Queue<ClassifyStreamRequest>();
                await foreach (var request in requests.ReadAllAsync(Cancel))
                {
                    waiting.Enqueue(request);
                    highest = Math.Max(highest, waiting.Count);
                    if (waiting.Count < MaxInFlight) continue;
                    while (waiting.TryDequeue(out var next)) await responses.WriteAsync(new() { Sequence = next.Sequence, Response = new() }, Cancel);
                }
            },
        });
        using var client = new TaskResClient(server.Options with { MaxInFlight = MaxInFlight });

        var answered = 0;
        await foreach (var _ in client.Classification.ClassifyStreamAsync("flowers", Images(10 * MaxInFlight, () => read++), cancellationToken: Cancel))
        {
            answered++;
            Assert.InRange(Volatile.Read(ref read), answered, answered + MaxInFlight + 1);
        }

        Assert.Equal((10 * MaxInFlight, MaxInFlight), (answered, highest));
    }

    [Fact]
    public async Task ClassifyStream_SourceFails_ThrowsTheSourcesError()
    {
        await using var server = await ScriptedServer.StartAsync(new Classifier { Stream = AnswerAsync });
        using var client = new TaskResClient(server.Options);
        var images = Images(10, () => throw new InvalidDataException("the disk is gone"));

        var error = await Assert.ThrowsAsync<InvalidDataException>(() =>
            client.Classification.ClassifyStreamAsync("flowers", images, cancellationToken: Cancel).ToListAsync(Cancel).AsTask());

        Assert.Equal("the disk is gone", error.Message);
    }

    [Fact]
    public async Task ClassifyStream_ServerRefusesTheStream_ThrowsItsReason()
    {
        await using var server = await ScriptedServer.StartAsync(new Classifier { Stream = (_, _) => throw ScriptedServer.Break() });
        using var client = new TaskResClient(server.Options);

        var error = await Assert.ThrowsAsync<TaskResClientException>(() =>
            client.Classification.ClassifyStreamAsync("flowers", Images(10), cancellationToken: Cancel).ToListAsync(Cancel).AsTask());

        Assert.Equal(StatusCode.Unavailable, error.StatusCode);
    }

    [Fact]
    public async Task ClassifyStream_ServerEndsEarly_ThrowsInsteadOfLosingItems()
    {
        await using var server = await ScriptedServer.StartAsync(new Classifier { Stream = async (requests, _) => await requests.MoveNext(Cancel) });
        using var client = new TaskResClient(server.Options);

        await Assert.ThrowsAsync<TaskResClientException>(() =>
            client.Classification.ClassifyStreamAsync("flowers", Images(10), cancellationToken: Cancel).ToListAsync(Cancel).AsTask());
    }

    [Fact]
    public async Task ClassifyStream_ServerGoesAwayNowAndThen_AnswersEachOnce()
    {
        const int AnswersPerStream = 40;
        var streams = 0;
        await using var server = await ScriptedServer.StartAsync(new Classifier
        {
            Stream = async (requests, responses) =>
            {
                Interlocked.Increment(ref streams);
                for (var answered = 0; answered < AnswersPerStream && await requests.MoveNext(Cancel); answered++)
                    await responses.WriteAsync(new() { Sequence = requests.Current.Sequence, Response = new() }, Cancel);
                if (await requests.MoveNext(Cancel)) throw ScriptedServer.Break();
            },
        });
        using var client = new TaskResClient(server.Options with { MaxInFlight = 16 });

        var answers = await client.Classification.ClassifyStreamAsync("flowers", Images(3 * AnswersPerStream), cancellationToken: Cancel).ToListAsync(Cancel);

        Assert.Equal(Enumerable.Range(0, 3 * AnswersPerStream).Select(i => (long)i), answers.Select(answer => answer.Sequence).Order());
        Assert.InRange(streams, 3, int.MaxValue);
    }

    [Fact]
    public async Task ClassifyStream_CallerStopsEarly_EndsTheCall()
    {
        var ended = new TaskCompletionSource();
        await using var server = await ScriptedServer.StartAsync(new Classifier
        {
            Stream = async (requests, responses) =>
            {
                try
                {
                    await AnswerAsync(requests, responses);
                }
                finally
                {
                    ended.SetResult();
                }
            },
        });
        using var client = new TaskResClient(server.Options);

        await foreach (var _ in client.Classification.ClassifyStreamAsync("flowers", Images(int.MaxValue), cancellationToken: Cancel)) break;

        await ended.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancel);
    }

    [Fact]
    public async Task WatchJob_ConnectionBreaks_GoesOnWithoutRepeats()
    {
        var watches = 0;
        await using var server = await ScriptedServer.StartAsync(new Trainer
        {
            Watch = async responses =>
            {
                var running = new Job { State = JobState.Running, Progress = new JobProgress { Epoch = 1 } };
                await responses.WriteAsync(new() { Job = running }, Cancel);
                if (++watches < 3) throw ScriptedServer.Break();
                await responses.WriteAsync(new() { Job = new Job { State = JobState.Succeeded } }, Cancel);
            },
        });
        using var client = new TaskResClient(server.Options);

        var states = await client.Training.WatchJobAsync("job", Cancel).Select(job => job.State).ToListAsync(Cancel);

        Assert.Equal([JobState.Running, JobState.Succeeded], states);
        Assert.Equal(3, watches);
    }

    [Fact]
    public async Task WatchJob_ServerStaysAway_Fails()
    {
        await using var server = await ScriptedServer.StartAsync(new Trainer { Watch = _ => throw ScriptedServer.Break() });
        using var client = new TaskResClient(server.Options with { MaxAttempts = 2 });

        var error = await Assert.ThrowsAsync<TaskResClientException>(() => client.Training.WatchJobAsync("job", Cancel).ToListAsync(Cancel).AsTask());

        Assert.Equal(StatusCode.Unavailable, error.StatusCode);
    }

    /// <summary>Knows the images of even length, and asks for the bytes of the others.</summary>
    private static Trainer Knowing(List<List<AddExamplesRequest>> calls) => new()
    {
        Add = async requests =>
        {
            var received = await requests.ReadAllAsync(Cancel).ToListAsync(Cancel);
            calls.Add(received);
            var response = new AddExamplesResponse();
            foreach (var example in received.Skip(1).Select(request => request.Example))
                if (example.Image.SourceCase == Image.SourceOneofCase.Sha256 && example.Sequence % 2 == 1) response.Errors.Add(new ExampleError { Sequence = example.Sequence, Error = new() { Reason = ErrorReason.ImageBytesRequired } });
                else if (example.ClassName == "weed") response.Errors.Add(new ExampleError { Sequence = example.Sequence, Error = new() { Reason = ErrorReason.UnknownLabel } });
                else response.Added++;
            response.Failed = response.Errors.Count;
            return response;
        },
    };

    [Fact]
    public async Task AddExamples_HalfKnown_SendsDigestsFirstThenOnlyTheBytesAskedFor()
    {
        var calls = new List<List<AddExamplesRequest>>();
        await using var server = await ScriptedServer.StartAsync(Knowing(calls));
        using var client = new TaskResClient(server.Options);
        var sent = new List<int>();
        var options = new AddExamplesOptions { Task = "flowers", Views = 3, Sent = new Recorder(sent) };

        var response = await client.Training.AddExamplesAsync(options, Images(6).Select((image, index) => new LabelledImage(index >= 4 ? "weed" : "rose", image)), Cancel);

        Assert.Equal((4, 2), (response.Added, response.Failed));
        Assert.Equal([4, 5], response.Errors.Select(error => error.Sequence).Order());
        Assert.All(response.Errors, error => Assert.Equal(ErrorReason.UnknownLabel, error.Error.Reason));
        Assert.All(calls, call => Assert.Equal(("tenants/default/tasks/flowers", 3), (call[0].Header.Task, call[0].Header.Views)));
        Assert.Equal([0, 1, 2, 3, 4, 5], calls[0].Skip(1).Select(request => request.Example.Sequence));
        Assert.All(calls[0].Skip(1), request => Assert.Equal(Image.SourceOneofCase.Sha256, request.Example.Image.SourceCase));
        Assert.Equal([(1, Length(1)), (3, Length(3)), (5, Length(5))], calls[1].Skip(1).Select(request => ((int)request.Example.Sequence, request.Example.Image.Content.Length)));
        Assert.Equal(6, sent[^1]);
    }

    [Fact]
    public async Task AddExamples_SmallImages_TravelAsBytesAtOnce()
    {
        var calls = new List<List<AddExamplesRequest>>();
        await using var server = await ScriptedServer.StartAsync(Knowing(calls));
        using var client = new TaskResClient(server.Options);
        var examples = Enumerable.Range(0, 5).Select(index => new LabelledImage("rose", new byte[1000 + index])).ToAsyncEnumerable();

        var response = await client.Training.AddExamplesAsync(new AddExamplesOptions { Task = "flowers" }, examples, Cancel);

        Assert.Equal(5, response.Added);
        Assert.Equal([1000, 1001, 1002, 1003, 1004], Assert.Single(calls).Skip(1).Select(request => request.Example.Image.Content.Length));
    }

    [Fact]
    public async Task AddExamples_MoreThanAreKept_GoesOnCallByCallInOrder()
    {
        var calls = new List<List<AddExamplesRequest>>();
        await using var server = await ScriptedServer.StartAsync(Knowing(calls));
        using var client = new TaskResClient(server.Options);

        var response = await client.Training.AddExamplesAsync(new AddExamplesOptions { Task = "flowers" }, Images(700).Select(image => new LabelledImage("rose", image)), Cancel);

        Assert.Equal((700, 0), (response.Added, response.Failed));
        Assert.Equal(350, calls.SelectMany(call => call.Skip(1)).Count(request => request.Example.Image.SourceCase == Image.SourceOneofCase.Content));
        Assert.True(calls.Count > 2);
    }

    [Fact]
    public async Task AddExamples_None_StillAsksTheServer()
    {
        var calls = new List<List<AddExamplesRequest>>();
        await using var server = await ScriptedServer.StartAsync(Knowing(calls));
        using var client = new TaskResClient(server.Options);

        await client.Training.AddExamplesAsync(new AddExamplesOptions { Task = "flowers" }, AsyncEnumerable.Empty<LabelledImage>(), Cancel);

        Assert.NotNull(Assert.Single(Assert.Single(calls)).Header);
    }

    [Fact]
    public async Task AddExamples_ServerRefusesHalfway_ThrowsItsReason()
    {
        await using var server = await ScriptedServer.StartAsync(new Trainer
        {
            Add = async requests =>
            {
                await requests.MoveNext(Cancel);
                throw Errors.BytesRequired.ToRpcException();
            },
        });
        using var client = new TaskResClient(server.Options);

        var error = await Assert.ThrowsAsync<TaskResClientException>(() => client.Training.AddExamplesAsync(
            new AddExamplesOptions { Task = "flowers" }, Images(100_000).Select(image => new LabelledImage("rose", image)), Cancel));

        Assert.Equal(ErrorReason.ImageBytesRequired, error.Reason);
    }

    [Fact]
    public async Task ListTasks_OfSeveralAddressesOfWhichOneIsDown_AnswersEveryTime()
    {
        await using var server = await ScriptedServer.StartAsync(new Trainer { List = _ => new() { Tasks = { new V1.Task { Name = "one" } } } });
        await using var down = await ScriptedServer.StartAsync(new Trainer());
        using var client = new TaskResClient(new TaskResClientOptions { Address = new Uri($"static:///{down.Options.Address.Authority},{server.Options.Address.Authority}") });
        await down.DisposeAsync();

        for (var call = 0; call < 5; call++) Assert.Equal("one", (await client.Tasks.ListAsync(Cancel).SingleAsync(Cancel)).Name);
    }

    [Fact]
    public async Task ListTasks_OfWhichOneServerGoesAwayInGoodOrder_AnswersEveryTime()
    {
        using var leaving = new LeavingServer();
        await using var server = await ScriptedServer.StartAsync(new Trainer { List = _ => new() { Tasks = { new V1.Task { Name = "one" } } } });
        using var client = new TaskResClient(new TaskResClientOptions { Address = new Uri($"static:///{leaving.Authority},{server.Options.Address.Authority}") });

        // Calls go to each in turn only once both are connected.
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        do await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ => Assert.Equal("one", (await client.Tasks.ListAsync(limit.Token).SingleAsync(limit.Token)).Name)));
        while (leaving.Refused == 0);
    }

    [Fact]
    public async Task ListTasks_SeveralPages_ReadsAll()
    {
        await using var server = await ScriptedServer.StartAsync(new Trainer
        {
            List = request => new()
            {
                Tasks = { new V1.Task { Name = $"page {request.PageToken}" } },
                NextPageToken = request.PageToken switch { "" => "b", "b" => "c", _ => "" },
            },
        });
        using var client = new TaskResClient(server.Options);

        var names = await client.Tasks.ListAsync(Cancel).Select(task => task.Name).ToListAsync(Cancel);

        Assert.Equal(["page ", "page b", "page c"], names);
    }

    // Large enough to be asked for by digest first.
    private static int Length(int index) => 20_000 + index;

    private static async IAsyncEnumerable<ReadOnlyMemory<byte>> Images(int count, Action? onRead = null)
    {
        for (var i = 0; i < count; i++)
        {
            await Task.Yield();
            onRead?.Invoke();
            yield return new byte[Length(i % Items)];
        }
    }

    private sealed class Recorder(List<int> sent) : IProgress<int>
    {
        public void Report(int value) => sent.Add(value);
    }
}
