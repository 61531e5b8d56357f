using FrameService.Generation.Drawing.Hands;
using FrameService.Generation.Drawing.Settings;
using FrameService.Generation.Drawing.Subjects;
using FrameService.Generation.Reading;
using SkiaSharp;

namespace FrameService.Generation.Drawing;

/// <summary>Sets the subjects into the scene: the first on its third, the others behind it in the order of the words.</summary>
internal static class SubjectPainter
{
    public static void Paint(Stage stage, Hand hand, Scenery scenery)
    {
        var cast = stage.Scene.Subjects.Where(s => s.Kind is not (SubjectKind.Moon or SubjectKind.Sun)).Take(3).ToList();
        // What stands in the landscape is drawn first, since others pass before it.
        // What a hand holds is drawn last of all.
        foreach (var place in Enumerable.Range(0, cast.Count).OrderByDescending(i => i == 1 && Holds(cast) ? -1 : Depth(cast[i], i)))
        {
            var depth = Depth(cast[place], place);
            hand.BeginPlane(depth);
            if (place == 1 && Holds(cast))
            {
                var spot = InHand(stage, cast[0], cast[1], Spots(stage, scenery, cast[0], 0).Last());
                One(stage, hand, scenery, cast[1], spot, depth, carried: true);
            }
            else
            {
                foreach (var spot in Spots(stage, scenery, cast[place], place)) One(stage, hand, scenery, cast[place], spot, depth);
            }

            hand.EndPlane();
        }
    }

    private static bool Holds(List<NamedSubject> cast) => cast.Count > 1 && Holders.Contains(cast[0].Kind) && Held.Contains(cast[1].Kind) && cast[0].Count <= 1 && cast[1].Count <= 1;

    private static float Depth(NamedSubject subject, int place) => place == 0 ? 0.12f : SubjectArt.Of(subject.Kind).Landmark ? 0.42f : 0.2f + (place * 0.05f);

    private static readonly HashSet<SubjectKind> Holders =
        [SubjectKind.Person, SubjectKind.Woman, SubjectKind.Child, SubjectKind.Knight, SubjectKind.Astronaut, SubjectKind.Robot, SubjectKind.Wizard, SubjectKind.Dancer];

    private static readonly HashSet<SubjectKind> Held =
        [SubjectKind.Umbrella, SubjectKind.Lantern, SubjectKind.Candle, SubjectKind.Book, SubjectKind.Letter, SubjectKind.Flower, SubjectKind.Key, SubjectKind.Gift, SubjectKind.Guitar, SubjectKind.Cup, SubjectKind.Ball];

    private static readonly HashSet<SubjectKind> OnTables =
        [SubjectKind.Candle, SubjectKind.Book, SubjectKind.Cup, SubjectKind.Cake, SubjectKind.Letter, SubjectKind.Bottle, SubjectKind.Key, SubjectKind.Gift, SubjectKind.Clock, SubjectKind.Crown, SubjectKind.Lantern, SubjectKind.Flower];

    // The second thing named is in the first one's hand, where a hand can hold it: "a woman with a red umbrella".
    private static Spot InHand(Stage stage, NamedSubject holder, NamedSubject held, Spot spot)
    {
        var height = spot.Height * (held.Kind is SubjectKind.Umbrella ? 0.85f : held.Kind is SubjectKind.Guitar ? 0.55f : 0.24f);
        var side = spot.Flipped ? -1 : 1;
        var size = SubjectArt.Of(holder.Kind).Size;
        return held.Kind is SubjectKind.Umbrella
            ? new Spot(spot.X + (side * spot.Height * 0.1f), spot.Foot - (spot.Height * 0.46f), height, spot.Flipped)
            : new Spot(spot.X + (side * spot.Height * 0.2f * Math.Min(1, size)), spot.Foot - (spot.Height * 0.38f), height, spot.Flipped);
    }

    private static IEnumerable<Spot> Spots(Stage stage, Scenery scenery, NamedSubject subject, int place)
    {
        var art = SubjectArt.Of(subject.Kind);
        var dice = stage.World("spots " + subject.Kind);
        var afloat = scenery.IsAfloat || art.Aloft;
        var height = HeightOf(stage, art, place, afloat);
        var side = stage.LightOnLeft ? 1 : -1;
        var x = place switch
        {
            0 => stage.FocusX,
            1 => stage.Width * (0.5f - (side * 0.3f)),
            _ => stage.Width * (0.5f + (side * 0.36f)),
        };
        x += stage.Drift * stage.Unit * 0.05f * (place == 0 ? 1 : 0.4f);
        var foot = Foot(stage, art, place, afloat, height);
        if (subject.Count <= 1)
        {
            yield return new Spot(x, foot, height, side < 0);
            yield break;
        }

        for (var i = subject.Count - 1; i >= 1; i--)
        {
            var away = (i + 1) / 2 * (i % 2 == 0 ? 1 : -1);
            var smaller = dice.Range(0.55f, 0.85f) - (0.03f * i);
            var dx = away * height * dice.Range(0.75f, 1.05f);
            var dy = afloat ? height * dice.Range(-0.6f, 0.5f) : -(1 - smaller) * (foot - stage.Horizon) * 0.5f;
            yield return new Spot(x + dx, foot + dy, height * smaller, dice.Chance(0.3f) ? side > 0 : side < 0);
        }

        yield return new Spot(x, foot, height, side < 0);
    }

    private static float HeightOf(Stage stage, SubjectArt art, int place, bool afloat)
    {
        var person = stage.Shot switch
        {
            ShotSize.ExtremeWide => 0.17f,
            ShotSize.Wide => 0.26f,
            ShotSize.Medium => 0.46f,
            _ => 0.8f,
        };
        // Small things are brought nearer and large ones set back, as a camera does; in a close-up all fill the frame.
        var evenness = stage.Shot switch
        {
            ShotSize.CloseUp => 0.25f,
            ShotSize.Medium => 0.45f,
            _ => 0.62f,
        };
        var height = stage.Unit * person * MathF.Pow(art.Size, evenness);
        if (place > 0) height = art.Landmark ? stage.Unit * 0.17f * MathF.Pow(art.Size, 0.7f) * MathF.Sqrt(stage.Closeness) : height * 0.62f;
        return Math.Min(height * (afloat ? 0.8f : 1), stage.Unit * 0.86f);
    }

    private static float Foot(Stage stage, SubjectArt art, int place, bool afloat, float height)
    {
        if (afloat) return (stage.Height * (place == 0 ? 0.44f : 0.3f + (0.06f * place))) + (height * 0.5f);
        var share = stage.Shot switch
        {
            ShotSize.ExtremeWide => 0.3f,
            ShotSize.Wide => 0.42f,
            ShotSize.Medium => 0.58f,
            _ => 0.9f,
        };
        return place == 0 ? stage.GroundAt(art.Landmark ? share * 0.75f : share) : stage.GroundAt(art.Landmark ? 0.09f : share * 0.62f);
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
        var kept = (1 - depth) * (subject.Colour is not null && part.Role == PartRole.Main ? 0.5f : 0.2f);
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

    private readonly record struct Spot(float X, float Foot, float Height, bool Flipped);
}
