using VideoService.Rendering.Transitions;

namespace VideoService.Rendering;

/// <summary>The film frames of one piece, before encoding. Not safe for use from two threads at once.</summary>
/// <param name="film">The film's size.</param>
/// <param name="piece">The piece.</param>
/// <param name="pictures">A picture for each of the piece's shots.</param>
internal sealed class PieceFrames(FilmSettings film, Piece piece, IReadOnlyList<PicturePlanes> pictures)
{
    // What a clip's camera draws is written as it is; of a joint's cameras a third frame is made at once.
    private readonly Camera[] _cameras = [.. piece.Shots.Select((shot, i) => new Camera(film, shot, pictures[i], new FrameTurns(film, piece.Joint is null ? 2 : 1)))];
    private readonly TransitionFrames? _transition = piece.Joint is { } joint ? TransitionFrames.For(film, joint) : null;
    private readonly FrameTurns _frames = new(film, 2);

    /// <summary>Film frame <paramref name="index"/> of the piece, from 0, as packed I420. It stays as it is until the call after the next one, so that it can be written meanwhile.</summary>
    public ReadOnlyMemory<byte> Render(int index)
    {
        var filmFrame = piece.StartFrame + index;
        if (_transition is null) return _cameras[0].Show(filmFrame);
        var frame = _frames.Next();
        _transition.Render(_cameras[0], _cameras[1], filmFrame, piece.Joint!.ProgressAt(index), frame);
        return frame;
    }
}
