using FrameService.Generation.Drawing.Hands;
using FrameService.Generation.Drawing.Settings;
using FrameService.Generation.Drawing.Subjects;
using FrameService.Generation.Reading;
using SkiaSharp;

namespace FrameService.Generation.Drawing;

/// <summary>Sets the subjects into the scene: the first on its third, the others behind it in the order of the words.</summary>
internal static class SubjectPainter
{
    private static readonly HashSet<SubjectKind> OnTables =
        [SubjectKind.Candle, SubjectKind.Book, SubjectKind.Cup, SubjectKind.Cake, SubjectKind.Letter, SubjectKind.Bottle, SubjectKind.Key, SubjectKind.Gift, SubjectKind.Clock, SubjectKind.Crown, SubjectKind.Lantern, SubjectKind.Flower];

    public static void Paint(Stage stage, Hand hand, Scenery scenery)
    {
        var cast = stage.Scene.Subjects.Where(s => s.Kind is not (SubjectKind.Moon or SubjectKind.Sun)).Take(3).ToList();
        if (cast.Count > 0 && scenery.IsWater && Casting.IsAshore(cast[0]) && !SubjectArt.Of(cast[0].Kind).Landmark)
        {
            // Who neither swims nor flies gets a bank to stand on.
            Land.Hill(stage, hand, 0.3f, 0.02f, 0x8A8458, 0.3f, "bank edge");
            Land.Hill(stage, hand, 0.34f, 0.03f, 0x7C8650, 0.14f, "bank");
            scenery = new OpenScenery();
        }

        // What stands in the landscape is drawn first, since others pass before it.
        // What a hand holds is drawn last of all.
        foreach (var place in Enumerable.Range(0, cast.Count).OrderByDescending(i => i == 1 && Casting.Holds(cast) ? -1 : Casting.Depth(cast[i], i)))
        {
            var depth = Casting.Depth(cast[place], place);
            hand.BeginPlane(depth);
            if (place == 0) Separate(stage, hand, Casting.Spots(stage, scenery, cast[0], 0).Last());
            if (place == 1 && Casting.Holds(cast))
            {
                var spot = Casting.InHand(stage, cast[0], cast[1], Casting.Spots(stage, scenery, cast[0], 0).Last());
                One(stage, hand, scenery, cast[1], spot, depth, carried: true);
            }
            else
            {
                foreach (var spot in Casting.Spots(stage, scenery, cast[place], place)) One(stage, hand, scenery, cast[place], spot, depth);
            }

            hand.EndPlane();
        }
    }

    // Light behind the subject, so that it stands off whatever is there.
    private static void Separate(Stage stage, Hand hand, Spot spot)
    {
        var light = stage.Palette.SkyLow.Mix(stage.Palette.Light, 0.3f);
        hand.Glow(new SKPoint(spot.X, spot.Foot - (spot.Height * 0.55f)), spot.Height * 0.95f, light, stage.Palette.IsDark ? 0.34f : 0.16f);
    }

    private static void One(Stage stage, Hand hand, Scenery scenery, NamedSubject subject, Spot spot, float depth, bool carried = false)
    {
        var art = SubjectArt.Of(subject.Kind);
        var afloat = scenery.IsAfloat || art.Aloft;
        if (stage.Setting == Setting.Interior && !carried && OnTables.Contains(subject.Kind))
        {
            var table = spot.Height * 1.05f;
            One(stage, hand, scenery, new NamedSubject(SubjectKind.Table), spot with { Height = table, Foot = spot.Foot + (table * 0.2f) }, depth, carried: true);
            spot = spot with { Foot = spot.Foot - (table * 0.44f) };
            carried = true;
        }

        var scale = spot.Height / 100;
        var flip = spot.Flipped ? -1 : 1;
        var rocking = scenery.IsWater && art.Draught > 0 ? stage.Panel("rocking").Range(-5, 5) * (stage.Weather == Weather.Storm ? 2.2f : 1) : 0;
        var foot = spot.Foot + (art.Draught * spot.Height * 0.4f);
        var place = SKMatrix.CreateTranslation(-50, -100)
            .PostConcat(SKMatrix.CreateScale(scale * flip, scale))
            .PostConcat(SKMatrix.CreateRotationDegrees(rocking))
            .PostConcat(SKMatrix.CreateTranslation(spot.X, foot));
        var swims = scenery.IsWater && !afloat && !carried;
        if (!afloat && !scenery.IsWater && !carried) CastShadow(stage, hand, spot, depth);
        if (swims && Casting.IsAshore(subject)) Islet(stage, hand, spot, depth);
        if (swims) Mirrored(stage, hand, art, subject, place, foot, depth);
        foreach (var part in art.Parts) Draw(stage, hand, part, subject, place, scale, depth, 1);
        if (swims) WaterLine(stage, hand, spot with { Foot = foot });
        if (art.Lamp is not { } lamp) return;
        var centre = place.MapPoint(lamp);
        hand.Glow(centre, spot.Height * 0.75f, stage.Palette.Lamp, stage.Palette.IsDark ? 0.7f : 0.35f);
    }

    private static void Draw(Stage stage, Hand hand, Part part, NamedSubject subject, SKMatrix place, float scale, float depth, float strength)
    {
        using var form = part.ToPath();
        form.Transform(place);
        var own = part.Role == PartRole.Main ? subject.Colour ?? part.Colour : part.Colour;
        // The subject keeps some of its own colour where the light would take it all: it is what the frame is about.
        var kept = (1 - depth) * (subject.Colour is not null && part.Role == PartRole.Main ? 0.5f : 0.28f);
        var colour = stage.Palette.Seen(own, depth * 0.8f).Mix(Colours.Rgb(own), kept).Alpha(strength);
        switch (part.Role)
        {
            case PartRole.Glow:
                hand.Fill(form, Colours.Rgb(own).Mix(stage.Palette.Haze, depth * 0.4f).Alpha(strength), depth, Surface.Light);
                break;
            case PartRole.Window:
                hand.Fill(form, (stage.Palette.IsDark ? stage.Palette.Lamp : colour).Alpha(strength), depth, Surface.Light);
                break;
            case PartRole.Shade:
                hand.Fill(form, stage.Palette.Seen(own & 0xFFFFFF, depth).Alpha((own >> 24) / 255f * strength), depth, Surface.Light);
                break;
            case PartRole.Line:
                hand.Line(form, colour, Math.Max(part.Width * scale, 0.8f), depth);
                break;
            default:
                hand.Fill(form, colour, depth);
                break;
        }
    }

    private static void CastShadow(Stage stage, Hand hand, Spot spot, float depth)
    {
        using var shadow = new SKPath();
        var away = stage.LightOnLeft ? 1 : -1;
        shadow.AddOval(SKRect.Create(spot.X - (spot.Height * 0.32f) + (away * spot.Height * 0.16f), spot.Foot - (spot.Height * 0.045f), spot.Height * 0.64f, spot.Height * 0.09f));
        hand.Fill(shadow, stage.Palette.Shadow.Alpha(0.42f * (1 - depth)), depth, Surface.Light);
    }

    private static void Islet(Stage stage, Hand hand, Spot spot, float depth)
    {
        using var islet = new SKPath();
        var half = spot.Height * 0.95f;
        islet.MoveTo(spot.X - half, spot.Foot + (spot.Height * 0.06f));
        islet.CubicTo(spot.X - (half * 0.6f), spot.Foot - (spot.Height * 0.1f), spot.X + (half * 0.5f), spot.Foot - (spot.Height * 0.12f), spot.X + half, spot.Foot + (spot.Height * 0.06f));
        islet.Close();
        hand.Fill(islet, stage.Palette.Seen(0x6F7A52, depth), depth, Surface.Foliage);
    }

    private static void Mirrored(Stage stage, Hand hand, SubjectArt art, NamedSubject subject, SKMatrix place, float foot, float depth)
    {
        var mirror = place.PostConcat(SKMatrix.CreateScale(1, -0.55f, 0, foot));
        foreach (var part in art.Parts.Where(p => p.Role is not PartRole.Line)) Draw(stage, hand, part, subject, mirror, 1, Math.Min(1, depth + 0.5f), 0.3f);
    }

    private static void WaterLine(Stage stage, Hand hand, Spot spot)
    {
        using var foam = new SKPath();
        var dice = stage.Panel("water line");
        for (var i = 0; i < 9; i++)
            Shapes.Lens(foam, spot.X + (spot.Height * dice.Range(-0.55f, 0.55f)), spot.Foot + (spot.Height * dice.Range(-0.01f, 0.05f)), spot.Height * dice.Range(0.08f, 0.26f), spot.Height * 0.008f);
        hand.Fill(foam, stage.Palette.SkyLow.Mix(stage.Palette.Light, 0.5f).Alpha(0.5f), 0.2f, Surface.Light);
    }
}
