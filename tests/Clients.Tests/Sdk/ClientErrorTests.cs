using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using TaskRes.Client;
using TaskRes.V1;
using Task = System.Threading.Tasks.Task;

namespace TaskRes.Clients.Tests.Sdk;

public sealed class ClientErrorTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Call_ServerGivesDetails_ThrowsThemTyped()
    {
        var details = new Google.Rpc.Status { Code = (int)Code.ResourceExhausted, Message = "The queue is full." };
        details.Details.Add(Any.Pack(new ErrorInfo { Reason = "QUEUE_FULL", Domain = "taskres", Metadata = { ["limit"] = "256" } }));
        details.Details.Add(Any.Pack(new BadRequest { FieldViolations = { new BadRequest.Types.FieldViolation { Field = "image", Description = "waits" } } }));
        details.Details.Add(Any.Pack(new RetryInfo { RetryDelay = Duration.FromTimeSpan(TimeSpan.FromSeconds(2)) }));
        await using var server = await ScriptedServer.StartAsync(new Trainer { Get = (_, _) => throw details.ToRpcException() });
        using var client = new TaskResClient(server.Options);

        var error = await Assert.ThrowsAsync<TaskResClientException>(() => client.Tasks.GetAsync("flowers", Cancel));

        Assert.Equal(
            (V1.ErrorReason.QueueFull, StatusCode.ResourceExhausted, "The queue is full.", TimeSpan.FromSeconds(2)),
            (error.Reason, error.StatusCode, error.Message, error.RetryAfter));
        Assert.Equal("256", error.Metadata["limit"]);
        Assert.Equal([new FieldViolation("image", "waits")], error.FieldViolations);
    }

    [Fact]
    public async Task Call_ReasonOfAnotherDomain_IsUnspecified()
    {
        var details = new Google.Rpc.Status { Code = (int)Code.Internal, Message = "other" };
        details.Details.Add(Any.Pack(new ErrorInfo { Reason = "QUEUE_FULL", Domain = "elsewhere" }));
        await using var server = await ScriptedServer.StartAsync(new Trainer { Get = (_, _) => throw details.ToRpcException() });
        using var client = new TaskResClient(server.Options);

        var error = await Assert.ThrowsAsync<TaskResClientException>(() => client.Tasks.GetAsync("flowers", Cancel));

        Assert.Equal(V1.ErrorReason.Unspecified, error.Reason);
    }

    [Fact]
    public async Task Call_NobodyListens_NamesTheAddress()
    {
        using var client = new TaskResClient(new TaskResClientOptions { Address = new Uri("http://127.0.0.1:1"), MaxAttempts = 1 });

        var error = await Assert.ThrowsAsync<TaskResClientException>(() => client.Tasks.GetAsync("flowers", Cancel));

        Assert.Equal(StatusCode.Unavailable, error.StatusCode);
        Assert.Contains("http://127.0.0.1:1 ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_TokenCancelled_ThrowsOperationCanceled()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        await using var server = await ScriptedServer.StartAsync(new Trainer
        {
            Get = async (_, context) =>
            {
                await stop.CancelAsync();
                await Task.Delay(Timeout.Infinite, context.CancellationToken);
                return new GetTaskResponse();
            },
        });
        using var client = new TaskResClient(server.Options);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.Tasks.GetAsync("flowers", stop.Token));
    }

    [Fact]
    public async Task Call_ServerTooSlow_ThrowsDeadlineExceeded()
    {
        await using var server = await ScriptedServer.StartAsync(new Trainer
        {
            Get = async (_, context) =>
            {
                await Task.Delay(Timeout.Infinite, context.CancellationToken);
                return new GetTaskResponse();
            },
        });
        using var client = new TaskResClient(server.Options with { Timeout = TimeSpan.FromMilliseconds(200) });

        var error = await Assert.ThrowsAsync<TaskResClientException>(() => client.Tasks.GetAsync("flowers", Cancel));

        Assert.Equal(StatusCode.DeadlineExceeded, error.StatusCode);
    }

    [Theory]
    [InlineData(StatusCode.Unavailable, 3)]
    [InlineData(StatusCode.Internal, 1)]
    [InlineData(StatusCode.ResourceExhausted, 1)]
    public async Task Call_ServerFails_RepeatsUnavailableAlone(StatusCode status, int attempts)
    {
        var calls = 0;
        await using var server = await ScriptedServer.StartAsync(new Trainer
        {
            Get = (_, _) =>
            {
                Interlocked.Increment(ref calls);
                throw new RpcException(new Grpc.Core.Status(status, "no"));
            },
        });
        using var client = new TaskResClient(server.Options with { MaxAttempts = 3 });

        await Assert.ThrowsAsync<TaskResClientException>(() => client.Tasks.GetAsync("flowers", Cancel));

        Assert.Equal(attempts, calls);
    }

    [Fact]
    public async Task Rollback_ServerGoesAway_IsRepeatedWithTheSameId()
    {
        var ids = new List<string>();
        await using var server = await ScriptedServer.StartAsync(new Trainer
        {
            Rollback = request =>
            {
                ids.Add(request.RequestId);
                return ids.Count % 2 == 1 ? throw ScriptedServer.Break() : new RollbackTaskResponse { Task = new V1.Task() };
            },
        });
        using var client = new TaskResClient(server.Options);

        await client.Revisions.RollbackAsync("flowers", cancellationToken: Cancel);
        await client.Revisions.RollbackAsync("flowers", cancellationToken: Cancel);

        Assert.True(Guid.TryParse(ids[0], out _));
        Assert.Equal((ids[0], ids[2], 2), (ids[1], ids[3], ids.Distinct().Count()));
    }

    [Fact]
    public async Task Keys_ServerGoesAway_AreNotRepeated()
    {
        var calls = 0;
        await using var server = await ScriptedServer.StartAsync(new Tenants
        {
            Refusal = () =>
            {
                Interlocked.Increment(ref calls);
                return Errors.Loading.ToRpcException();
            },
        });
        using var client = new TaskResClient(server.Options with { WaitForReady = true });

        await Assert.ThrowsAsync<TaskResClientException>(() => client.Tenants.CreateKeyAsync("tenants/acme", new ApiKey(), Cancel));
        await Assert.ThrowsAsync<TaskResClientException>(() => client.Tenants.RotateKeyAsync("tenants/acme/apiKeys/k", cancellationToken: Cancel));

        Assert.Equal(2, calls);
    }

    [Fact]
    public async Task Classify_ImageOverAMegabyte_IsRepeatedAsWell()
    {
        var calls = 0;
        await using var server = await ScriptedServer.StartAsync(new Classifier
        {
            Answer = request =>
            {
                if (request.Image.SourceCase == Image.SourceOneofCase.Sha256) throw Errors.BytesRequired.ToRpcException();
                if (Interlocked.Increment(ref calls) == 1) throw ScriptedServer.Break();
                return new ClassifyResponse { Revision = $"{request.Image.Content.Length}" };
            },
        });
        using var client = new TaskResClient(server.Options);

        var response = await client.Classification.ClassifyAsync("flowers", new byte[5 << 20], cancellationToken: Cancel);

        Assert.Equal(($"{5 << 20}", 2), (response.Revision, calls));
    }
}
