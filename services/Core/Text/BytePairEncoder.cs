using System.Collections.Concurrent;
using System.Text;

namespace TaskRes.Core.Text;

/// <summary>
/// Byte-level BPE of one word (Sennrich et al., arXiv 1508.07909): of the neighbours that may merge, those of the best
/// rank do, from left to right, until none may. O(n log n) in the word's bytes, so that no word stalls a service.
/// </summary>
internal sealed class BytePairEncoder
{
    private const int MaxCachedWords = 16_384, MaxCachedLength = 64;

    private readonly int[] _inner = new int[256], _last = new int[256];
    private readonly Dictionary<(int Left, int Right), (int Rank, int Id)> _merges;
    private readonly ConcurrentDictionary<string, int[]> _cache;
    private int _cached;

    public BytePairEncoder(Vocabulary vocabulary)
    {
        var ids = vocabulary.Ids;
        foreach (var (value, piece) in ByteAlphabet.Pieces)
            (_inner[value], _last[value]) = (ids[piece], ids[piece + ByteAlphabet.EndOfWord]);
        _merges = vocabulary.Merges.Select((merge, rank) => (merge, rank)).ToDictionary(
            entry => (ids[entry.merge.Left], ids[entry.merge.Right]),
            entry => (entry.rank, ids[entry.merge.Left + entry.merge.Right]));
        _cache = new ConcurrentDictionary<string, int[]>();
    }

    /// <summary>The ids of a word; kept for the next time, so not to be written to.</summary>
    public ReadOnlySpan<int> Encode(ReadOnlySpan<char> word)
    {
        if (word.Length > MaxCachedLength) return Merge(Bytes(word));
        if (_cache.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(word, out var known)) return known;

        var ids = Merge(Bytes(word));
        // Starting afresh when full costs less than keeping an order, and words come back at once.
        if (Interlocked.Increment(ref _cached) > MaxCachedWords)
        {
            _cache.Clear();
            Volatile.Write(ref _cached, 1);
        }
        _cache.TryAdd(word.ToString(), ids);
        return ids;
    }

    private int[] Bytes(ReadOnlySpan<char> word)
    {
        var bytes = new byte[Encoding.UTF8.GetByteCount(word)];
        Encoding.UTF8.GetBytes(word, bytes);
        var ids = Array.ConvertAll(bytes, value => _inner[value]);
        if (ids.Length > 0) ids[^1] = _last[bytes[^1]];
        return ids;
    }

    private int[] Merge(int[] ids)
    {
        const int gone = -1;
        int[] next = [.. Enumerable.Range(1, ids.Length)], previous = [.. Enumerable.Range(-1, ids.Length)];
        var candidates = new PriorityQueue<(int Left, int Right), (int Rank, int Position)>();
        var best = new List<(int Left, int Right)>();

        void Offer(int at)
        {
            if (at >= 0 && next[at] < ids.Length && _merges.TryGetValue((ids[at], ids[next[at]]), out var merge))
                candidates.Enqueue((ids[at], ids[next[at]]), (merge.Rank, at));
        }

        for (var at = 0; at < ids.Length; at++) Offer(at);
        while (candidates.TryPeek(out var pair, out var priority))
        {
            // All of one rank before any that they give rise to, as the reference does.
            var (rank, id) = _merges[pair];
            var positions = new List<int>();
            while (candidates.TryPeek(out _, out priority) && priority.Rank == rank)
            {
                candidates.Dequeue();
                positions.Add(priority.Position);
            }

            var merged = new List<int>();
            foreach (var at in positions)
            {
                if (ids[at] != pair.Left || next[at] >= ids.Length || ids[next[at]] != pair.Right) continue;
                var right = next[at];
                (ids[at], ids[right]) = (id, gone);
                next[at] = next[right];
                if (next[at] < ids.Length) previous[next[at]] = at;
                merged.Add(at);
            }
            foreach (var at in merged)
            {
                Offer(previous[at]);
                Offer(at);
            }
        }
        return Array.FindAll(ids, id => id != gone);
    }
}
