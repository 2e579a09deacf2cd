using System.Diagnostics;
using System.Text.Json;
using TaskRes.Client;
using TaskRes.Platform.Telemetry;
using TaskRes.Services.Tests.Encoder;
using TaskRes.Services.Tests.Support;
using Task = System.Threading.Tasks.Task;

namespace TaskRes.Services.Tests.Observability;

/// <summary>The services as processes with a collector: one call as it shows in traces, metrics and logs.</summary>
public sealed class TracingTests : IAsyncLifetime
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(90);

    private OtlpReceiver _collector = null!;
    private RedisServer _redis = null!;
    private ServiceProcess _encoder = null!;
    private ServiceProcess _trainer = null!;
    private ServiceProcess _classifier = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _redis = await RedisServer.StartAsync();
        _collector = await OtlpReceiver.StartAsync();
        string[] settings = [$"--Redis:Cache={_redis.ConnectionString}", $"--Redis:Registry={_redis.ConnectionString}", .. _collector.Settings];
        _encoder = new ServiceProcess("TaskRes.Encoder", [.. settings, $"--Model:Path={TestModel.Path}", "--Model:Device=cpu", "--Model:Precision=fp32"]);
        var address = await _encoder.GrpcAsync(StartLimit);
        _trainer = new ServiceProcess("TaskRes.Trainer", [.. settings, $"--RemoteEncoder:Address={address}"]);
        _classifier = new ServiceProcess("TaskRes.Classifier", [.. settings, $"--RemoteEncoder:Address={address}"]);
    }

    public async ValueTask DisposeAsync()
    {
        _classifier?.Dispose();
        _trainer?.Dispose();
        _encoder?.Dispose();
        _redis?.Dispose();
        if (_collector is not null) await _collector.DisposeAsync();
    }

    [Fact]
    public async Task Classification_InTracesMetricsAndLogs_IsOneTraceFromTheClientToThePass()
    {
        using var trainer = new TaskResClient(new TaskResClientOptions { Address = await _trainer.GrpcAsync(StartLimit) });
        using var classifier = new TaskResClient(new TaskResClientOptions { Address = await _classifier.GrpcAsync(StartLimit) });
        await Eventually.HoldsAsync(() => IsMadeAsync(trainer), "the encoder has loaded its model and the task is made", StartLimit);

        using var call = Start();
        await classifier.Classification.ClassifyAsync("shapes", TestModel.Image("g.webp"), new ClassifyOptions { TopK = 2 }, Cancel);
        call.Stop();
        var trace = call.TraceId.ToHexString();

        await Eventually.HoldsAsync(() => Spans(trace, "encoder").Any(span => span.Links.Count > 0), "the encoder's span links to its pass", StartLimit);
        await Eventually.HoldsAsync(() => Spans(trace, "classifier").Any(IsOfTheClient), "the classifier's span is the child of a request of the client's", StartLimit);
        var (asked, encoded) = (Spans(trace, "classifier"), Spans(trace, "encoder"));
        Assert.Contains(asked, span => span.Name == "redis read embeddings");
        Assert.Contains(encoded, span => asked.Any(parent => parent.Id == span.Parent));

        var linking = encoded.Single(span => span.Links.Count > 0);
        await Eventually.HoldsAsync(() => _collector.Spans().Any(span => span.Name == "encode batch" && span.Id == linking.Links[0] && span.Links.Contains(linking.Id)), "the pass links to the call");
        await Eventually.HoldsAsync(() => _collector.ExemplarTraces(MetricNames.RpcDuration).Contains(trace), "an exemplar of the durations leads to the trace");
    }

    [Fact]
    public async Task Warning_WhileACallIsServed_CarriesItsTrace()
    {
        using var trainer = new TaskResClient(new TaskResClientOptions { Address = await _trainer.GrpcAsync(StartLimit) });
        await Eventually.HoldsAsync(() => IsMadeAsync(trainer), "the encoder has loaded its model and the task is made", StartLimit);
        _redis.Kill();

        using var call = Start();
        await Assert.ThrowsAsync<TaskResClientException>(() => trainer.Tasks.GetAsync("shapes", Cancel));
        call.Stop();
        var trace = call.TraceId.ToHexString();

        await Eventually.HoldsAsync(() => _trainer.Lines.Any(line => IsWarningOf(trace, line)), "the log's line has the trace's id");
        await Eventually.HoldsAsync(() => _collector.LogTraces("trainer").Contains(trace), "the collector's record has it too");
    }

    // As a client's own tracing does.
    private static Activity Start()
    {
        var activity = new Activity("a client's work") { ActivityTraceFlags = ActivityTraceFlags.Recorded };
        return activity.SetIdFormat(ActivityIdFormat.W3C).Start();
    }

    private static async Task<bool> IsMadeAsync(TaskResClient trainer)
    {
        try
        {
            await trainer.Tasks.CreateAsync(new CreateTaskOptions { TaskId = "shapes", ClassNames = ["photo", "drawing"] }, Cancel);
            return true;
        }
        catch (TaskResClientException error)
        {
            return error.Reason == V1.ErrorReason.TaskAlreadyExists;
        }
    }

    // The client's request is a span too, which nobody exports.
    private bool IsOfTheClient(OtlpReceiver.Span span) => span.Parent.Length > 0 && _collector.Spans().All(parent => parent.Id != span.Parent);

    private static bool IsWarningOf(string trace, string line)
    {
        if (!line.StartsWith('{')) return false;
        using var entry = JsonDocument.Parse(line);
        return entry.RootElement.GetProperty("LogLevel").GetString() == "Warning"
            && entry.RootElement.GetProperty("Scopes").EnumerateArray().Any(scope => scope.ValueKind == JsonValueKind.Object && scope.TryGetProperty("TraceId", out var id) && id.GetString() == trace);
    }

    private IReadOnlyList<OtlpReceiver.Span> Spans(string trace, string service) => [.. _collector.Spans().Where(span => span.Trace == trace && span.Service == service)];
}
