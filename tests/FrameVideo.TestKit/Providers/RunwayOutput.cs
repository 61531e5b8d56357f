using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace FrameVideo.TestKit.Providers;

/// <summary>Real clips as the service makes them: H.264 in MP4, 24 pictures a second, of the ratio and duration that were asked for, with something in them that moves evenly; each made once by ffmpeg.</summary>
public static class RunwayOutput
{
    private static readonly ConcurrentDictionary<string, Lazy<byte[]>> Made = new(StringComparer.Ordinal);

    /// <summary>What a task makes; each task's has a colour of its own.</summary>
    public static byte[] Of(RunwayTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        var seconds = task.Asked.TryGetProperty("duration", out var duration) ? duration.GetInt32() : 5;
        return Of(task.Asked.GetProperty("ratio").GetString()!, seconds, task.Order);
    }

    /// <summary>A clip.</summary>
    /// <param name="ratio">Such as 1280:720.</param>
    /// <param name="seconds">How long.</param>
    /// <param name="colour">Which of its colours.</param>
    /// <param name="rate">Pictures a second.</param>
    public static byte[] Of(string ratio, double seconds, int colour, string rate = "24") =>
        Made.GetOrAdd(string.Create(CultureInfo.InvariantCulture, $"{ratio} {seconds} {colour} {rate}"), _ => new Lazy<byte[]>(() => Make(ratio, seconds, colour, rate))).Value;

    private static byte[] Make(string ratio, double seconds, int colour, string rate)
    {
        using var folder = new TempFolder();
        var path = folder.Combine("clip.mp4");
        var size = ratio.Replace(':', 'x');
        // A white bar goes to the right by 100 pixels a second, over a ground of one colour.
        var grounds = new[] { "0x803020", "0x206030", "0x203080", "0x606020", "0x602060", "0x206060" };
        var source = string.Create(CultureInfo.InvariantCulture, $"color=c={grounds[colour % grounds.Length]}:s={size}:r={rate}:d={seconds}[g];color=c=white:s=80x8000:r={rate}:d={seconds}[b];[g][b]overlay=x='mod(100*t,W)':y=0:shortest=1");
        using var process = Process.Start(new ProcessStartInfo(
            "ffmpeg", ["-v", "error", "-y", "-f", "lavfi", "-i", source, "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709", "-movflags", "+faststart", path])
        { RedirectStandardError = true, UseShellExecute = false })!;
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? File.ReadAllBytes(path) : throw new InvalidOperationException(errors);
    }
}
