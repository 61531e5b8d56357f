using VideoService.Rendering.Sampling;

namespace VideoService.Rendering;

/// <summary>Draws one shot's film frames. Not safe for use from two threads at once.</summary>
/// <param name="film">The film's size.</param>
/// <param name="shot">The shot.</param>
/// <param name="picture">Its picture.</param>
/// <param name="frames">Room to draw in.</param>
internal sealed class Camera(FilmSettings film, Shot shot, PicturePlanes picture, FrameRing frames) : ShotView
{
    private readonly Resampler _resampler = new(film.Width, film.Height);
    private byte[] _shown = [];
    private View? _seen;

    /// <inheritdoc/>
    public override byte[] Show(int filmFrame, double right = 0, double down = 0)
    {
        var view = shot.ViewAt(filmFrame);
        if (right != 0 || down != 0) view = new(view.Left - right * view.Size / film.Width, view.Top - down * view.Size / film.Height, view.Size);

        // A picture that stands still is drawn once.
        if (view == _seen) return _shown;
        _shown = frames.Next();
        _resampler.Render(picture, view, _shown);
        _seen = view;
        return _shown;
    }
}
