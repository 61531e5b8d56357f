using VideoService.Rendering.Transitions;

namespace VideoService.Rendering;

/// <summary>The film frames of one piece, before encoding. Not safe for use from two threads at once.</summary>
/// <param name="film">The film's size.</param>
/// <param name="piece">The piece.</param>
/// <param name="pictures">A picture for each of the piece's shots.</param>
/// <param name="ring">Where its frames are drawn.</param>
/// <param name="captions">A drawn caption for each of them, where one is burned in; null where none is.</param>
internal sealed class PieceFrames(FilmSettings film, Piece piece, IReadOnlyList<PicturePlanes> pictures, FrameRing ring, IReadOnlyList<CaptionImage?>? captions = null)
{
    // What a clip's camera draws is written as it is; of a joint's cameras a third frame is made at once.
    private readonly Camera[] _cameras = [.. piece.Shots.Select((shot, i) => new Camera(film, shot, pictures[i], piece.Joint is null && captions?[0] is null ? ring : new FrameRing(ring.FrameBytes, 1)))];
    private readonly TransitionFrames? _transition = piece.Joint is { } joint ? TransitionFrames.For(film, joint) : null;

    /// <summary>In a ring of its own.</summary>
    public PieceFrames(FilmSettings film, Piece piece, IReadOnlyList<PicturePlanes> pictures, IReadOnlyList<CaptionImage?>? captions = null)
        : this(film, piece, pictures, new FrameRing(film.Width * film.Height * 3 / 2), captions)
    {
    }

    /// <summary>Film frame <paramref name="index"/> of the piece, from 0, as packed I420. It stays as it is until its room in the ring has its turn again; where nothing moves it is the same one again.</summary>
    public ReadOnlyMemory<byte> Render(int index)
    {
        var filmFrame = piece.StartFrame + index;
        if (_transition is null) return Captioned(_cameras[0].Show(filmFrame));
        var frame = ring.Next();
        var progress = piece.Joint!.ProgressAt(index);
        _transition.Render(_cameras[0], _cameras[1], filmFrame, progress, frame);
        // The one has gone when the other comes: two texts over each other can neither be read.
        captions?[0]?.Over(frame, film, Math.Max(0, 1 - 2 * progress));
        captions?[1]?.Over(frame, film, Math.Max(0, 2 * progress - 1));
        return frame;
    }

    /// <summary>A camera may show what it has drawn again, so that is never written on.</summary>
    private byte[] Captioned(byte[] shown)
    {
        if (captions?[0] is not { } caption) return shown;
        var frame = ring.Next();
        shown.CopyTo(frame, 0);
        caption.Over(frame, film, 1);
        return frame;
    }
}
