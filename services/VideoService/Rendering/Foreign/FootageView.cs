using VideoService.Rendering.Sampling;

namespace VideoService.Rendering.Foreign;

/// <summary>Shows a foreign clip at the film's size: evenly cut to its ratio, and resampled as pictures are. Not safe for use from two threads at once.</summary>
/// <param name="film">The film's size.</param>
/// <param name="clip">The clip.</param>
/// <param name="reader">Its pictures.</param>
/// <param name="frames">Room to draw in.</param>
internal sealed class FootageView(FilmSettings film, Footage clip, FootageReader reader, FrameRing frames) : ShotView
{
    // The sampler's kernel is not widened where a picture shrinks; what is left to it is less than two to one.
    private readonly int _times = Math.Max(1, (int)Math.Min((double)clip.Width / film.Width, (double)clip.Height / film.Height));
    private readonly Resampler _resampler = new(film.Width, film.Height);
    private PicturePlanes? _planes;
    private byte[] _packed = [];
    private byte[] _shown = [];
    private (int Frame, double Right, double Down)? _seen;

    /// <inheritdoc/>
    public override byte[] Show(int filmFrame, double right = 0, double down = 0)
    {
        if (_seen == (filmFrame, right, down)) return _shown;
        var picture = reader.At(filmFrame);
        _shown = frames.Next();
        if (clip.Width == film.Width && clip.Height == film.Height && right == 0 && down == 0)
        {
            picture.CopyTo(_shown);
        }
        else
        {
            Take(picture);
            _resampler.Render(_planes!, right, down, _shown);
        }
        _seen = (filmFrame, right, down);
        return _shown;
    }

    private void Take(ReadOnlySpan<byte> picture)
    {
        // Whole pairs, so that colours keep their place.
        int width = clip.Width / _times & ~1, height = clip.Height / _times & ~1;
        if (_planes is null)
        {
            _planes = new PicturePlanes(new Plane(width, height), new Plane(width / 2, height / 2), new Plane(width / 2, height / 2));
            _packed = new byte[width * height];
        }
        var area = clip.Width * clip.Height;
        Take(picture[..area], clip.Width, _planes.Y);
        Take(picture.Slice(area, area / 4), clip.Width / 2, _planes.U);
        Take(picture.Slice(area + area / 4, area / 4), clip.Width / 2, _planes.V);
    }

    private void Take(ReadOnlySpan<byte> samples, int stride, Plane plane)
    {
        var packed = _packed.AsSpan(0, plane.Width * plane.Height);
        for (var y = 0; y < plane.Height; y++)
        {
            var row = packed.Slice(y * plane.Width, plane.Width);
            if (_times == 1) samples.Slice(y * stride, plane.Width).CopyTo(row);
            else Average(samples[(y * _times * stride)..], stride, row);
        }
        plane.Take(packed);
    }

    // Each sample is the mean of a square.
    private void Average(ReadOnlySpan<byte> samples, int stride, Span<byte> row)
    {
        var half = _times * _times / 2;
        for (var x = 0; x < row.Length; x++)
        {
            var sum = half;
            for (var y = 0; y < _times; y++)
            {
                foreach (var sample in samples.Slice(y * stride + x * _times, _times)) sum += sample;
            }
            row[x] = (byte)(sum / (_times * _times));
        }
    }
}
