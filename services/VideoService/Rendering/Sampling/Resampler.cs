namespace VideoService.Rendering.Sampling;

/// <summary>Shows a view of a picture at the film's size. Not safe for use from two threads at once; each piece has its own.</summary>
/// <remarks>
/// <code>
/// 1. Where does each film sample look?       position(i) = offset + step * i, in samples of the canvas plane     Taps
/// 2. Which four samples weigh how much?      Catmull-Rom at the fraction of the position, 14 bits                Taps
/// 3. Across: canvas row -> film-wide row     8 bits x 14 bits, kept with 6 fractional bits, in a ring of four    RowKernels
/// 4. Down: four such rows -> film row        16 bits x 14 bits, rounded to 8 bits and clamped                    RowKernels
/// </code>
/// Positions, for a canvas W wide whose view begins at <c>x0</c> samples and has <c>s</c> canvas samples for each film sample (samples have their
/// centres at i + 1/2):
/// <code>
/// luma, across and down                      x0 + (i + 1/2) s - 1/2
/// chroma across: on even luma columns        (x0 + (2i + 1/2) s - 1/2) / 2  =  half of luma's offset, the same step
/// chroma down: midway between luma rows      (y0 + (2i + 1) s - 1) / 2
/// </code>
/// The kernel is not widened where a picture shrinks: canvases are made at most <see cref="MotionPath.MaxZoom"/> times the film's size, where that does not show.
/// </remarks>
internal sealed class Resampler
{
    private readonly int _width;
    private readonly int _height;
    private readonly RowKernels _best;
    private readonly Taps _across;
    private readonly Taps _down;
    private readonly short[] _ring;
    private readonly int _kept;
    private RowKernels _kernels;

    /// <summary>Prepares for films of this size; both sides are even.</summary>
    public Resampler(int width, int height)
        : this(width, height, RowKernels.Best)
    {
    }

    internal Resampler(int width, int height, RowKernels kernels)
    {
        (_width, _height, _best, _kernels) = (width, height, kernels, kernels);
        (_across, _down) = (new Taps(width), new Taps(height));
        _kept = Taps.WholeBlocks(width);
        _ring = new short[4 * _kept];
    }

    /// <summary>Bytes of one film frame.</summary>
    public int FrameBytes => _width * _height * 3 / 2;

    /// <summary>Writes the view as one packed I420 frame of <see cref="FrameBytes"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The view does not lie within the canvas.</exception>
    public void Render(PicturePlanes picture, View view, Span<byte> frame)
    {
        double canvasWidth = picture.Y.Width, canvasHeight = picture.Y.Height;
        var stepX = view.Size * canvasWidth / _width;
        var stepY = view.Size * canvasHeight / _height;
        Render(picture, view.Left * canvasWidth, view.Top * canvasHeight, stepX, stepY, frame);
    }

    /// <summary>Writes the whole of a picture of any ratio, evenly cut to that of the film, as one packed I420 frame.</summary>
    /// <param name="picture">Of any size.</param>
    /// <param name="right">By how much it is moved, in pixels of the film, -1 to 1.</param>
    /// <param name="down">Likewise.</param>
    /// <param name="frame">Of <see cref="FrameBytes"/>.</param>
    public void Render(PicturePlanes picture, double right, double down, Span<byte> frame)
    {
        var step = Math.Min((double)picture.Y.Width / _width, (double)picture.Y.Height / _height);
        Render(picture, (picture.Y.Width - step * _width) / 2 - right * step, (picture.Y.Height - step * _height) / 2 - down * step, step, step, frame);
    }

    private void Render(PicturePlanes picture, double start, double top, double stepX, double stepY, Span<byte> frame)
    {
        var left = start + stepX / 2 - 0.5;
        var area = _width * _height;
        PlaceAcross(left, stepX, _width, picture.Y);
        _down.Place(top + stepY / 2 - 0.5, stepY, _height, picture.Y.Height);
        Resample(picture.Y, frame[..area]);

        PlaceAcross(left / 2, stepX, _width / 2, picture.U);
        _down.Place((top + stepY - 1) / 2, stepY, _height / 2, picture.U.Height);
        Resample(picture.U, frame.Slice(area, area / 4));
        Resample(picture.V, frame.Slice(area + area / 4, area / 4));
    }

    /// <summary>Writes a + (b - a) x part, each sample rounded to the nearest level: a cross-fade, linear in Y'CbCr. The target may be one of the sources.</summary>
    /// <param name="a">Samples, as many as the target has or more.</param>
    /// <param name="b">Likewise.</param>
    /// <param name="part">0 to 1.</param>
    /// <param name="frame">The target: a frame, or any part of one.</param>
    public static void Blend(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b, double part, Span<byte> frame) =>
        RowKernels.Best.Blend(a, b, (int)Math.Round(part * (1 << Taps.WeightBits)), frame);

    private void PlaceAcross(double offset, double step, int count, Plane plane)
    {
        _across.Place(offset, step, count, plane.Width);
        _kernels = !_best.NeedsGroups || _across.TryGroup() ? _best : ScalarKernels.Instance;
    }

    private void Resample(Plane plane, Span<byte> film)
    {
        var width = _across.Count;
        var done = int.MinValue;
        for (var y = 0; y < _down.Count; y++)
        {
            var first = _down.First[y];
            for (var row = Math.Max(first, done); row < first + 4; row++) _kernels.Across(plane.PaddedRow(row), _across, Kept(row));
            done = first + 4;
            _kernels.Down(Kept(first), Kept(first + 1), Kept(first + 2), Kept(first + 3), _down.Weights.Slice(4 * y, 4), film.Slice(y * width, width));
        }
    }

    private Span<short> Kept(int row) => _ring.AsSpan((row & 3) * _kept, _kept);
}
