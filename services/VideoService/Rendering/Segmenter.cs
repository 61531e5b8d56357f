using System.Globalization;

namespace VideoService.Rendering;

/// <summary>Cuts a piece in MP4 into what HLS plays, by copying: a fragment for each group of pictures, at its place in the film's time, and before them what they have in common.</summary>
/// <remarks>RFC 8216, section 3.3, and ISO/IEC 14496-12, section 8.8. What is common is <c>ftyp moov</c>, a fragment <c>moof mdat</c>.</remarks>
internal sealed class Segmenter(Ffmpeg ffmpeg)
{
    /// <summary>By how many pictures x264 lets decoding run ahead at most; a shorter piece needs less, and is told to do alike, since that is said once for the film.</summary>
    private const int Delay = 2;

    /// <summary>Samples of sound in a packet of AAC-LC (ISO/IEC 14496-3).</summary>
    private const int AacSamples = 1024;

    /// <summary>Cuts a piece.</summary>
    /// <param name="plan">The film, H.264.</param>
    /// <param name="piece">One of its pieces.</param>
    /// <param name="piecePath">Its file.</param>
    /// <param name="outputPath">Where files are written anew: this name, and others that begin with it.</param>
    /// <param name="cancellationToken">Ends the encoder at once.</param>
    /// <exception cref="EncoderException">The encoder failed, or the fragments have not the frames of the piece.</exception>
    /// <exception cref="EncoderMissingException">The encoder cannot be started.</exception>
    public async Task<SegmentedPiece> CutAsync(FilmPlan plan, Piece piece, string piecePath, string outputPath, CancellationToken cancellationToken)
    {
        var fps = plan.Settings.Fps;
        string[] arguments =
        [
            "-hide_banner", "-v", "error", "-y", "-protocol_whitelist", "file", "-f", "mov", "-i", $"file:{piecePath}", "-map", "0:v:0", "-c", "copy", "-bitexact",
            "-bsf:v", string.Create(CultureInfo.InvariantCulture, $"setts=pts=PTS:dts=(N-{Delay})*{EncoderArguments.Ticks / fps}"),
            "-output_ts_offset", string.Create(CultureInfo.InvariantCulture, $"{(piece.StartFrame * 1_000_000L + fps / 2) / fps}us"),
            // Without the bit rate what is common has the same bytes whichever piece it comes from. Fragments are numbered upwards through the film.
            "-write_btrt", "0", "-fragment_index", (piece.StartFrame + 1).ToString(CultureInfo.InvariantCulture),
            "-video_track_timescale", EncoderArguments.Timescale, "-movflags", "+frag_keyframe+delay_moov+default_base_moof+frag_discont+skip_trailer", "-f", "mp4", $"file:{outputPath}",
        ];
        await ffmpeg.RunAsync(arguments, null, cancellationToken);
        var cut = await SplitAsync(outputPath, samples => samples / (double)fps, cancellationToken);
        var frames = cut.Segments.Sum(segment => segment.Samples);
        return frames == piece.FrameCount ? cut : throw new EncoderException($"The segments of {piece.Kind} {piece.Number} have {frames} pictures, not {piece.FrameCount}.");
    }

    /// <summary>Cuts a film's sound, AAC in MP4, into segments of some two seconds: of a film that ends before its time it is heard for no longer than that.</summary>
    /// <inheritdoc cref="CutAsync"/>
    public async Task<SegmentedPiece> CutSoundAsync(string soundPath, string outputPath, CancellationToken cancellationToken)
    {
        string[] arguments =
        [
            "-hide_banner", "-v", "error", "-y", "-protocol_whitelist", "file", "-f", "mov", "-i", $"file:{soundPath}", "-map", "0:a:0", "-c", "copy", "-bitexact", "-write_btrt", "0",
            "-frag_duration", "2000000", "-movflags", "+delay_moov+default_base_moof+skip_trailer", "-f", "mp4", $"file:{outputPath}",
        ];
        await ffmpeg.RunAsync(arguments, null, cancellationToken);
        return await SplitAsync(outputPath, packets => packets * (double)AacSamples / SoundDecoder.Rate, cancellationToken);
    }

    private static async Task<SegmentedPiece> SplitAsync(string path, Func<int, double> seconds, CancellationToken cancellationToken)
    {
        await using var file = File.OpenRead(path);
        var init = $"{path}.init";
        var segments = new List<SegmentFile>();
        long begin = 0;
        var samples = 0;
        foreach (var box in Mp4Boxes.Read(file))
        {
            if (box.Type == "moof" && begin == 0) await CopyAsync(file, begin, box.Start, init, cancellationToken);
            if (box.Type == "moof") (begin, samples) = (box.Start, Mp4Boxes.SampleCount(file, box));
            if (box.Type != "mdat") continue;
            var part = string.Create(CultureInfo.InvariantCulture, $"{path}.{segments.Count}");
            await CopyAsync(file, begin, box.End, part, cancellationToken);
            segments.Add(new SegmentFile(part, samples, seconds(samples)));
        }

        return new SegmentedPiece(init, segments);
    }

    private static async Task CopyAsync(FileStream from, long begin, long end, string path, CancellationToken cancellationToken)
    {
        var part = new byte[end - begin];
        from.Position = begin;
        await from.ReadExactlyAsync(part, cancellationToken);
        await File.WriteAllBytesAsync(path, part, cancellationToken);
    }
}

/// <summary>A piece as HLS plays it.</summary>
/// <param name="InitPath">What comes before them; equal for all pieces of a film.</param>
/// <param name="Segments">Its parts, in order.</param>
internal sealed record SegmentedPiece(string InitPath, IReadOnlyList<SegmentFile> Segments);

/// <summary>One segment.</summary>
/// <param name="Path">Its file.</param>
/// <param name="Samples">How many film frames it has, the first of them a key frame; of sound, how many packets.</param>
/// <param name="Seconds">How long it is.</param>
internal sealed record SegmentFile(string Path, int Samples, double Seconds);
