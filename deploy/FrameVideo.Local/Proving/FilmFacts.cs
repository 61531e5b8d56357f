using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace FrameVideo.Local.Proving;

/// <summary>What a film file is, decoded and counted.</summary>
internal sealed record FilmFacts(string Codec, string PixelFormat, int Width, int Height, int Frames, double Seconds)
{
    /// <summary>Asks ffprobe, which decodes every frame to count them.</summary>
    public static async Task<FilmFacts> ReadAsync(string ffprobe, string file, CancellationToken cancellation)
    {
        using var probe = Process.Start(new ProcessStartInfo(
            ffprobe, ["-v", "error", "-count_frames", "-select_streams", "v:0", "-show_entries", "stream=codec_name,pix_fmt,width,height,nb_read_frames,duration", "-of", "json", file])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        })!;
        try
        {
            var json = await JsonDocument.ParseAsync(probe.StandardOutput.BaseStream, cancellationToken: cancellation);
            await probe.WaitForExitAsync(cancellation);
            var stream = json.RootElement.GetProperty("streams")[0];
            return new FilmFacts(
                stream.GetProperty("codec_name").GetString()!,
                stream.GetProperty("pix_fmt").GetString()!,
                stream.GetProperty("width").GetInt32(),
                stream.GetProperty("height").GetInt32(),
                int.Parse(stream.GetProperty("nb_read_frames").GetString()!, CultureInfo.InvariantCulture),
                double.Parse(stream.GetProperty("duration").GetString()!, CultureInfo.InvariantCulture));
        }
        catch (OperationCanceledException)
        {
            probe.Kill();
            throw;
        }
    }

    /// <summary>Equal, the duration to within one frame.</summary>
    public bool Matches(FilmFacts wanted, int fps) => this with { Seconds = 0 } == wanted with { Seconds = 0 } && Math.Abs(Seconds - wanted.Seconds) <= 1.0 / fps;
}
