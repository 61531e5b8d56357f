using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace VideoService.Rendering.Foreign;

/// <summary>
/// Reads clips of others. The child is told the one demuxer that the bytes were recognised for, a list of decoders, no protocol but files and pipes, and limits of pixels, pictures, memory and time: nothing else
/// of ffmpeg is reached by them.
/// </summary>
/// <remarks>
/// <code>
/// 1. Probe    the first bytes -> demuxer; every picture is decoded once -> size, shape of pixels, colours, number, length
/// 2. Open     every film frame has the picture of its own time, whatever the clip's rate                             setpts, fps
///             the piece's part of them, as I420 in BT.709, limited, in the clip's size                               trim, scale
/// 3. View     cut to the film's ratio and brought to its size by the house's own sampler                             FootageView
/// </code>
/// </remarks>
internal sealed partial class FootageDecoder(Ffmpeg ffmpeg, RenderingOptions options)
{
    private const string Decoders = "h264,hevc,vp8,vp9,libvpx,libvpx-vp9,av1,libdav1d,mpeg4,prores,aac,mp3float,mp3,opus,libopus,vorbis,pcm_s16le";

    /// <summary>Pictures that a clip may have: a minute at 60 a second.</summary>
    private const int MaxPictures = 3600;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>Decodes a clip from end to end and says what it is.</summary>
    /// <exception cref="FootageException">It is no MP4 or WebM, cannot be decoded whole, or is too large or too long.</exception>
    /// <exception cref="EncoderMissingException">The program cannot be started.</exception>
    public async Task<Footage> ProbeAsync(string path, CancellationToken cancellationToken)
    {
        var (kind, sha256) = await LookAsync(path, cancellationToken);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        string said;
        try
        {
            said = await ffmpeg.HearAsync(
                [
                    "-hide_banner", "-nostats", "-v", "info", "-xerror", .. Input(path, kind), "-vf", "setpts=PTS-STARTPTS,showinfo=checksum=0", "-frames:v", $"{MaxPictures + 1}",
                    "-fps_mode", "passthrough", "-f", "null", "-",
                ],
                null,
                limit.Token);
        }
        catch (EncoderException failure) when (failure is not EncoderSilentException)
        {
            throw new FootageException("The clip cannot be decoded: its bytes are damaged, or no video is in them.", failure.Details, failure);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new FootageException("The clip takes too long to be decoded.");
        }

        if (Picture().Matches(said).LastOrDefault() is not { } last) throw new FootageException("No video is in the clip.", said);
        int Number(string name) => int.Parse(last.Groups[name].ValueSpan, CultureInfo.InvariantCulture);
        var pictures = Number("n") + 1;
        if (pictures > MaxPictures) throw new FootageException($"The clip has more than {MaxPictures} pictures.");
        var time = double.Parse(last.Groups["time"].ValueSpan, CultureInfo.InvariantCulture);
        // The last picture is seen for as long as the others are.
        var seconds = pictures > 1 ? time * pictures / (pictures - 1) : 1.0 / 25;
        var (across, down) = (Math.Max(1, Number("across")), Math.Max(1, Number("down")));
        var width = 2 * (int)Math.Max(1, Math.Round(Number("width") * (double)across / down / 2));
        var height = 2 * Math.Max(1, Number("height") / 2);
        if (!(seconds > 0) || (long)width * height > options.MaxFilmPixels) throw new FootageException($"The clip has {width} x {height} pixels and {seconds:0.###} s; that is not taken.");
        return new Footage(sha256, kind, width, height, seconds, pictures, MatrixOf(Colours().Matches(said).LastOrDefault()?.Groups["space"].Value, height));
    }

    /// <summary>Decodes a part of a clip.</summary>
    /// <param name="path">Its file.</param>
    /// <param name="clip">What it was found to be.</param>
    /// <param name="film">The film's rate.</param>
    /// <param name="shot">Its place in the film.</param>
    /// <param name="fromFrame">The first film frame that is asked for.</param>
    /// <param name="toFrame">The one after the last.</param>
    /// <param name="cancellationToken">Ends the decoder.</param>
    /// <exception cref="EncoderMissingException">The program cannot be started.</exception>
    public FootageReader Open(string path, Footage clip, FilmSettings film, Shot shot, int fromFrame, int toFrame, CancellationToken cancellationToken)
    {
        var rate = clip.RateIn((shot.SeenTo - shot.SeenFrom) / (double)film.Fps);
        // Where all is to be held, its last picture still has to be found.
        var last = Math.Max(0, (int)Math.Ceiling(clip.Seconds / rate * film.Fps) - 2);
        var filters = string.Create(
            CultureInfo.InvariantCulture,
            $"setpts=(PTS-STARTPTS)/{rate:R},fps={film.Fps},trim=start_frame={Math.Min(fromFrame - shot.SeenFrom, last)}:end_frame={toFrame - shot.SeenFrom},"
            + $"scale={clip.Width}:{clip.Height}:in_color_matrix={clip.Matrix}:out_color_matrix=bt709:out_range=tv:flags=bicubic+accurate_rnd+full_chroma_int,format=yuv420p");
        var child = ffmpeg.Open(
            ["-hide_banner", "-v", "error", "-xerror", .. Input(path, clip.Kind), "-vf", filters, "-fps_mode", "passthrough", "-f", "rawvideo", "pipe:1"], cancellationToken);
        return new FootageReader(child, clip, fromFrame);
    }

    private string[] Input(string path, string kind) =>
    [
        "-protocol_whitelist", "file,pipe", "-format_whitelist", "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm", "-codec_whitelist", Decoders, "-max_pixels", options.MaxFilmPixels.ToString(CultureInfo.InvariantCulture), "-threads", "1",
        "-f", kind == "mp4" ? "mov" : "matroska", "-i", $"file:{path}", "-map", "0:v:0", "-an", "-sn", "-dn", "-map_metadata", "-1",
    ];

    private static async Task<(string Kind, string Sha256)> LookAsync(string path, CancellationToken cancellationToken)
    {
        await using var file = File.OpenRead(path);
        var head = new byte[12];
        _ = await file.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellationToken);
        var kind = head.AsSpan(4, 4).SequenceEqual("ftyp"u8) ? "mp4" : head.AsSpan().StartsWith((ReadOnlySpan<byte>)[0x1A, 0x45, 0xDF, 0xA3]) ? "webm" : throw new FootageException("The clip is no MP4 or WebM.");
        file.Position = 0;
        return (kind, Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellationToken)));
    }

    // What says nothing is taken as such clips are made: small ones as television was, others as it is.
    private static string MatrixOf(string? space, int height) => space switch
    {
        "bt709" => "bt709",
        "bt2020nc" or "bt2020c" => "bt2020",
        "smpte170m" or "bt470bg" or "smpte240m" => "bt601",
        _ => height >= 720 ? "bt709" : "bt601",
    };

    [GeneratedRegex(@"\] n:\s*(?<n>\d+) pts:.* pts_time:(?<time>[\d.e+-]+)\s.* sar:(?<across>\d+)/(?<down>\d+) s:(?<width>\d+)x(?<height>\d+) ", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Picture();

    [GeneratedRegex(@" color_space:(?<space>\S+)", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Colours();
}
