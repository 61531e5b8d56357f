using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace FrameVideo.TestKit;

/// <summary>What ffprobe says of a film.</summary>
/// <param name="Codec">h264 for MP4.</param>
/// <param name="PixelFormat">yuv420p.</param>
/// <param name="Width">Pixels across.</param>
/// <param name="Height">Pixels down.</param>
/// <param name="FrameRate">Such as 30/1.</param>
/// <param name="Duration">Seconds, of the container.</param>
/// <param name="Times">The presentation time of each decoded picture, seconds.</param>
public sealed record Ffprobe(string Codec, string PixelFormat, int Width, int Height, string FrameRate, double Duration, IReadOnlyList<double> Times)
{
    /// <summary>The largest difference of a step between two pictures to the frame rate's own, in seconds.</summary>
    public double Unevenness(int fps) => Times.Zip(Times.Skip(1), (a, b) => Math.Abs(b - a - (1.0 / fps))).DefaultIfEmpty(0).Max();

    /// <summary>Decodes the whole file; what cannot be decoded is an exception.</summary>
    public static async Task<Ffprobe> ReadAsync(string path)
    {
        var text = await RunAsync("ffprobe", "-v", "error", "-select_streams", "v:0", "-show_entries", "stream=codec_name,pix_fmt,width,height,r_frame_rate:format=duration:frame=best_effort_timestamp_time", "-show_frames", "-of", "json", path);
        var root = JsonDocument.Parse(text).RootElement;
        var stream = root.GetProperty("streams")[0];
        return new Ffprobe(
            stream.GetProperty("codec_name").GetString()!,
            stream.GetProperty("pix_fmt").GetString()!,
            stream.GetProperty("width").GetInt32(),
            stream.GetProperty("height").GetInt32(),
            stream.GetProperty("r_frame_rate").GetString()!,
            double.Parse(root.GetProperty("format").GetProperty("duration").GetString()!, CultureInfo.InvariantCulture),
            [.. root.GetProperty("frames").EnumerateArray().Select(frame => double.Parse(frame.GetProperty("best_effort_timestamp_time").GetString()!, CultureInfo.InvariantCulture))]);
    }

    /// <summary>Whether the index stands before the pictures, so that a browser can begin before it has all.</summary>
    public static bool IsFastStart(byte[] mp4)
    {
        var bytes = mp4.AsSpan();
        return bytes.IndexOf("moov"u8) is >= 0 and var moov && bytes.IndexOf("mdat"u8) is >= 0 and var mdat && moov < mdat;
    }

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        var said = await errors;
        return process.ExitCode == 0 && said.Length == 0 ? output : throw new InvalidDataException($"{program}: {said}");
    }
}
