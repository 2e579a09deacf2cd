using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using TaskRes.Client;
using TaskRes.V1;
using Task = System.Threading.Tasks.Task;

namespace TaskRes.Clients.Tests.Sdk;

public sealed class ClientOptionTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static async Task AnswerAsync(IAsyncStreamReader<ClassifyStreamRequest> requests, IServerStreamWriter<ClassifyStreamResponse> responses)
    {
        await foreach (var request in requests.ReadAllAsync(Cancel)) await responses.WriteAsync(new() { Sequence = request.Sequence, Response = new() }, Cancel);
    }

    [Fact]
    public async Task Call_HedgedAndFirstAttemptHangs_TakesTheSecondsAnswer()
    {
        var calls = 0;
        await using var server = await ScriptedServer.StartAsync(new Trainer
        {
            Get = async (_, context) =>
            {
                if (Interlocked.Increment(ref calls) == 1) await Task.Delay(Timeout.Infinite, context.CancellationToken);
                return new GetTaskResponse();
            },
        });
        using var client = new TaskResClient(server.Options with { HedgingDelay = TimeSpan.FromMilliseconds(50) });

        await client.Tasks.GetAsync("flowers", Cancel);

        Assert.InRange(calls, 2, client.Options.MaxAttempts);
    }

    /// <summary>The change is answered only once a reading call that was sent after it has been hedged.</summary>
    [Fact]
    public async Task Call_HedgedAndChangesSomething_IsSentOnce()
    {
        var (changes, reads) = (0, 0);
        var (changing, hedged) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var server = await ScriptedServer.StartAsync(new Trainer
        {
            Create = async _ =>
            {
                Interlocked.Increment(ref changes);
                changing.TrySetResult();
                await hedged.Task.WaitAsync(Cancel);
                return new CreateTaskResponse { Task = new V1.Task() };
            },
            Get = async (_, context) =>
            {
                if (Interlocked.Increment(ref reads) == 1) await Task.Delay(Timeout.Infinite, context.CancellationToken);
                hedged.TrySetResult();
                return new GetTaskResponse();
            },
        });
        using var client = new TaskResClient(server.Options with { HedgingDelay = TimeSpan.FromMilliseconds(20) });

        var change = client.Tasks.CreateAsync(new CreateTaskOptions { TaskId = "flowers", ClassNames = ["a", "b"] }, Cancel);
        await changing.Task.WaitAsync(Cancel);
        await client.Tasks.GetAsync("flowers", Cancel);
        await change;

        Assert.Equal(1, changes);
    }

    [Fact]
    public async Task Call_WaitsForReadyAndServerStartsLater_IsAnswered()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        var port = ((IPEndPoint)probe.LocalEndpoint).Port;
        probe.Stop();
        using var client = new TaskResClient(new TaskResClientOptions { Address = new Uri($"http://127.0.0.1:{port}"), WaitForReady = true, MaxAttempts = 2 });

        var call = client.Tasks.GetAsync("flowers", Cancel);
        // Longer than two attempts take where nobody listens.
        await Assert.ThrowsAsync<TimeoutException>(() => call.WaitAsync(TimeSpan.FromSeconds(1), Cancel));
        await using var server = await ScriptedServer.StartAsync(new Trainer(), port);

        await call;
    }

    [Fact]
    public async Task Call_WaitsForReadyAndServerStillLoads_IsMadeUntilItIsAnswered()
    {
        const int Refusals = 7;
        var calls = 0;
        await using var server = await ScriptedServer.StartAsync(new Trainer
        {
            Get = (_, _) => ++calls <= Refusals ? throw Errors.Loading.ToRpcException() : Task.FromResult(new GetTaskResponse()),
        });
        using var client = new TaskResClient(server.Options with { WaitForReady = true, MaxAttempts = 2 });

        await client.Tasks.GetAsync("flowers", Cancel);

        Assert.Equal(Refusals + 1, calls);
    }

    [Fact]
    public async Task Call_WaitsForReadyAndServerLoadsBeyondTheDeadline_Fails()
    {
        await using var server = await ScriptedServer.StartAsync(new Trainer { Get = (_, _) => throw Errors.Loading.ToRpcException() });
        using var client = new TaskResClient(server.Options with { WaitForReady = true, Timeout = TimeSpan.FromMilliseconds(500) });

        var error = await Assert.ThrowsAsync<TaskResClientException>(() => client.Tasks.GetAsync("flowers", Cancel));

        Assert.Contains(error.StatusCode, new[] { StatusCode.Unavailable, StatusCode.DeadlineExceeded });
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ClassifyStream_ServerStillLoads_IsOpenedAgain(bool waitForReady)
    {
        const int MaxAttempts = 2;
        var refusals = waitForReady ? 2 * MaxAttempts : MaxAttempts - 1;
        var streams = 0;
        await using var server = await ScriptedServer.StartAsync(new Classifier
        {
            Stream = (requests, responses) => ++streams <= refusals ? throw Errors.Loading.ToRpcException() : AnswerAsync(requests, responses),
        });
        using var client = new TaskResClient(server.Options with { WaitForReady = waitForReady, MaxAttempts = MaxAttempts });
        var images = Enumerable.Range(0, 20).Select(_ => (ReadOnlyMemory<byte>)new byte[10]).ToAsyncEnumerable();

        var answers = await client.Classification.ClassifyStreamAsync("flowers", images, cancellationToken: Cancel).ToListAsync(Cancel);

        Assert.Equal((20, refusals + 1), (answers.Count, streams));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ClassifyStream_ServerLeavesMidwayAndComesBack_AnswersEachOnce(bool waitForReady)
    {
        const int Items = 200;
        var server = await ScriptedServer.StartAsync(new Classifier { Stream = AnswerAsync });
        var port = server.Options.Address.Port;
        using var client = new TaskResClient(server.Options with { WaitForReady = waitForReady, MaxInFlight = 8, MaxAttempts = 5 });
        var images = Enumerable.Range(0, Items).Select(_ => (ReadOnlyMemory<byte>)new byte[10]).ToAsyncEnumerable();

        var answers = new List<long>();
        await foreach (var answer in client.Classification.ClassifyStreamAsync("flowers", images, cancellationToken: Cancel))
        {
            answers.Add(answer.Sequence);
            if (answers.Count != Items / 2) continue;
            await server.DisposeAsync();
            server = await ScriptedServer.StartAsync(new Classifier { Stream = AnswerAsync }, port);
        }

        await server.DisposeAsync();
        Assert.Equal(Enumerable.Range(0, Items).Select(item => (long)item), answers.Order());
    }

    [Fact]
    public async Task Call_SomebodyTraces_IsASpanAndTheServersParent()
    {
        var spans = new List<Activity>();
        var parent = "";
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == TaskResClient.ActivitySourceName,
            Sample = (ref _) => ActivitySamplingResult.AllData,
            ActivityStopped = spans.Add,
        };
        ActivitySource.AddActivityListener(listener);
        await using var server = await ScriptedServer.StartAsync(new Trainer
        {
            Get = (_, context) =>
            {
                parent = context.RequestHeaders.GetValue("traceparent") ?? "";
                throw new RpcException(new Status(StatusCode.NotFound, "no"));
            },
        });
        using var client = new TaskResClient(server.Options);
        using var outer = new Activity("outer").Start();

        await Assert.ThrowsAsync<TaskResClientException>(() => client.Tasks.GetAsync("flowers", Cancel));

        // Other tests' calls are traced meanwhile.
        var span = Assert.Single(spans.ToArray(), span => span.TraceId == outer.TraceId);
        Assert.Same(outer, Activity.Current);
        Assert.Contains($"{outer.TraceId}", parent, StringComparison.Ordinal);
        Assert.Equal(
            ("taskres.v1.TrainerService/GetTask", ActivityKind.Client, ActivityStatusCode.Error, outer.SpanId),
            (span.OperationName, span.Kind, span.Status, span.ParentSpanId));
        Assert.Equal((int)StatusCode.NotFound, span.GetTagItem("rpc.grpc.status_code"));
    }

    [Fact]
    public async Task Container_ClientRegistered_GivesOneAndDisposesIt()
    {
        await using var server = await ScriptedServer.StartAsync(new Trainer());
        TaskResClient client;
        await using (var services = new ServiceCollection().AddTaskResClient(_ => server.Options).BuildServiceProvider())
        {
            client = services.GetRequiredService<TaskResClient>();
            Assert.Same(client, services.GetRequiredService<TaskResClient>());
            await client.Tasks.GetAsync("flowers", Cancel);
        }

        await Assert.ThrowsAsync<ObjectDisposedException>(() => client.Tasks.GetAsync("flowers", Cancel));
    }

    [Fact]
    public async Task AddExamples_ConnectionBreaks_AreSentAgain()
    {
        var calls = 0;
        await using var server = await ScriptedServer.StartAsync(new Trainer
        {
            Add = async requests =>
            {
                var count = await requests.ReadAllAsync(Cancel).CountAsync(Cancel) - 1;
                return ++calls == 1 ? throw ScriptedServer.Break() : new AddExamplesResponse { Added = count };
            },
        });
        using var client = new TaskResClient(server.Options);
        var examples = Enumerable.Range(0, 5).Select(index => new LabelledImage("rose", new byte[10 + index])).ToAsyncEnumerable();

        var response = await client.Training.AddExamplesAsync(new AddExamplesOptions { Task = "flowers" }, examples, Cancel);

        Assert.Equal((5, 2), (response.Added, calls));
    }
}
