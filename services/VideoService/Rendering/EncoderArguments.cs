using System.Globalization;
using FrameVideo.Contracts;

namespace VideoService.Rendering;

/// <summary>What the encoder is told: figures and fixed words, nothing of a user's.</summary>
internal static class EncoderArguments
{
    // 24, 25, 30, 50 and 60 all divide it, so every film frame lasts a whole number of ticks in every MP4. Matroska counts in milliseconds.
    internal const int Ticks = 90_000;

    /// <summary><see cref="Ticks"/>, as the command line has it.</summary>
    internal const string Timescale = "90000";

    /// <summary>The most pictures from one key frame to the next in H.264.</summary>
    internal const int MostOfGroup = 250;

    /// <summary>Everything of a piece's command line but the output: raw I420 on standard input, H.264 in MP4 or VP9 in WebM out.</summary>
    /// <remarks>
    /// Each piece begins with a key frame and refers to nothing outside of itself, so pieces are joined by copying; one thread makes the bytes repeat; <c>-bitexact</c> leaves out dates and versions.
    /// The colour words stand on the input side: they tag, and since input and output agree, nothing is converted.
    /// </remarks>
    public static IReadOnlyList<string> For(FilmSettings settings) =>
    [
        "-f", "rawvideo", "-pix_fmt", "yuv420p",
        "-s", string.Create(CultureInfo.InvariantCulture, $"{settings.Width}x{settings.Height}"),
        "-r", settings.Fps.ToString(CultureInfo.InvariantCulture),
        "-color_range", "tv", "-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709",
        "-i", "pipe:0",
        "-an", .. settings.Format == VideoFormat.WebM ? Vp9(settings.Quality) : H264(settings.Quality),
        "-pix_fmt", "yuv420p", "-threads", "1",
        "-chroma_sample_location", "left",
        "-bitexact", .. Container(settings.Format),
    ];

    /// <summary>The container and where its index stands: in front, so that a film plays while it loads, and seeks where a server has no ranges.</summary>
    internal static string[] Container(VideoFormat format) => format == VideoFormat.WebM
        ? ["-cues_to_front", "1", "-f", "webm"]
        : ["-video_track_timescale", Timescale, "-movflags", "+faststart", "-f", "mp4"];

    // x264 chooses the level by the size, the rate and the pictures that it refers to (H.264, table A-1), and closes its groups of pictures unless told otherwise.
    private static string[] H264(VideoQuality quality) =>
    [
        "-c:v", "libx264", "-profile:v", "high", "-g", MostOfGroup.ToString(CultureInfo.InvariantCulture),
        .. quality switch
        {
            // Measured against veryfast alone: 0.64 of the time for 11 % more bytes; ultrafast would be eight times the bytes.
            VideoQuality.Draft => ["-preset", "veryfast", "-crf", "23", "-x264-params", "subme=1"],
            // Five pictures to refer to, as the preset has it, would ask for level 5 at 1080p, which many televisions have not.
            VideoQuality.High => ["-preset", "slow", "-crf", "18", "-refs", "4"],
            _ => (string[])["-preset", "veryfast", "-crf", "23"],
        },
    ];

    private static string[] Vp9(VideoQuality quality) =>
    [
        "-c:v", "libvpx-vp9", "-b:v", "0",
        // Against x264 veryfast crf 23 (2.4 MB, SSIM 0.972, one thread, 126 pictures of 720p): realtime 8 takes as long, realtime 6 half as long again, good 4 ten times as long, for two thirds
        // of realtime's bytes. Rows in parallel gain nothing where a piece has one thread.
        .. quality switch
        {
            VideoQuality.Draft => ["-deadline", "realtime", "-cpu-used", "8", "-crf", "40"],
            VideoQuality.High => ["-deadline", "good", "-cpu-used", "4", "-crf", "24"],
            _ => (string[])["-deadline", "realtime", "-cpu-used", "6", "-crf", "36"],
        },
    ];
}
