using FrameService.Generation.Reading;
using FrameVideo.Contracts;

namespace FrameService.Generation.Drawing;

/// <summary>How one panel is shot: what the scene's words leave open is decided by the panel's place in the film.</summary>
internal readonly record struct Shooting(ShotSize Shot, CameraMove Camera, TimeOfDay Time, Weather Weather, float Progress)
{
    public static Shooting Of(FrameBrief brief, SceneDescription scene, SceneDescription film)
    {
        var total = Math.Max(1, brief.Total);
        var number = Math.Clamp(brief.Number, 1, total);
        var progress = total == 1 ? 0.35f : (number - 1f) / (total - 1);
        return new Shooting(
            scene.Shot ?? ShotPlan.ShotAt(number, total, brief.Seed),
            scene.Camera ?? ShotPlan.CameraAt(number, total, brief.Seed),
            scene.Time ?? TimeAt(progress, brief.Mood, scene.Setting),
            scene.Weather ?? WeatherAt(progress, brief, film),
            progress);
    }

    // A film that names no hour begins in the morning light and ends in the evening's; some moods belong to other hours.
    private static TimeOfDay TimeAt(float progress, Mood mood, Setting? setting)
    {
        if (setting == Setting.Space) return TimeOfDay.Night;
        return mood switch
        {
            Mood.Mysterious => progress < 0.3f ? TimeOfDay.Dusk : progress < 0.85f ? TimeOfDay.Night : TimeOfDay.Dawn,
            Mood.Dramatic => progress < 0.25f ? TimeOfDay.Dawn : progress < 0.5f ? TimeOfDay.Day : TimeOfDay.Dusk,
            Mood.Cheerful => progress < 0.2f ? TimeOfDay.Dawn : progress < 0.8f ? TimeOfDay.Day : TimeOfDay.Dusk,
            _ => progress < 0.28f ? TimeOfDay.Dawn : progress < 0.62f ? TimeOfDay.Day : TimeOfDay.Dusk,
        };
    }

    // The turn of a story brings the weather that the film speaks of, or clouds; the end clears.
    private static Weather WeatherAt(float progress, FrameBrief brief, SceneDescription film)
    {
        var turn = progress is > 0.45f and < 0.8f;
        if (film.Weather is { } spoken)
        {
            if (brief.Total <= 2 || spoken is Weather.Snow or Weather.Fog or Weather.Clear) return spoken;
            return turn ? spoken : spoken is Weather.Storm && progress is > 0.3f and <= 0.45f ? Weather.Rain : Weather.Cloudy;
        }

        if (!turn) return progress >= 0.8f ? Weather.Clear : new Dice(brief.Seed, "opening weather").Chance(0.6f) ? Weather.Clear : Weather.Cloudy;
        return brief.Mood switch
        {
            Mood.Dramatic => Weather.Storm,
            Mood.Moody => Weather.Rain,
            Mood.Mysterious => Weather.Fog,
            _ => Weather.Cloudy,
        };
    }
}
