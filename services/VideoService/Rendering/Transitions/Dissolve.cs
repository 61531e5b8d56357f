using VideoService.Rendering.Sampling;

namespace VideoService.Rendering.Transitions;

/// <summary>
/// The next picture comes through in soft patches that grow until they have met. Which place comes when is a map of thresholds, each level in as many places as any other, so that
/// the change goes on evenly.
/// </summary>
internal sealed class Dissolve : TransitionFrames
{
    private readonly byte[] _thresholds;

    /// <summary>Draws the map for films of this size; the same seed gives the same map.</summary>
    public Dissolve(int width, int height, ulong seed)
    {
        // Soft, so a quarter of the size is as good; a picture's own way to the film's size makes it smooth, and gives chroma its part.
        var small = Patches.Draw(Quarter(width), Quarter(height), seed);
        _thresholds = new byte[width * height * 3 / 2];
        new Resampler(width, height).Render(small, View.Whole, _thresholds);
    }

    /// <inheritdoc/>
    public override void Render(ShotView from, ShotView to, int filmFrame, double progress, Span<byte> frame) =>
        MaskKernels.Mix(from.Show(filmFrame), to.Show(filmFrame), _thresholds, (short)Math.Round(progress * MaskKernels.TopLevel), frame);

    private static int Quarter(int side) => Math.Max(8, side / 4 & ~1);
}
