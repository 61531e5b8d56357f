using FrameVideo.Contracts;

namespace VideoService.Rendering.Transitions;

/// <summary>A soft edge goes over the film at even speed and leaves the next picture behind it. It is many pixels wide and placed between them, so that it glides.</summary>
internal sealed class Wipe : TransitionFrames
{
    // The edge's width, of the side along which it goes.
    private const double Softness = 0.08;

    private readonly int _width;
    private readonly int _height;
    private readonly Direction _direction;
    private readonly ushort[] _mask;

    /// <summary>Prepares for films of this size.</summary>
    public Wipe(int width, int height, Direction direction)
    {
        (_width, _height, _direction) = (width, height, direction);
        _mask = new ushort[Math.Max(width, height)];
    }

    private bool IsAcross => _direction is Direction.Left or Direction.Right;

    /// <inheritdoc/>
    public override void Render(ShotView from, ShotView to, int filmFrame, double progress, Span<byte> frame)
    {
        var (one, other) = (from.Show(filmFrame), to.Show(filmFrame));
        var area = _width * _height;
        Mix(one, other, progress, frame, _width, _height);
        foreach (var start in new[] { area, area + area / 4 })
        {
            var plane = start..(start + area / 4);
            Mix(one.AsSpan(plane), other.AsSpan(plane), progress, frame[plane], _width / 2, _height / 2);
        }
    }

    private void Mix(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other, double progress, Span<byte> to, int width, int height)
    {
        var mask = _mask.AsSpan(0, IsAcross ? width : height);
        Place(mask, progress);
        for (var y = 0; y < height; y++)
        {
            var row = (y * width)..((y + 1) * width);
            if (IsAcross) MaskKernels.Mix(one[row], other[row], mask, to[row]);
            else MaskKernels.Mix(one[row], other[row], mask[y], to[row]);
        }
    }

    // What the edge has passed is the next picture.
    private void Place(Span<ushort> mask, double progress)
    {
        var passed = progress * (1 + Softness);
        var isBackwards = _direction is Direction.Left or Direction.Up;
        for (var i = 0; i < mask.Length; i++)
        {
            var at = (i + 0.5) / mask.Length;
            mask[i] = (ushort)Math.Round(MaskKernels.Whole * Smooth((passed - (isBackwards ? 1 - at : at)) / Softness));
        }
    }
}
