using VideoService.Rendering.Foreign;
using VideoService.Rendering.Transitions;

namespace VideoService.Rendering;

/// <summary>The film frames of one piece, before encoding. Not safe for use from two threads at once.</summary>
/// <param name="film">The film's size.</param>
/// <param name="piece">The piece.</param>
/// <param name="sources">What each of the piece's shots shows.</param>
/// <param name="ring">Where its frames are drawn.</param>
/// <param name="captions">A drawn caption for each of them, where one is burned in; null where none is.</param>
internal sealed class PieceFrames(FilmSettings film, Piece piece, IReadOnlyList<ShotSource> sources, FrameRing ring, IReadOnlyList<CaptionImage?>? captions = null)
{
    // What a clip's view draws is written as it is; of a joint's views a third frame is made at once.
    private readonly ShotView[] _views = [.. piece.Shots.Select((shot, i) => sources[i].View(film, shot, piece.Joint is null && captions?[0] is null ? ring : new FrameRing(ring.FrameBytes, 1)))];
    private readonly TransitionFrames? _transition = piece.Joint is { } joint ? TransitionFrames.For(film, joint) : null;

    /// <summary>In a ring of its own.</summary>
    public PieceFrames(FilmSettings film, Piece piece, IReadOnlyList<PicturePlanes> pictures, IReadOnlyList<CaptionImage?>? captions = null)
        : this(film, piece, [.. pictures.Select(picture => new ShotSource(picture, null))], new FrameRing(film.Width * film.Height * 3 / 2), captions)
    {
    }

    /// <summary>Film frame <paramref name="index"/> of the piece, from 0, as packed I420. It stays as it is until its room in the ring has its turn again; where nothing moves it is the same one again.</summary>
    public ReadOnlyMemory<byte> Render(int index)
    {
        var filmFrame = piece.StartFrame + index;
        if (_transition is null) return Captioned(_views[0].Show(filmFrame));
        var frame = ring.Next();
        var progress = piece.Joint!.ProgressAt(index);
        _transition.Render(_views[0], _views[1], filmFrame, progress, frame);
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

/// <summary>What a shot shows: a picture that the camera moves over, or a foreign clip that is being decoded.</summary>
/// <param name="Picture">The picture; null where there is a clip.</param>
/// <param name="Clip">The clip; null where there is none.</param>
internal sealed record ShotSource(PicturePlanes? Picture, FootageReader? Clip)
{
    /// <summary>Its film frames.</summary>
    public ShotView View(FilmSettings film, Shot shot, FrameRing ring) => Clip is null ? new Camera(film, shot, Picture!, ring) : new FootageView(film, shot.Footage!, Clip, ring);
}
