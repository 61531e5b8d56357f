using VideoService.Rendering.Sampling;

namespace VideoService.Rendering;

/// <summary>The film frames of one piece, before encoding. Not safe for use from two threads at once.</summary>
/// <param name="film">The film's size.</param>
/// <param name="piece">The piece.</param>
/// <param name="pictures">A picture for each of the piece's shots.</param>
internal sealed class PieceFrames(FilmSettings film, Piece piece, IReadOnlyList<PicturePlanes> pictures)
{
    private readonly Camera[] _cameras = [.. piece.Shots.Select((shot, i) => new Camera(film, shot, pictures[i]))];
    private readonly byte[] _blend = new byte[piece.Shots.Count > 1 ? film.Width * film.Height * 3 / 2 : 0];

    /// <summary>Film frame <paramref name="index"/> of the piece, from 0, as packed I420. It stays as it is until the next call.</summary>
    public ReadOnlyMemory<byte> Render(int index)
    {
        var first = _cameras[0].Show(piece.StartFrame + index);
        if (_cameras.Length == 1) return first;
        var second = _cameras[1].Show(piece.StartFrame + index);
        Resampler.Blend(first, second, piece.Joint!.ProgressAt(index), _blend);
        return _blend;
    }

    private sealed class Camera(FilmSettings film, Shot shot, PicturePlanes picture)
    {
        private readonly Resampler _resampler = new(film.Width, film.Height);
        private readonly byte[] _frame = new byte[film.Width * film.Height * 3 / 2];
        private View? _seen;

        public byte[] Show(int filmFrame)
        {
            // A picture that stands still is drawn once.
            var view = shot.ViewAt(filmFrame);
            if (view != _seen) _resampler.Render(picture, view, _frame);
            _seen = view;
            return _frame;
        }
    }
}
