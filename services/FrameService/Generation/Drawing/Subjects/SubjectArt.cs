using System.Globalization;
using FrameService.Generation.Reading;
using SkiaSharp;

namespace FrameService.Generation.Drawing.Subjects;

/// <summary>How a thing is drawn: its parts from back to front, in a box whose foot is at y = 100 and whose middle is at x = 50.</summary>
/// <param name="Size">How tall 100 units are, compared with a standing person in the same shot; a compromise between nature and what reads.</param>
/// <param name="Parts">The parts.</param>
internal sealed record SubjectArt(float Size, params Part[] Parts)
{
    /// <summary>Whether it is at home in the air (or in water, below the surface) rather than on the ground.</summary>
    public bool Aloft { get; init; }

    /// <summary>Whether it stands in the landscape and others pass before it.</summary>
    public bool Landmark { get; init; }

    /// <summary>How much of it is under water when it swims.</summary>
    public float Draught { get; init; }

    /// <summary>Where its own light is, in the same box.</summary>
    public SKPoint? Lamp { get; init; }

    public static SubjectArt Of(SubjectKind kind) => All.Value[kind];

    private static readonly Lazy<Dictionary<SubjectKind, SubjectArt>> All = new(() =>
    {
        var all = new Dictionary<SubjectKind, SubjectArt>();
        foreach (var drawer in new[] { People.All, Animals.All, SmallAnimals.All, Vessels.All, Vehicles.All, Buildings.All, Nature.All, Things.All, SmallThings.All })
        {
            foreach (var (kind, art) in drawer) all.Add(kind, art);
        }

        return all;
    });
}

internal enum PartRole
{
    /// <summary>Its own colour.</summary>
    Own,

    /// <summary>The colour that the words may name.</summary>
    Main,

    /// <summary>A window: lit when it is dark.</summary>
    Window,

    /// <summary>Gives light itself.</summary>
    Glow,

    /// <summary>A line of <see cref="Part.Width"/>.</summary>
    Line,

    /// <summary>A shadow or a shine over what is there, with the alpha of its colour.</summary>
    Shade,
}

/// <summary>One form of a thing.</summary>
/// <param name="Form">SVG path data; <c>;</c> joins pieces, <c>o x,y,r</c> is a circle, <c>e x,y,rx,ry</c> an oval, <c>b x,y,w,h</c> a box.</param>
/// <param name="Colour">0xRRGGBB, for shades 0xAARRGGBB.</param>
/// <param name="Role">What the colour means.</param>
/// <param name="Width">Of lines, in units of the box.</param>
internal sealed record Part(string Form, uint Colour, PartRole Role = PartRole.Own, float Width = 0)
{
    public static Part Body(string form, uint colour) => new(form, colour, PartRole.Main);

    public static Part Window(string form) => new(form, 0x39424F, PartRole.Window);

    public static Part Glow(string form, uint colour) => new(form, colour, PartRole.Glow);

    public static Part Line(string form, uint colour, float width) => new(form, colour, PartRole.Line, width);

    public static Part Shade(string form, uint colour) => new(form, colour, PartRole.Shade);

    /// <summary>The form in the box's units; the caller disposes of it.</summary>
    public SKPath ToPath()
    {
        var path = new SKPath { FillType = SKPathFillType.Winding };
        foreach (var piece in Form.Split(';', StringSplitOptions.TrimEntries))
        {
            if (piece[0] is not ('o' or 'e' or 'b'))
            {
                using var parsed = SKPath.ParseSvgPathData(piece) ?? throw new FormatException($"Not path data: {piece}");
                path.AddPath(parsed);
                continue;
            }

            var n = Array.ConvertAll(piece[1..].Split(','), x => float.Parse(x, CultureInfo.InvariantCulture));
            if (piece[0] == 'o') path.AddCircle(n[0], n[1], n[2]);
            else if (piece[0] == 'e') path.AddOval(new SKRect(n[0] - n[2], n[1] - n[3], n[0] + n[2], n[1] + n[3]));
            else path.AddRect(SKRect.Create(n[0], n[1], n[2], n[3]));
        }

        return path;
    }
}
