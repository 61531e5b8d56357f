namespace FrameService.Generation;

/// <summary>Repeatable chance: the same seed, purpose and number always give the same throws. One for each purpose, so that a new throw in one place moves nothing elsewhere.</summary>
internal sealed class Dice
{
    private ulong _state;

    public Dice(long seed, string purpose, int number = 0)
    {
        var hash = 14695981039346656037UL;
        foreach (var c in purpose) hash = (hash ^ c) * 1099511628211UL;
        _state = hash ^ ((ulong)seed * 0x9E3779B97F4A7C15UL) ^ ((ulong)number << 32);
        Next();
    }

    /// <summary>From 0 inclusive to 1 exclusive.</summary>
    public float Float() => (Next() >> 40) / 16777216f;

    /// <summary>From the first inclusive to the second exclusive.</summary>
    public float Range(float from, float to) => from + ((to - from) * Float());

    /// <summary>From 0 inclusive to the count exclusive.</summary>
    public int Below(int count) => (int)(Next() % (ulong)count);

    public bool Chance(float probability) => Float() < probability;

    public T Pick<T>(IReadOnlyList<T> items) => items[Below(items.Count)];

    /// <summary>The numbers 0 to count - 1 in a random order.</summary>
    public int[] Order(int count)
    {
        var order = Enumerable.Range(0, count).ToArray();
        for (var i = count - 1; i > 0; i--)
        {
            var j = Below(i + 1);
            (order[i], order[j]) = (order[j], order[i]);
        }

        return order;
    }

    // SplitMix64 (Steele, Lea, Flood 2014).
    private ulong Next()
    {
        var z = _state += 0x9E3779B97F4A7C15UL;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}
