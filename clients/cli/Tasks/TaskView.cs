using System.Globalization;
using System.Text.Json.Nodes;
using TaskRes.Cli.Output;

namespace TaskRes.Cli.Tasks;

/// <summary>A task as verbs show it.</summary>
internal static class TaskView
{
    private const int NamesShown = 8;

    public static void Show(Screen screen, V1.Task task, IReadOnlyList<int>? examplesPerClass = null) => screen.Result(
        () => examplesPerClass is null ? Json.Of(task) : WithCounts(task, examplesPerClass),
        console => Tables.WriteValues(
            console,
            ("task", task.Name),
            ("classes", ClassList(task.ClassNames, examplesPerClass)),
            ("templates", string.Join(" | ", task.Templates)),
            ("base", task.BaseKind == V1.BaseKind.ClassMean ? "class means" : "prompts"),
            ("examples", task.ExampleCount.ToString(CultureInfo.InvariantCulture)),
            ("live", task.LiveRevision.Length == 0 ? "none yet: train the task" : ResourceIds.Last(task.LiveRevision)),
            ("rollout", RolloutText(task.Rollout)),
            ("encoder", ResourceIds.Short(task.EncoderFingerprint)),
            ("created", Moments.Text(task.CreateTime))));

    private static string RolloutText(V1.Rollout? rollout)
    {
        var canary = rollout is { CanaryRevision.Length: > 0 } ? string.Create(CultureInfo.InvariantCulture, $"{ResourceIds.Last(rollout.CanaryRevision)} answers {rollout.CanaryPercent:0.##} %") : null;
        var shadow = rollout is { ShadowRevision.Length: > 0 } ? $"{ResourceIds.Last(rollout.ShadowRevision)} scores unseen" : null;
        return canary is null && shadow is null ? "none" : string.Join(", ", new[] { canary, shadow }.OfType<string>());
    }

    private static JsonObject WithCounts(V1.Task task, IReadOnlyList<int> examplesPerClass)
    {
        var json = Json.Of(task);
        json["examples_per_class"] = new JsonArray([.. examplesPerClass]);
        return json;
    }

    private static string ClassList(IList<string> names, IReadOnlyList<int>? examples)
    {
        var shown = names.Take(NamesShown).Select((name, index) => examples is null ? name : $"{name} ({examples[index]})");
        var more = names.Count > NamesShown ? $" … {names.Count} in all" : "";
        return string.Join(", ", shown) + more;
    }
}
