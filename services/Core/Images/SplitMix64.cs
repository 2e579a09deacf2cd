namespace TaskRes.Core.Images;

/// <summary>
/// Steele, Lea and Flood's SplitMix64: the same numbers from a seed on every platform and in every version of .NET,
/// which <see cref="Random"/> does not promise.
/// </summary>
internal struct SplitMix64(ulong seed)
{
    private ulong _state = seed;

    public ulong Next()
    {
        var mixed = _state += 0x9E3779B97F4A7C15;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }

    public double Between(double low, double high) => low + (high - low) * (Next() >> 11) * (1.0 / (1L << 53));

    public int Below(int bound) => (int)Math.BigMul(Next(), (ulong)bound, out _);
}
