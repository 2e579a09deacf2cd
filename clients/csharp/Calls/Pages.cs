using System.Runtime.CompilerServices;

namespace TaskRes.Client.Calls;

/// <summary>A paged list (AIP-158) as one sequence; a page is asked for when the one before it is read.</summary>
internal static class Pages
{
    public static async IAsyncEnumerable<T> ReadAsync<T>(
        Func<string, CancellationToken, Task<(IReadOnlyList<T> Items, string NextToken)>> page,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var token = "";
        do
        {
            (var items, token) = await page(token, cancellationToken).ConfigureAwait(false);
            foreach (var item in items) yield return item;
        }
        while (token.Length > 0);
    }
}
