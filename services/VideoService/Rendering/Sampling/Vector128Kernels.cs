using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace VideoService.Rendering.Sampling;

/// <summary>For ARM and older x86 processors: no instruction of either is named, so what is tested on one holds on the other.</summary>
internal sealed class Vector128Kernels : RowKernels
{
    /// <inheritdoc/>
    public override void Across(ReadOnlySpan<byte> row, Taps taps, Span<short> kept)
    {
        const int Shift = Taps.WeightBits - KeptBits;
        var from = taps.From;
        var picks = taps.Picks;
        var pairs = taps.Pairs;
        ref var samples = ref MemoryMarshal.GetReference(row);
        for (var i = 0; i < from.Length; i++)
        {
            // The order of the tables is that of two lanes: see Taps.
            int block = i / 4, vector = (i >> 1) & 1, lane = i & 1;
            var weights = pairs.Slice(64 * block + 32 * vector + 8 * lane, 24);
            var loaded = Vector128.LoadUnsafe(ref samples, (nuint)from[i]);
            var pick = Vector128.Create(picks.Slice(16 * i, 16));
            var sum = MultiplyAddPairs(Vector128.Shuffle(loaded, pick).AsInt16(), Vector128.Create(weights[..8]))
                + MultiplyAddPairs(Vector128.Shuffle(loaded, pick + Vector128.Create((byte)2)).AsInt16(), Vector128.Create(weights[16..]));
            var four = (sum + Vector128.Create(1 << (Shift - 1))) >> Shift;
            Vector64.Narrow(four.GetLower(), four.GetUpper()).CopyTo(kept.Slice(16 * block + 4 * vector + 8 * lane, 4));
        }
    }

    /// <inheritdoc/>
    public override void Down(ReadOnlySpan<short> a, ReadOnlySpan<short> b, ReadOnlySpan<short> c, ReadOnlySpan<short> d, ReadOnlySpan<short> weights, Span<byte> film)
    {
        var whole = film.Length & ~15;
        a = a[..film.Length];
        b = b[..film.Length];
        c = c[..film.Length];
        d = d[..film.Length];
        ref var one = ref MemoryMarshal.GetReference(a);
        ref var two = ref MemoryMarshal.GetReference(b);
        ref var three = ref MemoryMarshal.GetReference(c);
        ref var four = ref MemoryMarshal.GetReference(d);
        ref var to = ref MemoryMarshal.GetReference(film);
        int w0 = weights[0], w1 = weights[1], w2 = weights[2], w3 = weights[3];
        for (nuint x = 0; x < (nuint)whole; x += 16)
        {
            var left = Eight(Vector128.LoadUnsafe(ref one, x), Vector128.LoadUnsafe(ref two, x), Vector128.LoadUnsafe(ref three, x), Vector128.LoadUnsafe(ref four, x));
            var right = Eight(Vector128.LoadUnsafe(ref one, x + 8), Vector128.LoadUnsafe(ref two, x + 8), Vector128.LoadUnsafe(ref three, x + 8), Vector128.LoadUnsafe(ref four, x + 8));
            Vector128.Narrow(left, right).StoreUnsafe(ref to, x);
        }
        ScalarKernels.Instance.Down(a[whole..], b[whole..], c[whole..], d[whole..], weights, film[whole..]);

        Vector128<ushort> Eight(Vector128<short> p, Vector128<short> q, Vector128<short> r, Vector128<short> s) => Vector128.Narrow(
            Levels(Vector128.WidenLower(p) * w0 + Vector128.WidenLower(q) * w1 + Vector128.WidenLower(r) * w2 + Vector128.WidenLower(s) * w3),
            Levels(Vector128.WidenUpper(p) * w0 + Vector128.WidenUpper(q) * w1 + Vector128.WidenUpper(r) * w2 + Vector128.WidenUpper(s) * w3)).AsUInt16();
    }

    /// <inheritdoc/>
    public override void Blend(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b, int weight, Span<byte> to)
    {
        var whole = to.Length & ~15;
        ref var one = ref MemoryMarshal.GetReference(a[..to.Length]);
        ref var other = ref MemoryMarshal.GetReference(b[..to.Length]);
        ref var mixed = ref MemoryMarshal.GetReference(to);
        for (nuint i = 0; i < (nuint)whole; i += 16)
        {
            var (from, until) = (Vector128.LoadUnsafe(ref one, i), Vector128.LoadUnsafe(ref other, i));
            var low = Mix(Vector128.WidenLower(from).AsInt16(), Vector128.WidenLower(until).AsInt16(), weight);
            var high = Mix(Vector128.WidenUpper(from).AsInt16(), Vector128.WidenUpper(until).AsInt16(), weight);
            Vector128.Narrow(low, high).StoreUnsafe(ref mixed, i);
        }
        ScalarKernels.Instance.Blend(a[whole..], b[whole..], weight, to[whole..]);
    }

    private static Vector128<ushort> Mix(Vector128<short> a, Vector128<short> b, int weight)
    {
        var (half, difference) = (Vector128.Create(1 << (Taps.WeightBits - 1)), b - a);
        var low = (Vector128.WidenLower(difference) * weight + half) >> Taps.WeightBits;
        var high = (Vector128.WidenUpper(difference) * weight + half) >> Taps.WeightBits;
        return (a + Vector128.Narrow(low, high)).AsUInt16();
    }

    private static Vector128<int> Levels(Vector128<int> sum)
    {
        const int Shift = Taps.WeightBits + KeptBits;
        return Vector128.Min(Vector128.Max((sum + Vector128.Create(1 << (Shift - 1))) >> Shift, Vector128<int>.Zero), Vector128.Create(255));
    }

    // Even and odd elements are the lower and upper halves of 32 bits.
    private static Vector128<int> MultiplyAddPairs(Vector128<short> a, Vector128<short> b)
    {
        var (x, y) = (a.AsInt32(), b.AsInt32());
        return ((x << 16) >> 16) * ((y << 16) >> 16) + (x >> 16) * (y >> 16);
    }
}
