namespace TaskRes.Trainer.Examples;

/// <summary>How far two words are apart.</summary>
internal static class EditDistance
{
    /// <summary>
    /// Insertions, deletions and substitutions from one to the other (Levenshtein); null beyond the limit. Only the band of
    /// the table that the limit can reach is computed, so that long words cost little.
    /// </summary>
    public static int? Within(int limit, ReadOnlySpan<char> a, ReadOnlySpan<char> b)
    {
        if (Math.Abs(a.Length - b.Length) > limit) return null;
        var (above, row) = (new int[b.Length + 1], new int[b.Length + 1]);
        for (var j = 0; j <= b.Length; j++) above[j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            row.AsSpan().Fill(limit + 1);
            var least = row[0] = Math.Min(i, limit + 1);
            for (var j = Math.Max(1, i - limit); j <= Math.Min(b.Length, i + limit); j++)
            {
                var substituted = above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                row[j] = Math.Min(substituted, Math.Min(above[j], row[j - 1]) + 1);
                least = Math.Min(least, row[j]);
            }

            if (least > limit) return null;
            (above, row) = (row, above);
        }

        return above[b.Length] <= limit ? above[b.Length] : null;
    }
}
