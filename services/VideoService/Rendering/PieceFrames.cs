using VideoService.Rendering.Sampling;

namespace VideoService.Rendering;

/// <summary>The film frames of one piece, before encoding. Not safe for use from two threads at once.</summary>
/// <param name="film">The film's size.</param>
/// <param name="piece">The piece.</param>
/// <param name="pictures">A picture for each of the piece's shots.</param>
internal sealed class PieceFrames(FilmSettings film, Piece piece, IReadOnlyList<PicturePlanes> pictures)
{
    private readonly Camera[] _cameras = [.. piece.Shots.Select((shot, i) => new Camera(film, shot, pictures[i]))];
    private readonly Pair _blends = new(film);

    /// <summary>Film frame <paramref name="index"/> of the piece, from 0, as packed I420. It stays as it is until the call after the next one, so that it can be written meanwhile.</summary>
    public ReadOnlyMemory<byte> Render(int index)
    {
        var first = _cameras[0].Show(piece.StartFrame + index);
        if (_cameras.Length == 1) return first;
        var second = _cameras[1].Show(piece.StartFrame + index);
        var blend = _blends.Next();
        Resampler.Blend(first, second, piece.Joint!.ProgressAt(index), blend);
        return blend;
    }

    private sealed class Camera(FilmSettings film, Shot shot, PicturePlanes picture)
    {
        private readonly Resampler _resampler = new(film.Width, film.Height);
        private readonly Pair _frames = new(film);
        private byte[] _shown = [];
        private View? _seen;

        public byte[] Show(int filmFrame)
        {
            // A picture that stands still is drawn once.
            var view = shot.ViewAt(filmFrame);
            if (view == _seen) return _shown;
            _shown = _frames.Next();
            _resampler.Render(picture, view, _shown);
            _seen = view;
            return _shown;
        }
    }

    /// <summary>Two frames that take turns.</summary>
    private sealed class Pair(FilmSettings film)
    {
        private byte[]? _next;
        private byte[]? _other;

        public byte[] Next()
        {
            (_next, _other) = (_other, _next);
            return _next ??= GC.AllocateUninitializedArray<byte>(film.Width * film.Height * 3 / 2);
        }
    }
}
