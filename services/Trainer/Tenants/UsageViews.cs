using Google.Protobuf.WellKnownTypes;
using TaskRes.Core;
using TaskRes.Platform.Resources;
using TaskRes.Platform.Usage;
using TaskRes.V1;

namespace TaskRes.Trainer.Tenants;

/// <summary>What a tenant used, as the API shows it.</summary>
internal sealed class UsageViews(UsageStore usage, TimeProvider time)
{
    private const int DefaultDays = 7;

    /// <param name="count">0 for the default.</param>
    /// <exception cref="TaskResException">InvalidField; RegistryUnavailable.</exception>
    public async Task<GetUsageResponse> OfAsync(TenantName tenant, int count, CancellationToken cancellationToken)
    {
        if (count is < 0 or > UsageStore.MaxDays) throw TaskResException.Invalid("days", $"{count} is out of range; give 1 to {UsageStore.MaxDays}, or 0 for {DefaultDays}.");
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        DateOnly[] days = [.. Enumerable.Range(0, count == 0 ? DefaultDays : count).Select(before => today.AddDays(-before))];
        var amounts = await usage.ReadAsync(tenant, days, cancellationToken);
        return new GetUsageResponse { Days = { days.Zip(amounts, OfDay) } };
    }

    private static DailyUsage OfDay(DateOnly day, long[] amounts)
    {
        long Amount(UsageCount kind) => amounts[(int)kind];
        return new DailyUsage
        {
            Date = $"{day:yyyy-MM-dd}",
            Requests = Amount(UsageCount.Requests),
            MemoryEmbeddings = Amount(UsageCount.Memory),
            RedisEmbeddings = Amount(UsageCount.Redis),
            EncoderEmbeddings = Amount(UsageCount.Encoder),
            FailedEmbeddings = Amount(UsageCount.Failed),
            EncoderTime = Duration.FromTimeSpan(TimeSpan.FromMicroseconds(Amount(UsageCount.EncoderMicroseconds))),
            Jobs = Amount(UsageCount.Jobs),
            TrainingTime = Duration.FromTimeSpan(TimeSpan.FromMicroseconds(Amount(UsageCount.TrainingMicroseconds))),
        };
    }
}
