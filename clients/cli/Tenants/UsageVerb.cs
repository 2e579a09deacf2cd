using System.CommandLine;
using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using TaskRes.Cli.Invocation;
using TaskRes.Cli.Output;
using TaskRes.Client;
using TaskRes.V1;

namespace TaskRes.Cli.Tenants;

internal sealed class UsageVerb : Verb
{
    private const int UsualDays = 7;

    private readonly Option<int?> _days = NumberOption.Whole("--days", $"How many days, today included. Default: {UsualDays}.", least: 1);

    public UsageVerb()
        : base("usage", "Show what the tenant used, by days in UTC: requests, where its embeddings came from, and time.") => Add(_days);

    protected override async Task<int> RunAsync(VerbCall call, CancellationToken cancellationToken)
    {
        using var client = call.Connect();
        var days = await client.Tenants.GetUsageAsync(client.Options.TenantName, new UsageOptions { Days = call.Value(_days) ?? UsualDays }, cancellationToken);
        call.Screen.Result(
            () => days.Select(Json.Of),
            console => Tables.Write(console, ["DAY", ">REQUESTS", ">CACHED", ">ENCODED", ">FAILED", ">JOBS"], days.Select(Row)));
        return ExitCode.Ok;
    }

    // What fits a terminal; --json has each tier by itself.
    private static string[] Row(DailyUsage day) =>
    [
        day.Date, Count(day.Requests), Count(day.MemoryEmbeddings + day.RedisEmbeddings),
        $"{Count(day.EncoderEmbeddings)} in {Seconds(day.EncoderTime)}", Count(day.FailedEmbeddings), $"{Count(day.Jobs)} in {Seconds(day.TrainingTime)}",
    ];

    private static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    private static string Seconds(Duration time) => string.Create(CultureInfo.InvariantCulture, $"{time.ToTimeSpan().TotalSeconds:N1} s");
}
