using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace VideoService.Rendering.Sampling;

/// <summary>
/// The arithmetic of rows of samples. <see cref="ScalarKernels"/> is the specification; every other one gives exactly the same bytes, so that a piece's name,
/// which is the hash of what goes in, holds on every machine. All are safe for use from many threads.
/// </summary>
internal abstract class RowKernels
{
    /// <summary>Fractional bits of what <see cref="Across"/> gives.</summary>
    public const int KeptBits = 6;

    /// <summary>The fastest that this processor can do.</summary>
    public static RowKernels Best { get; } = Avx512Kernels.IsSupported ? new Avx512Kernels() : Avx2.IsSupported ? new Avx2Kernels() : Vector128.IsHardwareAccelerated ? new Vector128Kernels() : new ScalarKernels();

    /// <summary>One canvas row at the film's places: for each film sample the sum of four canvas samples by their weights, with <see cref="KeptBits"/>.</summary>
    /// <param name="row">A padded row of the plane that the taps were placed for.</param>
    /// <param name="taps">The places; grouped, where <see cref="NeedsGroups"/>.</param>
    /// <param name="kept">Room for whole blocks.</param>
    public abstract void Across(ReadOnlySpan<byte> row, Taps taps, Span<short> kept);

    /// <summary>One film row: the sum of four rows by their weights, rounded and clamped to eight bits.</summary>
    public abstract void Down(ReadOnlySpan<short> a, ReadOnlySpan<short> b, ReadOnlySpan<short> c, ReadOnlySpan<short> d, ReadOnlySpan<short> weights, Span<byte> film);

    /// <summary>a + (b - a) x weight / 2^14 for each sample, rounded to the nearest level. The target may be one of the sources.</summary>
    public abstract void Blend(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b, int weight, Span<byte> to);

    /// <summary>Whether <see cref="Across"/> reads the tables of <see cref="Taps.TryGroup"/>.</summary>
    public virtual bool NeedsGroups => true;
}
