using System.Numerics;

namespace TaskRes.Core.Datasets;

/// <summary>
/// Python's <c>random</c>, of versions 3.2 and later: the Mersenne twister (Matsumoto and Nishimura: "Mersenne Twister", 1998)
/// seeded by a whole number, and what <c>sample</c> and <c>shuffle</c> make of it. The released few-shot code draws its shots with
/// it, so that its draws can be had again.
/// </summary>
internal sealed class PythonRandom
{
    private const int Length = 624, Middle = 397, Bits = 32;

    private readonly uint[] _state = new uint[Length];
    private int _next = Length;

    /// <summary>As <c>random.seed(seed)</c>: init_by_array of the seed's 32-bit digits.</summary>
    public PythonRandom(ulong seed)
    {
        uint[] key = seed > uint.MaxValue ? [(uint)seed, (uint)(seed >> Bits)] : [(uint)seed];
        _state[0] = 19650218;
        for (var i = 1; i < Length; i++) _state[i] = (1812433253 * (_state[i - 1] ^ (_state[i - 1] >> 30))) + (uint)i;

        var at = 1;
        for (var i = 0; i < Length; i++)
        {
            _state[at] = (_state[at] ^ ((_state[at - 1] ^ (_state[at - 1] >> 30)) * 1664525)) + key[i % key.Length] + (uint)(i % key.Length);
            at = Following(at);
        }

        for (var i = 1; i < Length; i++)
        {
            _state[at] = (_state[at] ^ ((_state[at - 1] ^ (_state[at - 1] >> 30)) * 1566083941)) - (uint)at;
            at = Following(at);
        }

        _state[0] = 0x80000000;
    }

    /// <summary>As <c>random.sample(items, count)</c>.</summary>
    public T[] Sample<T>(IReadOnlyList<T> items, int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, items.Count);
        var drawn = new T[count];
        if (items.Count <= SetSize(count))
        {
            T[] pool = [.. items];
            for (var i = 0; i < count; i++)
            {
                var j = Below(items.Count - i);
                (drawn[i], pool[j]) = (pool[j], pool[items.Count - i - 1]);
            }
        }
        else
        {
            var taken = new HashSet<int>();
            for (var i = 0; i < count; i++)
            {
                int j;
                do j = Below(items.Count);
                while (!taken.Add(j));
                drawn[i] = items[j];
            }
        }

        return drawn;
    }

    /// <summary>As <c>random.shuffle(items)</c>.</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (var i = items.Length - 1; i > 0; i--)
        {
            var j = Below(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    /// <summary>Up to this many items Python copies the list rather than remember what it took.</summary>
    private static double SetSize(int count) => 21 + (count > 5 ? Math.Pow(4, Math.Ceiling(Math.Log(count * 3, 4))) : 0);

    /// <summary>The key is as long as the state or shorter, so that both rounds begin again at 1.</summary>
    private int Following(int at)
    {
        if (at + 1 < Length) return at + 1;
        _state[0] = _state[Length - 1];
        return 1;
    }

    private int Below(int bound)
    {
        var bits = BitOperations.Log2((uint)bound) + 1;
        uint drawn;
        do drawn = Next() >> (Bits - bits);
        while (drawn >= bound);
        return (int)drawn;
    }

    private uint Next()
    {
        if (_next == Length) Twist();
        var word = _state[_next++];
        word ^= word >> 11;
        word ^= (word << 7) & 0x9d2c5680;
        word ^= (word << 15) & 0xefc60000;
        return word ^ (word >> 18);
    }

    private void Twist()
    {
        for (var i = 0; i < Length; i++)
        {
            var joined = (_state[i] & 0x80000000) | (_state[(i + 1) % Length] & 0x7fffffff);
            _state[i] = _state[(i + Middle) % Length] ^ (joined >> 1) ^ ((joined & 1) * 0x9908b0df);
        }

        _next = 0;
    }
}
