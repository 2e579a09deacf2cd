using System.Globalization;
using StackExchange.Redis;
using TaskRes.Platform.Resources;

namespace TaskRes.Platform.Registry;

/// <summary>Ids in a sorted set by the time of their making, read page by page, newest first.</summary>
internal static class TimeIndex
{
    /// <summary>At most <paramref name="count"/> of those that come after a place.</summary>
    public static async Task<SortedSetEntry[]> AfterAsync(IDatabase database, RedisKey index, TimePosition after, int count)
    {
        // Those of one millisecond stand in the order of their ids, backwards: skip as many of them as were shown.
        var sameTime = await database.SortedSetRangeByScoreAsync(index, after.Time, after.Time);
        var shown = sameTime.Count(id => string.CompareOrdinal(id, after.Id) >= 0);
        return await database.SortedSetRangeByScoreWithScoresAsync(index, stop: after.Time, order: Order.Descending, skip: shown, take: count);
    }
}

/// <summary>A place in such a list: after the <paramref name="Id"/> of the time.</summary>
/// <param name="Time">Unix milliseconds.</param>
/// <param name="Id">Empty before the first.</param>
internal readonly record struct TimePosition(double Time, string Id)
{
    // The ids of no millisecond are all shown before it.
    private static readonly TimePosition Newest = new(double.PositiveInfinity, "");

    public static TimePosition Of(SortedSetEntry entry) => new(entry.Score, entry.Element!);

    /// <param name="listing">As in <see cref="PageTokens.Decode"/>.</param>
    /// <exception cref="Core.TaskResException">InvalidField, page_size or page_token.</exception>
    public static TimePosition Of(PageRequest page, string listing) => PageTokens.Decode(page, listing) is { } position ? Parse(position) : Newest;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Time:F0} {Id}");

    private static TimePosition Parse(string position) =>
        position.Split(' ') is [var time, var id] && long.TryParse(time, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds) && ResourceSegments.IsIdentifier(id)
            ? new TimePosition(milliseconds, id)
            : throw PageTokens.Invalid();
}
