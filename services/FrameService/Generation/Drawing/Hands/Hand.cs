using SkiaSharp;

namespace FrameService.Generation.Drawing.Hands;

/// <summary>
/// How a style draws. Scenery and subjects say what they are made of; the hand decides how that looks. A hand draws one frame
/// and is then disposed of.
/// </summary>
internal abstract class Hand(Stage stage, SKCanvas canvas)
{
    protected Stage Stage { get; } = stage;

    protected SKCanvas Canvas { get; } = canvas;

    /// <summary>A sky or a wall: colours from top to bottom over the whole width.</summary>
    public abstract void Backdrop(SKRect area, SKColor[] colours, float[] positions);

    /// <summary>A form. The colour is as seen from here; depth (0 at hand, 1 far) tells the hand how much to work on it.</summary>
    public abstract void Fill(SKPath form, SKColor colour, float depth, Surface surface = Surface.Body);

    /// <summary>A line of even width.</summary>
    public abstract void Line(SKPath path, SKColor colour, float width, float depth);

    /// <summary>Light around a point, added to what is there.</summary>
    public abstract void Glow(SKPoint centre, float radius, SKColor colour, float strength);

    /// <summary>The disc of sun, moon or planet.</summary>
    public abstract void Disc(SKPoint centre, float radius, SKColor colour);

    /// <summary>Clouds over the sky down to the horizon; cover from 0 to 1.</summary>
    public abstract void Clouds(float cover, SKColor lit, SKColor shade);

    /// <summary>Mist or shadow that thickens from the first height to the second.</summary>
    public abstract void Veil(float fromY, float toY, SKColor from, SKColor to);

    /// <summary>A beam of light, widening from its source.</summary>
    public abstract void Beam(SKPoint from, SKPoint left, SKPoint right, SKColor colour, float strength);

    /// <summary>What is drawn next lies at this depth together, up to the matching <see cref="EndPlane"/>.</summary>
    public virtual void BeginPlane(float depth)
    {
    }

    public virtual void EndPlane()
    {
    }

    /// <summary>The last work over the whole picture: its grain, its brush, its lens.</summary>
    public abstract void Finish(SKSurface surface);
}

/// <summary>What a form is made of.</summary>
internal enum Surface
{
    Body, Ground, Rock, Wall, Foliage, Water, Cloud, Light,
}
