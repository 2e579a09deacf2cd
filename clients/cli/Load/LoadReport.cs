using System.Globalization;
using Spectre.Console;
using TaskRes.Cli.Errors;
using TaskRes.Cli.Output;

namespace TaskRes.Cli.Load;

/// <summary>What a load measured. Latencies and the split are in milliseconds, and of the requests that were answered.</summary>
/// <param name="Mode"><c>closed</c> or <c>open</c>.</param>
/// <param name="Errors">Requests that failed, by reason.</param>
/// <param name="Tiers">Answers by where their embedding came from.</param>
internal sealed record LoadReport(
    string Mode, double Seconds, long Answered, long Failed, double RequestsPerSecond, LoadLatencies Latency, IReadOnlyDictionary<string, long> Errors, IReadOnlyDictionary<string, long> Tiers, LoadSplit Split)
{
    public static LoadReport Of(LoadPlan plan, LoadTally tally, TimeSpan elapsed) => new(
        plan.Rate is null ? "closed" : "open",
        elapsed.TotalSeconds,
        tally.Latencies.Count,
        tally.Failed,
        tally.Latencies.Count / elapsed.TotalSeconds,
        LoadLatencies.Of(tally.Latencies),
        tally.Errors.ToDictionary(),
        tally.Tiers.ToDictionary(tier => Failure.Name(tier.Key).ToLowerInvariant(), tier => tier.Value),
        tally.Split());

    public void Write(IAnsiConsole console)
    {
        Tables.WriteValues(
            console,
            ("requests", $"{Answered} answered, {Failed} failed, in {Number(Seconds)} s, {Mode} loop"),
            ("throughput", $"{Number(RequestsPerSecond)} requests/s"),
            ("latency (ms)", $"p50 {Number(Latency.P50)}  p90 {Number(Latency.P90)}  p99 {Number(Latency.P99)}  p99.9 {Number(Latency.P999)}  max {Number(Latency.Max)}"),
            ("mean split (ms)", $"network {Number(Split.Network)}  cache {Number(Split.Cache)}  preprocess {Number(Split.Preprocess)}  queue {Number(Split.Queue)}  compute {Number(Split.Compute)}  other {Number(Split.OtherOfService)}"),
            ("from", List(Tiers)),
            ("errors", List(Errors)));
    }

    private static string List(IReadOnlyDictionary<string, long> counts) =>
        counts.Count == 0 ? "none" : string.Join("  ", counts.OrderByDescending(count => count.Value).Select(count => $"{count.Key} {count.Value}"));

    private static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}

internal sealed record LoadLatencies(double P50, double P90, double P99, double P999, double Max, double Mean)
{
    public static LoadLatencies Of(LatencyHistogram latencies) => new(
        latencies.Percentile(0.5).TotalMilliseconds,
        latencies.Percentile(0.9).TotalMilliseconds,
        latencies.Percentile(0.99).TotalMilliseconds,
        latencies.Percentile(0.999).TotalMilliseconds,
        latencies.Max.TotalMilliseconds,
        latencies.Mean.TotalMilliseconds);
}
