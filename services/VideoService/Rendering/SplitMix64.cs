namespace VideoService.Rendering;

/// <summary>Sebastiano Vigna's public-domain generator: one addition and three mixes, the same everywhere.</summary>
internal struct SplitMix64(ulong state)
{
    private ulong _state = state;

    /// <summary>A state for one frame of one session.</summary>
    public static ulong Mix(long seed, int number) => unchecked((ulong)seed * 0x9E3779B97F4A7C15UL + (ulong)number);

    /// <summary>0 or more, below 1.</summary>
    public double NextDouble() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>-1 or 1.</summary>
    public int NextSign() => (Next() >> 63) == 0 ? 1 : -1;

    private ulong Next()
    {
        var z = unchecked(_state += 0x9E3779B97F4A7C15UL);
        z = unchecked((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL);
        z = unchecked((z ^ (z >> 27)) * 0x94D049BB133111EBUL);
        return z ^ (z >> 31);
    }
}
