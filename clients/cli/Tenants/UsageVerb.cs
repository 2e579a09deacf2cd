using System.CommandLine;
using System.Globalization;
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
            console => Tables.Write(console, ["DAY", ">REQUESTS", ">MEMORY", ">REDIS", ">ENCODER", ">FAILED", ">ENCODING", ">JOBS", ">TRAINING"], days.Select(Row)));
        return ExitCode.Ok;
    }

    private static string[] Row(DailyUsage day) =>
    [
        day.Date, Count(day.Requests), Count(day.MemoryEmbeddings), Count(day.RedisEmbeddings), Count(day.EncoderEmbeddings), Count(day.FailedEmbeddings),
        Seconds(day.EncoderTime.ToTimeSpan()), Count(day.Jobs), Seconds(day.TrainingTime.ToTimeSpan()),
    ];

    private static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    private static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:N1} s");
}
