using System.Runtime.InteropServices;
using System.Text;

namespace TaskRes.Core.Text;

/// <summary>
/// Byte-level BPE of one word (Sennrich et al., arXiv 1508.07909): of the neighbours that may merge, those of the best
/// rank do, from left to right, until none may. O(n log n) in the word's bytes, so that no word stalls a service.
/// </summary>
internal sealed class BytePairEncoder
{
    private const int CachedWords = 16_384, Ways = 4, MaxCachedLength = 64;

    private readonly int[] _inner = new int[256], _last = new int[256];
    private readonly Dictionary<(int Left, int Right), (int Rank, int Id)> _merges;
    private readonly uint[] _hashes = new uint[CachedWords];
    private readonly int[]?[] _cache = new int[]?[CachedWords];

    public BytePairEncoder(Vocabulary vocabulary)
    {
        var ids = vocabulary.Ids;
        foreach (var (value, piece) in ByteAlphabet.Pieces)
            (_inner[value], _last[value]) = (ids[piece], ids[piece + ByteAlphabet.EndOfWord]);
        _merges = vocabulary.Merges.Select((merge, rank) => (merge, rank)).ToDictionary(
            entry => (ids[entry.merge.Left], ids[entry.merge.Right]),
            entry => (entry.rank, ids[entry.merge.Left + entry.merge.Right]));
    }

    /// <summary>The ids of a word; kept for the next time, so not to be written to.</summary>
    public ReadOnlySpan<int> Encode(ReadOnlySpan<char> word)
    {
        if (word.Length > MaxCachedLength) return Merge(Bytes(word));
        var hash = Hash(word);
        var first = (int)(hash % (CachedWords / Ways)) * Ways;
        for (var place = first; place < first + Ways; place++)
            if (_hashes[place] == hash && Volatile.Read(ref _cache[place]) is { } known && KnownIds(known, word) is { IsEmpty: false } same) return same;

        var ids = Merge(Bytes(word));
        // The oldest of the ways goes. What threads do to one another here only makes a word be encoded anew.
        for (var place = first + Ways - 1; place > first; place--)
            (_hashes[place], _cache[place]) = (_hashes[place - 1], _cache[place - 1]);
        Volatile.Write(ref _cache[first], Remember(word, ids));
        _hashes[first] = hash;
        return ids;
    }

    // Words made to collide are only encoded anew each time.
    private static uint Hash(ReadOnlySpan<char> word)
    {
        const ulong odd = 0x9E3779B97F4A7C15;
        const int block = sizeof(ulong) / sizeof(char);
        var hash = (ulong)word.Length;
        if (word.Length < block)
        {
            foreach (var character in word) hash = (hash << 16) ^ character;
            return (uint)((hash * odd) >> 32);
        }
        for (var at = 0; at < word.Length - block; at += block) hash = (hash ^ Block(word[at..])) * odd;
        return (uint)(((hash ^ Block(word[^block..])) * odd) >> 32);
    }

    private static ulong Block(ReadOnlySpan<char> word) => MemoryMarshal.Read<ulong>(MemoryMarshal.AsBytes(word));

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

    // A word and its ids in one array, since following references is what a look-up costs: length, ids, characters.
    private static int[] Remember(ReadOnlySpan<char> word, int[] ids)
    {
        int[] known = [word.Length, .. ids, .. new int[Padded(word.Length)]];
        word.CopyTo(MemoryMarshal.Cast<int, char>(known.AsSpan(1 + ids.Length)));
        return known;
    }

    private static ReadOnlySpan<int> KnownIds(ReadOnlySpan<int> known, ReadOnlySpan<char> word)
    {
        if (known[0] != word.Length) return default;
        var ids = known[1..^Padded(word.Length)];
        return word.SequenceEqual(MemoryMarshal.Cast<int, char>(known[(1 + ids.Length)..])[..word.Length]) ? ids : default;
    }

    private static int Padded(int characters) => (characters + 1) / 2;
}
