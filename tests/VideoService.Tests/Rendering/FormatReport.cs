using System.Globalization;
using System.Text.Json;
using FrameVideo.Contracts;
using VideoService.Rendering;

namespace VideoService.Tests.Rendering;

/// <summary>How far a film in one format lies from its plan; whatever has one right value is asserted while it is read.</summary>
/// <param name="TimeError">The largest difference of a picture's time to its ideal one, seconds.</param>
/// <param name="DurationError">Of the film's length, seconds.</param>
/// <param name="FirstPsnr">The first decoded picture against the drawn one, dB.</param>
/// <param name="LastPsnr">The last one, likewise.</param>
/// <param name="WorstPsnr">The worst of all.</param>
/// <param name="Level">The H.264 level times ten; 0 for VP9.</param>
/// <param name="Bytes">The file's size.</param>
internal sealed record FormatReport(double TimeError, double DurationError, double FirstPsnr, double LastPsnr, double WorstPsnr, int Level, long Bytes)
{
    /// <summary>Reads a file with ffprobe, decodes it whole, and compares it with the frames that were drawn.</summary>
    /// <param name="path">A film, or the header and segments of one in one file.</param>
    /// <param name="plan">Its plan.</param>
    /// <param name="drawn">Its film frames before encoding.</param>
    public static async Task<FormatReport> ReadAsync(string path, FilmPlan plan, IReadOnlyList<byte[]> drawn)
    {
        var film = plan.Settings;
        var (output, said) = await TestFilm.RunAsync("ffprobe", "-v", "warning", "-show_streams", "-show_format", "-show_entries", "frame=pts,key_frame", "-of", "json", path);
        Assert.Equal("", said);
        using var probe = JsonDocument.Parse(output);
        var stream = Assert.Single(probe.RootElement.GetProperty("streams").EnumerateArray());
        string Text(string name) => stream.GetProperty(name).GetString()!;
        var isWebM = film.Format == VideoFormat.WebM;
        Assert.Equal((isWebM ? "vp9" : "h264", isWebM ? "Profile 0" : "High", "yuv420p"), (Text("codec_name"), Text("profile"), Text("pix_fmt")));
        Assert.Equal(("tv", "bt709", "bt709", "bt709", "left"), (Text("color_range"), Text("color_space"), Text("color_transfer"), Text("color_primaries"), Text("chroma_location")));
        Assert.Equal((film.Width, film.Height, $"{film.Fps}/1"), (stream.GetProperty("width").GetInt32(), stream.GetProperty("height").GetInt32(), Text("r_frame_rate")));

        // Matroska counts in milliseconds: there the nearest one is right, elsewhere the tick itself.
        var scale = isWebM ? 1000 : EncoderArguments.Ticks;
        Assert.Equal($"1/{scale}", Text("time_base"));
        var frames = probe.RootElement.GetProperty("frames").EnumerateArray().Select(frame => (Time: frame.GetProperty("pts").GetInt64(), IsKey: frame.GetProperty("key_frame").GetInt32() == 1)).ToList();
        Assert.Equal(Enumerable.Range(0, plan.FrameCount).Select(i => (long)Math.Floor((i * (double)scale / film.Fps) + 0.5)), frames.Select(frame => frame.Time));
        Assert.All(plan.Pieces, piece => Assert.True(frames[piece.StartFrame].IsKey, $"{piece.Kind} {piece.Number} begins without a key frame"));
        var duration = double.Parse(probe.RootElement.GetProperty("format").GetProperty("duration").GetString()!, CultureInfo.InvariantCulture);

        var psnr = await DecodeAsync(path, plan, drawn);
        return new FormatReport(
            frames.Select((frame, i) => Math.Abs((frame.Time / (double)scale) - (i / (double)film.Fps))).Max(),
            Math.Abs(duration - (plan.FrameCount / (double)film.Fps)),
            psnr[0], psnr[^1], psnr.Min(),
            isWebM ? 0 : stream.GetProperty("level").GetInt32(),
            new FileInfo(path).Length);
    }

    private static async Task<List<double>> DecodeAsync(string path, FilmPlan plan, IReadOnlyList<byte[]> drawn)
    {
        var (decoded, errors) = await TestFilm.RunAsync(
            "ffmpeg", "-hide_banner", "-nostats", "-v", "warning", "-xerror", "-err_detect", "explode", "-i", path, "-fps_mode", "passthrough", "-f", "rawvideo", "-pix_fmt", "yuv420p", "pipe:1");
        Assert.Equal("", errors);
        Assert.Equal(plan.FrameCount, drawn.Count);
        Assert.Equal(plan.FrameCount * drawn[0].Length, decoded.Length);
        return [.. drawn.Select((frame, i) => Psnr(frame, decoded.AsSpan(i * frame.Length, frame.Length)))];
    }

    private static double Psnr(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        long sum = 0;
        for (var i = 0; i < a.Length; i++) sum += (a[i] - b[i]) * (a[i] - b[i]);
        return sum == 0 ? 100 : 10 * Math.Log10(255.0 * 255 * a.Length / sum);
    }
}
