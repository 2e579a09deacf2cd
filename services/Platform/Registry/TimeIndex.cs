using System.Globalization;
using StackExchange.Redis;
using TaskRes.Platform.Resources;

namespace TaskRes.Platform.Registry;

/// <summary>A place in a list of revisions, newest first: after the revision <paramref name="Id"/> of the time.</summary>
/// <param name="Time">Unix milliseconds.</param>
/// <param name="Id">Empty before the first.</param>
internal readonly record struct RevisionPosition(double Time, string Id)
{
    // The ids of no millisecond are all shown before it.
    public static RevisionPosition Newest { get; } = new(double.PositiveInfinity, "");

    public static RevisionPosition Of(SortedSetEntry entry) => new(entry.Score, entry.Element!);

    /// <exception cref="Core.TaskResException">InvalidField, page_token.</exception>
    public static RevisionPosition Parse(string position) =>
        position.Split(' ') is [var time, var id] && long.TryParse(time, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds) && ResourceSegments.IsIdentifier(id)
            ? new RevisionPosition(milliseconds, id)
            : throw PageTokens.Invalid();

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Time:F0} {Id}");
}
