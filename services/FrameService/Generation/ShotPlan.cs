using FrameService.Generation.Reading;

namespace FrameService.Generation;

/// <summary>Shot sizes and camera moves over a film: it opens and ends wide, comes nearer towards the turn, and never repeats a pair back to back.</summary>
internal static class ShotPlan
{
    private static readonly ShotSize[] Pattern =
        [ShotSize.Wide, ShotSize.Medium, ShotSize.Wide, ShotSize.CloseUp, ShotSize.Medium, ShotSize.ExtremeWide, ShotSize.Medium, ShotSize.CloseUp];

    private static readonly CameraMove[] Moves =
        [CameraMove.PanRight, CameraMove.PushIn, CameraMove.TiltUp, CameraMove.Hold, CameraMove.PanLeft, CameraMove.PullBack, CameraMove.PushIn];

    public static ShotSize ShotAt(int number, int total, long seed)
    {
        if (total <= 1) return ShotSize.Wide;
        if (number <= 1) return ShotSize.ExtremeWide;
        if (number >= total) return total > 2 ? ShotSize.Wide : ShotSize.Medium;
        var offset = new Dice(seed, "shots").Below(2) * 4;
        var shot = Pattern[(number - 2 + offset) % Pattern.Length];
        return number == total - 1 && shot == ShotSize.Wide ? ShotSize.Medium : shot;
    }

    public static CameraMove CameraAt(int number, int total, long seed)
    {
        if (number <= 1) return CameraMove.PushIn;
        if (number >= total) return CameraMove.PullBack;
        return Moves[(number + new Dice(seed, "moves").Below(Moves.Length)) % Moves.Length];
    }

    public static string Abbreviation(ShotSize shot) => shot switch
    {
        ShotSize.ExtremeWide => "EWS",
        ShotSize.Wide => "WS",
        ShotSize.Medium => "MS",
        _ => "CU",
    };

    public static string Name(ShotSize shot) => shot switch
    {
        ShotSize.ExtremeWide => "Extreme wide shot",
        ShotSize.Wide => "Wide shot",
        ShotSize.Medium => "Medium shot",
        _ => "Close-up",
    };

    public static string Name(CameraMove camera) => camera switch
    {
        CameraMove.PanLeft => "pan left",
        CameraMove.PanRight => "pan right",
        CameraMove.PushIn => "push in",
        CameraMove.PullBack => "pull back",
        CameraMove.TiltUp => "tilt up",
        CameraMove.TiltDown => "tilt down",
        _ => "static camera",
    };
}
