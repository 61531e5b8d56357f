using FrameService.Generation.Drawing.Settings;
using FrameService.Generation.Drawing.Subjects;
using FrameService.Generation.Reading;

namespace FrameService.Generation.Drawing;

/// <summary>Where one thing stands.</summary>
/// <param name="X">Its middle.</param>
/// <param name="Foot">Its lower edge.</param>
/// <param name="Height">Pixels for the 100 units of its box.</param>
/// <param name="Flipped">Whether it looks to the left.</param>
internal readonly record struct Spot(float X, float Foot, float Height, bool Flipped);

/// <summary>Who stands where, how large and in whose hand.</summary>
internal static class Casting
{
    private static readonly HashSet<SubjectKind> Holders =
        [SubjectKind.Person, SubjectKind.Woman, SubjectKind.Child, SubjectKind.Knight, SubjectKind.Astronaut, SubjectKind.Robot, SubjectKind.Wizard, SubjectKind.Dancer];

    private static readonly HashSet<SubjectKind> Held =
        [SubjectKind.Umbrella, SubjectKind.Lantern, SubjectKind.Candle, SubjectKind.Book, SubjectKind.Letter, SubjectKind.Flower, SubjectKind.Key, SubjectKind.Gift, SubjectKind.Guitar, SubjectKind.Cup, SubjectKind.Ball];

    /// <summary>Whether it needs ground under it where there is water.</summary>
    public static bool IsAshore(NamedSubject subject)
    {
        var art = SubjectArt.Of(subject.Kind);
        return !art.Aloft && art.Draught <= 0 && subject.Kind is not (SubjectKind.Lighthouse or SubjectKind.Island or SubjectKind.Bridge or SubjectKind.Volcano);
    }

    /// <summary>Whether the first carries the second.</summary>
    public static bool Holds(List<NamedSubject> cast) => cast.Count > 1 && Holders.Contains(cast[0].Kind) && Held.Contains(cast[1].Kind) && cast[0].Count <= 1 && cast[1].Count <= 1;

    public static float Depth(NamedSubject subject, int place) => place == 0 ? 0.12f : SubjectArt.Of(subject.Kind).Landmark ? 0.42f : 0.2f + (place * 0.05f);

    // The second thing named is in the first one's hand, where a hand can hold it: "a woman with a red umbrella".
    public static Spot InHand(Stage stage, NamedSubject holder, NamedSubject held, Spot spot)
    {
        var height = spot.Height * (held.Kind is SubjectKind.Umbrella ? 0.85f : held.Kind is SubjectKind.Guitar ? 0.55f : 0.24f);
        var side = spot.Flipped ? -1 : 1;
        var size = SubjectArt.Of(holder.Kind).Size;
        return held.Kind is SubjectKind.Umbrella
            ? new Spot(spot.X + (side * spot.Height * 0.1f), spot.Foot - (spot.Height * 0.46f), height, spot.Flipped)
            : new Spot(spot.X + (side * spot.Height * 0.2f * Math.Min(1, size)), spot.Foot - (spot.Height * 0.38f), height, spot.Flipped);
    }

    public static IEnumerable<Spot> Spots(Stage stage, Scenery scenery, NamedSubject subject, int place)
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
        return Math.Min(height * (afloat ? 0.8f : 1), stage.Unit * (art.Landmark && stage.Shot != ShotSize.CloseUp ? 0.6f : 0.86f));
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
}
