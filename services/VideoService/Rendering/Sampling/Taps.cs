using System.Runtime.InteropServices;

namespace VideoService.Rendering.Sampling;

/// <summary>For each film sample of one axis: the first of its four canvas samples, and their weights, which add up to one exactly.</summary>
/// <remarks>
/// The kernel is that of Catmull and Rom, "A class of local interpolating splines" (1974); the same as Keys' cubic convolution with a = -1/2 (1981):
/// <code>
/// w(-1) = (-t + 2t^2 - t^3) / 2    w(0) = (2 - 5t^2 + 3t^3) / 2    w(1) = (t + 4t^2 - 3t^3) / 2    w(2) = (-t^2 + t^3) / 2
/// </code>
/// Vector code reads the samples of four neighbours by one load of sixteen, and picks pairs out of that which it multiplies by pairs of weights. Its tables stand in blocks
/// of sixteen film samples, four groups in the order 0, 2, 1, 3: so packing two vectors of two lanes gives the order of the film.
/// <code>
/// From     a group: index of its load in a padded row
/// Picks    a group: d, none, d + 1, none for each film sample, where d counts from the load; two more is the second pair
/// Pairs    two groups: their first pairs of weights, 2 x 4 x 2; then their second ones
/// </code>
/// </remarks>
internal sealed class Taps
{
    /// <summary>Fractional bits of a weight.</summary>
    public const int WeightBits = 14;

    /// <summary>Film samples of a block; vector code writes whole blocks.</summary>
    public const int Block = 16;

    private const int Group = 4;
    private const int Load = 16;
    private const byte None = 0x80;

    private readonly int[] _first;
    private readonly short[] _weights;
    private readonly int[] _from;
    private readonly byte[] _picks;
    private readonly short[] _pairs;

    /// <summary>Room for this many film samples.</summary>
    public Taps(int length)
    {
        var whole = WholeBlocks(length);
        (_first, _weights) = (new int[whole], new short[4 * whole]);
        (_from, _picks, _pairs) = (new int[whole / Group], new byte[4 * whole], new short[4 * whole]);
    }

    /// <summary>How many film samples are placed.</summary>
    public int Count { get; private set; }

    /// <summary>For each film sample the first of its four canvas samples: from -Pad up.</summary>
    public ReadOnlySpan<int> First => _first.AsSpan(0, Count);

    /// <summary>Four weights for each film sample.</summary>
    public ReadOnlySpan<short> Weights => _weights.AsSpan(0, 4 * Count);

    /// <summary>The index of each group's load.</summary>
    public ReadOnlySpan<int> From => _from.AsSpan(0, WholeBlocks(Count) / Group);

    /// <summary>What is picked out of each load.</summary>
    public ReadOnlySpan<byte> Picks => _picks.AsSpan(0, 4 * WholeBlocks(Count));

    /// <summary>Weights as vector code multiplies by them. Those past the last film sample are nought.</summary>
    public ReadOnlySpan<short> Pairs => _pairs.AsSpan(0, 4 * WholeBlocks(Count));

    /// <summary>A number of film samples, rounded up.</summary>
    public static int WholeBlocks(int count) => (count + Block - 1) / Block * Block;

    /// <summary>Film sample i looks at offset + step x i, in samples of a row or column of <paramref name="length"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It would look past the padding.</exception>
    public void Place(double offset, double step, int count, int length)
    {
        const int One = 1 << WeightBits;
        Count = count;
        for (var i = 0; i < count; i++)
        {
            var position = offset + step * i;
            var whole = Math.Floor(position);
            var t = position - whole;
            var before = (int)Math.Round(One / 2 * t * (-1 + t * (2 - t)));
            var second = (int)Math.Round(One / 2 * t * (1 + t * (4 - 3 * t)));
            var third = (int)Math.Round(One / 2 * t * t * (t - 1));
            _first[i] = (int)whole - 1;
            var weights = _weights.AsSpan(4 * i, 4);
            weights[0] = (short)before;
            weights[1] = (short)(One - before - second - third);
            weights[2] = (short)second;
            weights[3] = (short)third;
        }
        // What vector code reads is not looked at again.
        if (!(step >= 0) || _first[0] < -Plane.Pad || _first[count - 1] + Load > length + Plane.Pad)
            throw new ArgumentOutOfRangeException(nameof(offset), offset, "The view lies within its canvas.");
    }

    /// <summary>Fills the tables for vector code; false where four neighbours lie too far apart for one load, beyond 3.6 canvas samples for each film sample.</summary>
    public bool TryGroup()
    {
        var (whole, last) = (WholeBlocks(Count), _first[Count - 1]);
        _first.AsSpan(Count, whole - Count).Fill(last);
        _weights.AsSpan(4 * Count, 4 * (whole - Count)).Clear();
        var from = MemoryMarshal.Cast<short, uint>(_weights.AsSpan());
        var to = MemoryMarshal.Cast<short, uint>(_pairs.AsSpan());
        for (var i = 0; i < whole; i += Group)
        {
            int block = i / Block, group = i / Group % 4, vector = group & 1, lane = group >> 1;
            var first = _first[i];
            if (_first[i + 3] - first > Load - 4) return false;
            _from[4 * block + 2 * vector + lane] = first + Plane.Pad;
            var picks = MemoryMarshal.Cast<byte, uint>(_picks.AsSpan(64 * block + 32 * vector + 16 * lane, Load));
            var pairs = to.Slice(32 * block + 16 * vector + 4 * lane, 12);
            for (var o = 0; o < Group; o++)
            {
                var d = (uint)(_first[i + o] - first);
                picks[o] = d | (uint)None << 8 | (d + 1) << 16 | (uint)None << 24;
                pairs[o] = from[2 * (i + o)];
                pairs[8 + o] = from[2 * (i + o) + 1];
            }
        }
        return true;
    }
}
