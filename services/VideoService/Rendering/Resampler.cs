namespace VideoService.Rendering;

/// <summary>
/// Shows a view of a picture at the film's size: the specification of what faster code has to compute, to within one level.
/// Not safe for use from two threads at once; each piece has its own.
/// </summary>
/// <remarks>
/// <code>
/// 1. Where does each film sample look?       position(i) = offset + step * i, in samples of the canvas plane
/// 2. Which four samples weigh how much?      Catmull-Rom at the fraction of the position, 14 bits
/// 3. Across: canvas row -> film-wide row     8 bits x 14 bits, kept with 6 fractional bits, in a ring of four rows
/// 4. Down: four such rows -> film row        16 bits x 14 bits, rounded to 8 bits and clamped
/// </code>
/// Positions, for a canvas W wide whose view begins at <c>x0</c> samples and has <c>s</c> canvas samples for each film sample (samples have their
/// centres at i + 1/2):
/// <code>
/// luma, across and down                      x0 + (i + 1/2) s - 1/2
/// chroma across: on even luma columns        (x0 + (2i + 1/2) s - 1/2) / 2  =  half of luma's offset, the same step
/// chroma down: midway between luma rows      (y0 + (2i + 1) s - 1) / 2
/// </code>
/// The kernel is that of Catmull and Rom, "A class of local interpolating splines" (1974); the same as Keys' cubic convolution with a = -1/2 (1981):
/// <code>
/// w(-1) = (-t + 2t^2 - t^3) / 2    w(0) = (2 - 5t^2 + 3t^3) / 2    w(1) = (t + 4t^2 - 3t^3) / 2    w(2) = (-t^2 + t^3) / 2
/// </code>
/// It is not widened where a picture shrinks: canvases are made at most <see cref="MotionPath.MaxZoom"/> times the film's size, where that does not show.
/// </remarks>
internal sealed class Resampler
{
    private const int WeightBits = 14;
    private const int KeptBits = 6;

    private readonly int _width;
    private readonly int _height;
    private readonly Taps _across;
    private readonly Taps _down;
    private readonly short[][] _ring;

    /// <summary>Prepares for films of this size; both sides are even.</summary>
    public Resampler(int width, int height)
    {
        (_width, _height) = (width, height);
        (_across, _down) = (new Taps(width), new Taps(height));
        _ring = [new short[width], new short[width], new short[width], new short[width]];
    }

    /// <summary>Bytes of one film frame.</summary>
    public int FrameBytes => _width * _height * 3 / 2;

    /// <summary>Writes the view as one packed I420 frame of <see cref="FrameBytes"/>.</summary>
    public void Render(PicturePlanes picture, View view, Span<byte> frame)
    {
        double canvasWidth = picture.Y.Width, canvasHeight = picture.Y.Height;
        var stepX = view.Size * canvasWidth / _width;
        var stepY = view.Size * canvasHeight / _height;
        var left = view.Left * canvasWidth + stepX / 2 - 0.5;
        var top = view.Top * canvasHeight;

        var area = _width * _height;
        _across.Place(left, stepX, _width);
        _down.Place(top + stepY / 2 - 0.5, stepY, _height);
        Resample(picture.Y, frame[..area], _width, _height);

        _across.Place(left / 2, stepX, _width / 2);
        _down.Place((top + stepY - 1) / 2, stepY, _height / 2);
        Resample(picture.U, frame.Slice(area, area / 4), _width / 2, _height / 2);
        Resample(picture.V, frame.Slice(area + area / 4, area / 4), _width / 2, _height / 2);
    }

    /// <summary>Writes a + (b - a) x part, each sample rounded to the nearest level: a cross-fade, linear in Y'CbCr.</summary>
    public static void Blend(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b, double part, Span<byte> frame)
    {
        var weight = (int)Math.Round(part * (1 << WeightBits));
        a = a[..frame.Length];
        b = b[..frame.Length];
        for (var i = 0; i < frame.Length; i++)
            frame[i] = (byte)((a[i] * ((1 << WeightBits) - weight) + b[i] * weight + (1 << (WeightBits - 1))) >> WeightBits);
    }

    private void Resample(Plane plane, Span<byte> film, int width, int height)
    {
        var done = int.MinValue;
        for (var y = 0; y < height; y++)
        {
            var first = _down.First[y];
            for (var row = Math.Max(first, done); row < first + 4; row++) Across(plane.PaddedRow(row), _ring[row & 3].AsSpan(0, width));
            done = first + 4;
            Down(_down.Weights.AsSpan(4 * y, 4), first, film.Slice(y * width, width));
        }
    }

    private void Across(ReadOnlySpan<byte> row, Span<short> kept)
    {
        const int Shift = WeightBits - KeptBits;
        var first = _across.First.AsSpan(0, kept.Length);
        var weights = _across.Weights.AsSpan(0, 4 * kept.Length);
        for (var x = 0; x < kept.Length; x++)
        {
            var from = row.Slice(first[x] + Plane.Pad, 4);
            var weight = weights.Slice(4 * x, 4);
            kept[x] = (short)((from[0] * weight[0] + from[1] * weight[1] + from[2] * weight[2] + from[3] * weight[3] + (1 << (Shift - 1))) >> Shift);
        }
    }

    private void Down(ReadOnlySpan<short> weight, int first, Span<byte> film)
    {
        const int Shift = WeightBits + KeptBits;
        int w0 = weight[0], w1 = weight[1], w2 = weight[2], w3 = weight[3];
        var a = _ring[first & 3].AsSpan(0, film.Length);
        var b = _ring[(first + 1) & 3].AsSpan(0, film.Length);
        var c = _ring[(first + 2) & 3].AsSpan(0, film.Length);
        var d = _ring[(first + 3) & 3].AsSpan(0, film.Length);
        for (var x = 0; x < film.Length; x++)
        {
            var level = (a[x] * w0 + b[x] * w1 + c[x] * w2 + d[x] * w3 + (1 << (Shift - 1))) >> Shift;
            film[x] = (byte)((uint)level <= 255 ? level : level < 0 ? 0 : 255);
        }
    }

    /// <summary>For each film sample of one axis: the first of its four canvas samples, and their weights, which add up to one exactly.</summary>
    private sealed class Taps(int length)
    {
        public int[] First { get; } = new int[length];

        public short[] Weights { get; } = new short[4 * length];

        public void Place(double offset, double step, int count)
        {
            const int One = 1 << WeightBits;
            for (var i = 0; i < count; i++)
            {
                var position = offset + step * i;
                var whole = Math.Floor(position);
                var t = position - whole;
                var before = (int)Math.Round(One / 2 * t * (-1 + t * (2 - t)));
                var second = (int)Math.Round(One / 2 * t * (1 + t * (4 - 3 * t)));
                var third = (int)Math.Round(One / 2 * t * t * (t - 1));
                First[i] = (int)whole - 1;
                var weights = Weights.AsSpan(4 * i, 4);
                weights[0] = (short)before;
                weights[1] = (short)(One - before - second - third);
                weights[2] = (short)second;
                weights[3] = (short)third;
            }
        }
    }
}
