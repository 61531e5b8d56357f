using VideoService.Rendering.Sampling;

namespace VideoService.Rendering.Transitions;

/// <summary>The first half shows the one picture going dark, the second half the other one coming out of the dark. One picture is drawn at a time.</summary>
internal sealed class FadeThroughBlack : TransitionFrames
{
    // The part of the time in which all is black: without it no frame would be.
    private const double Dark = 0.08;

    private readonly byte[] _black;

    /// <summary>Prepares for films of this size.</summary>
    public FadeThroughBlack(int width, int height)
    {
        _black = new byte[width * height * 3 / 2];
        _black.AsSpan(0, width * height).Fill(16);
        _black.AsSpan(width * height).Fill(128);
    }

    /// <inheritdoc/>
    public override void Render(ShotView from, ShotView to, int filmFrame, double progress, Span<byte> frame)
    {
        var light = Smooth((Math.Abs(2 * progress - 1) - Dark) / (1 - Dark));
        Resampler.Blend(_black, (progress < 0.5 ? from : to).Show(filmFrame), light, frame);
    }
}
