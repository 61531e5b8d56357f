using System.Globalization;

namespace FrameService.Generation.Writing;

/// <summary>When scenes play: they share the film evenly, each begins where the one before it ends, and the last ends with the film.</summary>
internal static class Timeframes
{
    /// <summary><c>0:05-0:10</c>, with up to three decimals where seconds do not divide evenly.</summary>
    /// <param name="number">The scene, from 1.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="durationSeconds">The film's length.</param>
    public static string Of(int number, int count, double durationSeconds)
    {
        var duration = (decimal)durationSeconds;
        return $"{Text(duration * (number - 1) / count)}-{Text(duration * number / count)}";
    }

    private static string Text(decimal seconds)
    {
        seconds = Math.Round(seconds, 3, MidpointRounding.AwayFromZero);
        var minutes = Math.Floor(seconds / 60);
        return string.Create(CultureInfo.InvariantCulture, $"{minutes}:{seconds - (minutes * 60):00.###}");
    }
}
