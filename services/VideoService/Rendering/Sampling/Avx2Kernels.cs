using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace VideoService.Rendering.Sampling;

/// <summary>For x86 processors since 2013. Products are added up in 32 bits, as in the specification.</summary>
internal sealed class Avx2Kernels : RowKernels
{
    /// <inheritdoc/>
    public override void Across(ReadOnlySpan<byte> row, Taps taps, Span<short> kept)
    {
        const int Shift = Taps.WeightBits - KeptBits;
        var count = (nuint)taps.From.Length * 4;
        ref var samples = ref MemoryMarshal.GetReference(row);
        ref var from = ref MemoryMarshal.GetReference(taps.From);
        ref var picks = ref MemoryMarshal.GetReference(taps.Picks);
        ref var pairs = ref MemoryMarshal.GetReference(taps.Pairs);
        ref var to = ref MemoryMarshal.GetReference(kept[..(int)count]);
        var half = Vector256.Create(1 << (Shift - 1));
        for (nuint x = 0; x < count; x += Taps.Block)
        {
            ref var group = ref Unsafe.Add(ref from, x / 4);
            var outer = Sum(ref samples, group, Unsafe.Add(ref group, 1), ref Unsafe.Add(ref picks, 4 * x), ref Unsafe.Add(ref pairs, 4 * x));
            var inner = Sum(ref samples, Unsafe.Add(ref group, 2), Unsafe.Add(ref group, 3), ref Unsafe.Add(ref picks, 4 * x + 32), ref Unsafe.Add(ref pairs, 4 * x + 32));
            Avx2.PackSignedSaturate((outer + half) >> Shift, (inner + half) >> Shift).StoreUnsafe(ref to, x);
        }
    }

    /// <inheritdoc/>
    public override void Down(ReadOnlySpan<short> a, ReadOnlySpan<short> b, ReadOnlySpan<short> c, ReadOnlySpan<short> d, ReadOnlySpan<short> weights, Span<byte> film)
    {
        var width = film.Length;
        if (width < 32)
        {
            ScalarKernels.Instance.Down(a, b, c, d, weights, film);
            return;
        }
        ref var one = ref MemoryMarshal.GetReference(a[..width]);
        ref var two = ref MemoryMarshal.GetReference(b[..width]);
        ref var three = ref MemoryMarshal.GetReference(c[..width]);
        ref var four = ref MemoryMarshal.GetReference(d[..width]);
        ref var to = ref MemoryMarshal.GetReference(film);
        var pairs = MemoryMarshal.Cast<short, int>(weights);
        var (upper, lower) = (Vector256.Create(pairs[0]).AsInt16(), Vector256.Create(pairs[1]).AsInt16());
        for (var x = 0; x < width; x += 32)
        {
            // The last step goes back, over what is written already.
            var at = (nuint)Math.Min(x, width - 32);
            var left = Sixteen(ref one, ref two, ref three, ref four, at, upper, lower);
            var right = Sixteen(ref one, ref two, ref three, ref four, at + 16, upper, lower);
            Avx2.Permute4x64(Avx2.PackUnsignedSaturate(left, right).AsInt64(), 0b11_01_10_00).AsByte().StoreUnsafe(ref to, at);
        }
    }

    /// <inheritdoc/>
    public override void Blend(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b, int weight, Span<byte> to)
    {
        var whole = weight == 1 << Taps.WeightBits ? 0 : to.Length & ~31;
        ref var one = ref MemoryMarshal.GetReference(a[..to.Length]);
        ref var other = ref MemoryMarshal.GetReference(b[..to.Length]);
        ref var mixed = ref MemoryMarshal.GetReference(to);
        // Half of a doubled product, rounded: (d x 2w + 2^14) >> 15 = (d x w + 2^13) >> 14.
        var part = Vector256.Create((short)(2 * weight));
        for (nuint i = 0; i < (nuint)whole; i += 32)
        {
            var (from, until) = (Vector256.LoadUnsafe(ref one, i), Vector256.LoadUnsafe(ref other, i));
            var low = Mix(Avx2.UnpackLow(from, Vector256<byte>.Zero).AsInt16(), Avx2.UnpackLow(until, Vector256<byte>.Zero).AsInt16(), part);
            var high = Mix(Avx2.UnpackHigh(from, Vector256<byte>.Zero).AsInt16(), Avx2.UnpackHigh(until, Vector256<byte>.Zero).AsInt16(), part);
            Avx2.PackUnsignedSaturate(low, high).StoreUnsafe(ref mixed, i);
        }
        ScalarKernels.Instance.Blend(a[whole..], b[whole..], weight, to[whole..]);
    }

    private static Vector256<short> Mix(Vector256<short> a, Vector256<short> b, Vector256<short> part) => a + Avx2.MultiplyHighRoundScale(b - a, part);

    // Eight film samples: two groups, one a lane.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Sum(ref byte samples, int left, int right, ref byte picks, ref short pairs)
    {
        var loads = Vector256.Create(Vector128.LoadUnsafe(ref samples, (nuint)left), Vector128.LoadUnsafe(ref samples, (nuint)right));
        var pick = Vector256.LoadUnsafe(ref picks);
        var first = Avx2.Shuffle(loads, pick).AsInt16();
        var second = Avx2.Shuffle(loads, pick + Vector256.Create((byte)2)).AsInt16();
        return Avx2.MultiplyAddAdjacent(first, Vector256.LoadUnsafe(ref pairs)) + Avx2.MultiplyAddAdjacent(second, Vector256.LoadUnsafe(ref pairs, 16));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<short> Sixteen(ref short a, ref short b, ref short c, ref short d, nuint at, Vector256<short> upper, Vector256<short> lower)
    {
        const int Shift = Taps.WeightBits + KeptBits;
        var (one, two) = (Vector256.LoadUnsafe(ref a, at), Vector256.LoadUnsafe(ref b, at));
        var (three, four) = (Vector256.LoadUnsafe(ref c, at), Vector256.LoadUnsafe(ref d, at));
        var half = Vector256.Create(1 << (Shift - 1));
        var low = Avx2.MultiplyAddAdjacent(Avx2.UnpackLow(one, two), upper) + Avx2.MultiplyAddAdjacent(Avx2.UnpackLow(three, four), lower);
        var high = Avx2.MultiplyAddAdjacent(Avx2.UnpackHigh(one, two), upper) + Avx2.MultiplyAddAdjacent(Avx2.UnpackHigh(three, four), lower);
        return Avx2.PackSignedSaturate((low + half) >> Shift, (high + half) >> Shift);
    }
}
