using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace TaskRes.Services.Tests.Observability;

/// <summary>A collector that takes OTLP over HTTP and keeps what comes.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<(string Kind, WireMessage Message)> _received = new();

    private OtlpReceiver()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        _app = builder.Build();
        _app.Urls.Add("http://127.0.0.1:0");
        _app.MapPost("/v1/{kind}", async (string kind, HttpRequest request) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            _received.Enqueue((kind, WireMessage.Parse(body.ToArray())));
        });
    }

    public string Address => _app.Urls.Single();

    /// <summary>What makes a service send everything here, soon.</summary>
    public string[] Settings =>
    [
        $"--OTEL_EXPORTER_OTLP_ENDPOINT={Address}", "--OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf",
        "--OTEL_BSP_SCHEDULE_DELAY=100", "--OTEL_BLRP_SCHEDULE_DELAY=100", "--OTEL_METRIC_EXPORT_INTERVAL=500",
    ];

    public static async Task<OtlpReceiver> StartAsync()
    {
        var receiver = new OtlpReceiver();
        await receiver._app.StartAsync(TestContext.Current.CancellationToken);
        return receiver;
    }

    public IReadOnlyList<Span> Spans() =>
    [
        .. from resource in Resources("traces")
           from scope in resource.Messages(2)
           from span in scope.Messages(2)
           select new Span(ServiceOf(resource), span.Text(5), Hex(span, 1), Hex(span, 2), Hex(span, 4), [.. span.Messages(13).Select(link => Hex(link, 2))])
    ];

    /// <summary>The ids of the traces that exemplars of a histogram lead to.</summary>
    public IReadOnlyList<string> ExemplarTraces(string histogram) =>
    [
        .. from resource in Resources("metrics")
           from scope in resource.Messages(2)
           from metric in scope.Messages(2)
           where metric.Text(1) == histogram
           from data in metric.Messages(9)
           from point in data.Messages(1)
           from exemplar in point.Messages(8)
           select Hex(exemplar, 5)
    ];

    /// <summary>The ids of the traces that log records of a service belong to.</summary>
    public IReadOnlyList<string> LogTraces(string service) =>
    [
        .. from resource in Resources("logs")
           where ServiceOf(resource) == service
           from scope in resource.Messages(2)
           from record in scope.Messages(2)
           select Hex(record, 9)
    ];

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private IEnumerable<WireMessage> Resources(string kind) => _received.Where(received => received.Kind == kind).SelectMany(received => received.Message.Messages(1));

    // resource → attributes → the one named service.name → its string.
    private static string ServiceOf(WireMessage resource) =>
        resource.Messages(1).SelectMany(attributes => attributes.Messages(1)).Where(attribute => attribute.Text(1) == "service.name").Select(attribute => attribute.Messages(2).Single().Text(1)).SingleOrDefault() ?? "";

    private static string Hex(WireMessage message, int field) => Convert.ToHexStringLower(message.Bytes(field));

    /// <param name="Links">The ids of the spans that it links to.</param>
    internal sealed record Span(string Service, string Name, string Trace, string Id, string Parent, IReadOnlyList<string> Links);
}
