using System.Globalization;
using System.Text;

namespace VideoService.Rendering;

/// <summary>Writes a film's captions as WebVTT (W3C): a cue for each frame, from the middle of the transition before it to the middle of the one after.</summary>
internal static class WebVtt
{
    /// <summary>The whole file.</summary>
    public static string Write(FilmPlan plan) => Write(plan, "WEBVTT\n");

    /// <summary>The same as HLS plays it: its times are those of the film (RFC 8216, section 3.5).</summary>
    public static string Segment(FilmPlan plan) => Write(plan, "WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:0,LOCAL:00:00:00.000\n");

    private static string Write(FilmPlan plan, string head)
    {
        var text = new StringBuilder(head);
        foreach (var shot in plan.Shots)
        {
            if (shot.Caption is not { } caption) continue;
            text.Append(CultureInfo.InvariantCulture, $"\n{shot.Number}\n{Time(shot.StartFrame)} --> {Time(shot.StartFrame + shot.FrameCount)}\n{Escape(caption.Text)}\n");
        }

        return text.ToString();

        string Time(int frame)
        {
            var milliseconds = ((frame * 1000L) + (plan.Settings.Fps / 2)) / plan.Settings.Fps;
            return string.Create(CultureInfo.InvariantCulture, $"{milliseconds / 3_600_000:00}:{milliseconds / 60_000 % 60:00}:{milliseconds / 1000 % 60:00}.{milliseconds % 1000:000}");
        }
    }

    /// <summary>With these three no tag, no entity and no arrow is left.</summary>
    private static string Escape(string text) => text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);
}
