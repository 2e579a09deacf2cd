using System.Diagnostics;
using TaskRes.Platform.Telemetry;

namespace TaskRes.Encoder.Batching;

/// <summary>
/// The span of a forward pass. It has no parent, for its items come from many calls: it links to the span of each, and each
/// of them to it.
/// </summary>
internal static class BatchSpan
{
    private const string Name = "encode batch";
    private const string SizeTag = "taskres.batch.size";

    public static Activity? Start(List<EncodeItem> batch)
    {
        if (!TaskResTelemetry.Activities.HasListeners()) return null;
        Activity[] calls = [.. batch.Select(item => item.Span).OfType<Activity>().Distinct()];
        var pass = TaskResTelemetry.Activities.StartActivity(
            Name, ActivityKind.Internal, parentContext: default, [new(TagNames.Kind, batch[0].IsText ? "text" : "image"), new(SizeTag, batch.Count)], calls.Select(call => new ActivityLink(call.Context)));
        if (pass is null) return null;
        foreach (var call in calls) call.AddLink(new ActivityLink(pass.Context));
        return pass;
    }
}
