using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace VideoService.Rendering.Sampling;

/// <summary>
/// For x86 processors with vectors of 512 bits: rows are added up with them, which takes some 15 % of the time of drawing away. Across a row, where samples are picked, they gain nothing: neither by four loads
/// put together, which take longer, nor by one load and a permutation of its bytes.
/// </summary>
internal sealed class Avx512Kernels : RowKernels
{
    private static readonly Avx2Kernels Narrow = new();

    /// <summary>Whether this processor has them; the runtime knows those that are the slower for such vectors.</summary>
    public static bool IsSupported => Avx512BW.IsSupported && Vector512.IsHardwareAccelerated;

    /// <inheritdoc/>
    public override void Across(ReadOnlySpan<byte> row, Taps taps, Span<short> kept) => Narrow.Across(row, taps, kept);

    /// <inheritdoc/>
    public override void Down(ReadOnlySpan<short> a, ReadOnlySpan<short> b, ReadOnlySpan<short> c, ReadOnlySpan<short> d, ReadOnlySpan<short> weights, Span<byte> film)
    {
        var width = film.Length;
        if (width < 64)
        {
            Narrow.Down(a, b, c, d, weights, film);
            return;
        }
        ref var one = ref MemoryMarshal.GetReference(a[..width]);
        ref var two = ref MemoryMarshal.GetReference(b[..width]);
        ref var three = ref MemoryMarshal.GetReference(c[..width]);
        ref var four = ref MemoryMarshal.GetReference(d[..width]);
        ref var to = ref MemoryMarshal.GetReference(film);
        var pairs = MemoryMarshal.Cast<short, int>(weights);
        var (upper, lower) = (Vector512.Create(pairs[0]).AsInt16(), Vector512.Create(pairs[1]).AsInt16());
        // Packing takes a lane of the one and a lane of the other by turns.
        var order = Vector512.Create(0L, 2, 4, 6, 1, 3, 5, 7);
        for (var x = 0; x < width; x += 64)
        {
            // The last step goes back, over what is written already.
            var at = (nuint)Math.Min(x, width - 64);
            var left = ThirtyTwo(ref one, ref two, ref three, ref four, at, upper, lower);
            var right = ThirtyTwo(ref one, ref two, ref three, ref four, at + 32, upper, lower);
            Avx512F.PermuteVar8x64(Avx512BW.PackUnsignedSaturate(left, right).AsInt64(), order).AsByte().StoreUnsafe(ref to, at);
        }
    }

    /// <inheritdoc/>
    public override void Blend(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b, int weight, Span<byte> to) => Narrow.Blend(a, b, weight, to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<short> ThirtyTwo(ref short a, ref short b, ref short c, ref short d, nuint at, Vector512<short> upper, Vector512<short> lower)
    {
        const int Shift = Taps.WeightBits + KeptBits;
        var (one, two) = (Vector512.LoadUnsafe(ref a, at), Vector512.LoadUnsafe(ref b, at));
        var (three, four) = (Vector512.LoadUnsafe(ref c, at), Vector512.LoadUnsafe(ref d, at));
        var half = Vector512.Create(1 << (Shift - 1));
        var low = Avx512BW.MultiplyAddAdjacent(Avx512BW.UnpackLow(one, two), upper) + Avx512BW.MultiplyAddAdjacent(Avx512BW.UnpackLow(three, four), lower);
        var high = Avx512BW.MultiplyAddAdjacent(Avx512BW.UnpackHigh(one, two), upper) + Avx512BW.MultiplyAddAdjacent(Avx512BW.UnpackHigh(three, four), lower);
        return Avx512BW.PackSignedSaturate((low + half) >> Shift, (high + half) >> Shift);
    }
}
