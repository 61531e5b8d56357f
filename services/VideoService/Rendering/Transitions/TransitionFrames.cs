using FrameVideo.Contracts;

namespace VideoService.Rendering.Transitions;

/// <summary>
/// Draws the film frames of one transition. Both cameras go on with their own moves meanwhile. Integers and plain arithmetic alone, so that every machine gives the same bytes.
/// Not safe for use from two threads at once.
/// </summary>
internal abstract class TransitionFrames
{
    /// <summary>Draws one film frame.</summary>
    /// <param name="from">The picture that goes.</param>
    /// <param name="to">The picture that comes.</param>
    /// <param name="filmFrame">The film frame.</param>
    /// <param name="progress">Above 0 and below 1; at those the film would show one picture alone.</param>
    /// <param name="frame">Room for one film frame, packed I420.</param>
    public abstract void Render(ShotView from, ShotView to, int filmFrame, double progress, Span<byte> frame);

    /// <summary>The way of a joint that takes time.</summary>
    public static TransitionFrames For(FilmSettings film, Joint joint) => joint.Transition switch
    {
        Transition.FadeBlack => new FadeThroughBlack(film.Width, film.Height),
        Transition.Dissolve => new Dissolve(film.Width, film.Height, joint.Seed),
        Transition.Wipe => new Wipe(film.Width, film.Height, joint.Direction!.Value),
        Transition.Slide => new Slide(film.Width, film.Height, joint.Direction!.Value),
        _ => new CrossFade(),
    };

    /// <summary>3t^2 - 2t^3: rises from 0 to 1, without speed at both ends.</summary>
    protected static double Smooth(double t) => t <= 0 ? 0 : t >= 1 ? 1 : t * t * (3 - 2 * t);
}
