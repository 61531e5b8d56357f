using System.Numerics;

namespace VideoService.Rendering.Transitions;

/// <summary>Mixes samples by a mask: (a (256 - m) + b m + 128) / 256, rounded down. Vectors of any width give the same bytes.</summary>
internal static class MaskKernels
{
    /// <summary>A mask's value where the second picture alone is seen.</summary>
    public const ushort Whole = 256;

    /// <summary>By one mask for all samples.</summary>
    public static void Mix(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b, ushort mask, Span<byte> to)
    {
        if (mask is 0 or Whole)
        {
            (mask == 0 ? a : b).CopyTo(to);
            return;
        }
        var i = 0;
        var part = new Vector<ushort>(mask);
        for (; i <= to.Length - Vector<byte>.Count; i += Vector<byte>.Count)
        {
            Vector.Widen(new Vector<byte>(a[i..]), out var a0, out var a1);
            Vector.Widen(new Vector<byte>(b[i..]), out var b0, out var b1);
            Vector.Narrow(Mixed(a0, b0, part), Mixed(a1, b1, part)).CopyTo(to[i..]);
        }
        for (; i < to.Length; i++) to[i] = Mixed(a[i], b[i], mask);
    }

    /// <summary>By a mask of its own for each sample.</summary>
    public static void Mix(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b, ReadOnlySpan<ushort> mask, Span<byte> to)
    {
        var i = 0;
        for (; i <= to.Length - Vector<byte>.Count; i += Vector<byte>.Count)
        {
            Vector.Widen(new Vector<byte>(a[i..]), out var a0, out var a1);
            Vector.Widen(new Vector<byte>(b[i..]), out var b0, out var b1);
            var (m0, m1) = (new Vector<ushort>(mask[i..]), new Vector<ushort>(mask[(i + Vector<ushort>.Count)..]));
            Vector.Narrow(Mixed(a0, b0, m0), Mixed(a1, b1, m1)).CopyTo(to[i..]);
        }
        for (; i < to.Length; i++) to[i] = Mixed(a[i], b[i], mask[i]);
    }

    /// <summary>By thresholds: a sample's mask rises from nought to whole while <paramref name="level"/> goes from 16 times its threshold to 1024 beyond that.</summary>
    /// <param name="a">The first picture.</param>
    /// <param name="b">The second picture.</param>
    /// <param name="thresholds">One for each sample.</param>
    /// <param name="level">0, nothing of the second picture, to <see cref="TopLevel"/>, nothing of the first.</param>
    /// <param name="to">As many samples as all others have.</param>
    public static void Mix(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b, ReadOnlySpan<byte> thresholds, short level, Span<byte> to)
    {
        var i = 0;
        var levels = new Vector<short>(level);
        for (; i <= to.Length - Vector<byte>.Count; i += Vector<byte>.Count)
        {
            Vector.Widen(new Vector<byte>(a[i..]), out var a0, out var a1);
            Vector.Widen(new Vector<byte>(b[i..]), out var b0, out var b1);
            Vector.Widen(new Vector<byte>(thresholds[i..]), out var t0, out var t1);
            Vector.Narrow(Mixed(a0, b0, Risen(levels, t0)), Mixed(a1, b1, Risen(levels, t1))).CopyTo(to[i..]);
        }
        for (; i < to.Length; i++) to[i] = Mixed(a[i], b[i], Math.Clamp(level - (thresholds[i] << 4), 0, 1024) >> 2);
    }

    /// <summary>The level at which every threshold has been passed.</summary>
    public const short TopLevel = (255 << 4) + 1024;

    private static Vector<ushort> Risen(Vector<short> level, Vector<ushort> threshold) =>
        Vector.AsVectorUInt16(Vector.Min(Vector.Max(level - Vector.AsVectorInt16(threshold << 4), Vector<short>.Zero), new Vector<short>(1024)) >> 2);

    private static Vector<ushort> Mixed(Vector<ushort> a, Vector<ushort> b, Vector<ushort> mask) =>
        (a * (new Vector<ushort>(Whole) - mask) + b * mask + new Vector<ushort>(128)) >> 8;

    private static byte Mixed(int a, int b, int mask) => (byte)((a * (Whole - mask) + b * mask + 128) >> 8);
}
