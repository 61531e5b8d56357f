using VideoService.Rendering.Sampling;

namespace VideoService.Rendering.Transitions;

/// <summary>Both pictures are seen through each other, linear in Y'CbCr.</summary>
internal sealed class CrossFade : TransitionFrames
{
    /// <inheritdoc/>
    public override void Render(ShotView from, ShotView to, int filmFrame, double progress, Span<byte> frame) =>
        Resampler.Blend(from.Show(filmFrame), to.Show(filmFrame), progress, frame);
}
