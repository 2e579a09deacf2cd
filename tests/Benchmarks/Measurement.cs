using System.Text.Json.Serialization;

namespace TaskRes.Benchmarks;

/// <summary>
/// One figure beside its neighbour, both measured in the same run. <see cref="Holds"/> is null where the figure cannot be
/// measured on this machine; <see cref="Why"/> then says why.
/// </summary>
/// <param name="Value">In <paramref name="Unit"/>; the median where it was measured several times.</param>
/// <param name="Against">The neighbour, in words.</param>
/// <param name="Ratio">Value over the neighbour's value.</param>
/// <param name="Spread">(max − min) / median of the ratio over the repetitions.</param>
/// <param name="Goal">Such as "≤ 1.3".</param>
internal sealed record Measurement(
    string Name, double? Value, string Unit, string Against, double? Ratio, double? Spread, string Goal, bool? Holds)
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Why { get; init; }

    /// <summary>A ratio that must not exceed its goal.</summary>
    public static Measurement AtMost(string name, string unit, string against, double goal, IReadOnlyList<(double Value, double Neighbour)> runs) =>
        Of(name, unit, against, $"≤ {goal}", runs, ratio => ratio <= goal);

    /// <summary>A ratio that must reach its goal.</summary>
    public static Measurement AtLeast(string name, string unit, string against, double goal, IReadOnlyList<(double Value, double Neighbour)> runs) =>
        Of(name, unit, against, $"≥ {goal}", runs, ratio => ratio >= goal);

    /// <summary>A figure that this machine cannot give.</summary>
    public static Measurement Unmeasured(string name, string unit, string against, string goal, string why) =>
        new(name, null, unit, against, null, null, goal, null) { Why = why };

    private static Measurement Of(
        string name, string unit, string against, string goal, IReadOnlyList<(double Value, double Neighbour)> runs, Func<double, bool> holds)
    {
        var ratios = runs.Select(run => run.Value / run.Neighbour).Order().ToArray();
        var ratio = ratios[ratios.Length / 2];
        var value = runs.Select(run => run.Value).Order().ElementAt(runs.Count / 2);
        return new Measurement(name, value, unit, against, ratio, (ratios[^1] - ratios[0]) / ratio, goal, holds(ratio));
    }
}
