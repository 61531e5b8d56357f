namespace VideoService.Rendering.Sampling;

/// <summary>The specification.</summary>
internal sealed class ScalarKernels : RowKernels
{
    /// <summary>For what the others do not do.</summary>
    public static ScalarKernels Instance { get; } = new();

    /// <inheritdoc/>
    public override bool NeedsGroups => false;

    /// <inheritdoc/>
    public override void Across(ReadOnlySpan<byte> row, Taps taps, Span<short> kept)
    {
        const int Shift = Taps.WeightBits - KeptBits;
        var first = taps.First;
        var weights = taps.Weights;
        for (var x = 0; x < first.Length; x++)
        {
            var from = row.Slice(first[x] + Plane.Pad, 4);
            var weight = weights.Slice(4 * x, 4);
            kept[x] = (short)((from[0] * weight[0] + from[1] * weight[1] + from[2] * weight[2] + from[3] * weight[3] + (1 << (Shift - 1))) >> Shift);
        }
    }

    /// <inheritdoc/>
    public override void Down(ReadOnlySpan<short> a, ReadOnlySpan<short> b, ReadOnlySpan<short> c, ReadOnlySpan<short> d, ReadOnlySpan<short> weights, Span<byte> film)
    {
        const int Shift = Taps.WeightBits + KeptBits;
        int w0 = weights[0], w1 = weights[1], w2 = weights[2], w3 = weights[3];
        a = a[..film.Length];
        b = b[..film.Length];
        c = c[..film.Length];
        d = d[..film.Length];
        for (var x = 0; x < film.Length; x++)
        {
            var level = (a[x] * w0 + b[x] * w1 + c[x] * w2 + d[x] * w3 + (1 << (Shift - 1))) >> Shift;
            film[x] = (byte)((uint)level <= 255 ? level : level < 0 ? 0 : 255);
        }
    }

    /// <inheritdoc/>
    public override void Blend(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b, int weight, Span<byte> to)
    {
        const int One = 1 << Taps.WeightBits;
        a = a[..to.Length];
        b = b[..to.Length];
        for (var i = 0; i < to.Length; i++) to[i] = (byte)((a[i] * (One - weight) + b[i] * weight + One / 2) >> Taps.WeightBits);
    }
}
