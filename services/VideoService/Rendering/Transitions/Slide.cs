using FrameVideo.Contracts;

namespace VideoService.Rendering.Transitions;

/// <summary>
/// The next picture pushes the picture out, slowly at both ends. Whole pairs of pixels are moved by copying, what is left of the way is left to the cameras, so that both pictures
/// are as sharp and go as smoothly as in any of their moves; the pixel on the edge shows both by their parts of it.
/// </summary>
internal sealed class Slide(int width, int height, Direction direction) : TransitionFrames
{
    /// <inheritdoc/>
    public override void Render(ShotView from, ShotView to, int filmFrame, double progress, Span<byte> frame)
    {
        var isAcross = direction is Direction.Left or Direction.Right;
        var isBackwards = direction is Direction.Left or Direction.Up;
        var side = isAcross ? width : height;

        // Where the two meet: the one on the left or above ends there, the other begins.
        var edge = side * (isBackwards ? 1 - Smooth(progress) : Smooth(progress));
        var whole = 2 * (int)Math.Round(edge / 2);
        var rest = edge - whole;
        var one = from.Show(filmFrame, isAcross ? rest : 0, isAcross ? 0 : rest);
        var other = to.Show(filmFrame, isAcross ? rest : 0, isAcross ? 0 : rest);
        var (before, after) = isBackwards ? (one, other) : (other, one);

        var area = width * height;
        Place(before, after, frame[..area], isAcross, width, height, whole, edge);
        foreach (var start in new[] { area, area + area / 4 })
        {
            var plane = start..(start + area / 4);
            Place(before.AsSpan(plane), after.AsSpan(plane), frame[plane], isAcross, width / 2, height / 2, whole / 2, edge / 2);
        }
    }

    // Samples of `before` stand (side - whole) further back, those of `after` (whole) further on.
    private static void Place(ReadOnlySpan<byte> before, ReadOnlySpan<byte> after, Span<byte> to, bool isAcross, int width, int height, int whole, double edge)
    {
        // A row of samples, or a column of rows, is cut at the same place.
        var (side, unit, lines) = isAcross ? (width, 1, height) : (height, width, 1);
        var cut = (int)Math.Floor(edge);
        var part = (ushort)Math.Round(MaskKernels.Whole * (1 - (edge - cut)));
        for (var line = 0; line < lines; line++)
        {
            var place = (line * side * unit)..((line + 1) * side * unit);
            var a = before[place];
            var b = after[place];
            var into = to[place];

            // The cameras moved by up to one sample, so the edge may lie beyond what was copied: there a picture's last sample goes on.
            int left = Math.Max(0, cut - 1), right = Math.Min(side, cut + 2);
            for (var i = left; i < right; i++)
            {
                var last = a.Slice(Math.Clamp(i + side - whole, 0, side - 1) * unit, unit);
                var first = b.Slice(Math.Clamp(i - whole, 0, side - 1) * unit, unit);
                MaskKernels.Mix(last, first, i < cut ? (ushort)0 : i > cut ? MaskKernels.Whole : part, into.Slice(i * unit, unit));
            }
            if (left > 0) a.Slice((side - whole) * unit, left * unit).CopyTo(into);
            if (right < side) b.Slice((right - whole) * unit, (side - right) * unit).CopyTo(into[(right * unit)..]);
        }
    }
}
