using System.Globalization;
using System.Text;
using FrameVideo.Contracts;
using VideoService.Rendering.Joining;

namespace VideoService.Rendering;

/// <summary>Joins pieces to one film by copying what is encoded: of MP4 without sound and captions <see cref="Mp4Joiner"/> does it, of everything else the encoder's program.</summary>
internal sealed class FilmMerger(Ffmpeg ffmpeg)
{
    /// <summary>Joins the files in their order; the film's index stands at its beginning, so that it plays while it loads.</summary>
    /// <param name="plan">The film.</param>
    /// <param name="piecePaths">A file for each of its pieces.</param>
    /// <param name="tracks">What plays beside the pictures; null for nothing.</param>
    /// <param name="outputPath">A temporary file, written anew; a list is written beside it and removed.</param>
    /// <param name="cancellationToken">Kills the encoder.</param>
    /// <exception cref="EncoderException">The encoder failed, or the film has another number of frames.</exception>
    /// <exception cref="EncoderMissingException">The encoder cannot be started.</exception>
    public async Task MergeAsync(FilmPlan plan, IReadOnlyList<string> piecePaths, FilmTracks? tracks, string outputPath, CancellationToken cancellationToken)
    {
        if (plan.Settings.Format != VideoFormat.WebM && tracks is null or { Sound: null, Captions: null } && await Mp4Joiner.TryJoinAsync(plan, piecePaths, outputPath, cancellationToken)) return;
        var list = $"{outputPath}.list";
        try
        {
            await File.WriteAllTextAsync(list, ListOf(plan.Settings.Fps, plan.Pieces, piecePaths), cancellationToken);
            string[] arguments =
            [
                "-hide_banner", "-v", "error", "-y", "-protocol_whitelist", "file", "-f", "concat", "-safe", "0", "-i", $"file:{list}",
                .. Inputs(tracks), "-map", "0:v:0", .. Maps(tracks, plan.Settings.Format), "-c:v", "copy", "-c:a", "copy", .. Times(plan.Settings), "-bitexact", "-progress", "pipe:1", "-nostats",
                .. EncoderArguments.Container(plan.Settings.Format), $"file:{outputPath}",
            ];
            var progress = await ffmpeg.RunAsync(arguments, null, cancellationToken);

            // ffmpeg goes on after a piece that it cannot read and still ends well.
            var frames = LastFrame(progress);
            if (frames != plan.FrameCount) throw new EncoderException($"The merged film has {frames} pictures, not {plan.FrameCount}.");
        }
        finally
        {
            File.Delete(list);
        }
    }

    /// <summary>Joins the two parts of a piece with a head, likewise.</summary>
    /// <param name="film">The film, H.264.</param>
    /// <param name="parts">The parts, in order.</param>
    /// <param name="paths">A file for each.</param>
    /// <param name="outputPath">A temporary file, written anew; a list is written beside it and removed.</param>
    /// <param name="cancellationToken">Kills the encoder.</param>
    /// <inheritdoc cref="MergeAsync" path="/exception"/>
    public async Task JoinAsync(FilmSettings film, IReadOnlyList<Piece> parts, IReadOnlyList<string> paths, string outputPath, CancellationToken cancellationToken)
    {
        var list = $"{outputPath}.list";
        try
        {
            await File.WriteAllTextAsync(list, ListOf(film.Fps, parts, paths), cancellationToken);
            string[] arguments =
            [
                "-hide_banner", "-v", "error", "-y", "-protocol_whitelist", "file", "-f", "concat", "-safe", "0", "-i", $"file:{list}", "-map", "0:v:0", "-c", "copy", "-bitexact", "-progress", "pipe:1", "-nostats",
                .. EncoderArguments.Container(film.Format), $"file:{outputPath}",
            ];
            var (joined, wanted) = (LastFrame(await ffmpeg.RunAsync(arguments, null, cancellationToken)), parts.Sum(part => part.FrameCount));
            if (joined != wanted) throw new EncoderException($"The joined piece has {joined} pictures, not {wanted}.");
        }
        finally
        {
            File.Delete(list);
        }
    }

    private static string[] Inputs(FilmTracks? tracks) =>
    [
        .. tracks?.Sound is { } sound ? ["-protocol_whitelist", "file", "-i", $"file:{sound}"] : Array.Empty<string>(),
        .. tracks?.Captions is { } captions ? ["-protocol_whitelist", "file", "-f", "webvtt", "-i", $"file:{captions}"] : Array.Empty<string>(),
    ];

    private static string[] Maps(FilmTracks? tracks, VideoFormat format) =>
    [
        .. tracks?.Sound is null ? Array.Empty<string>() : ["-map", "1:a:0"],
        .. tracks?.Captions is null ? Array.Empty<string>() : ["-map", tracks.Sound is null ? "1:s:0" : "2:s:0", "-c:s", format == VideoFormat.WebM ? "webvtt" : "mov_text", "-metadata:s:s:0", $"language={TrackLanguage.Of(tracks.Language)}"],
    ];

    // Each piece's length is told: read from the file it is rounded to milliseconds, and every seam would shift what follows. The lengths are
    // differences of rounded places in the film, so that their roundings do not add up either.
    private static string ListOf(int fps, IReadOnlyList<Piece> pieces, IReadOnlyList<string> paths)
    {
        var text = new StringBuilder("ffconcat version 1.0\n");
        foreach (var (piece, path) in pieces.Zip(paths))
        {
            if (path.AsSpan().ContainsAny('\n', '\r')) throw new ArgumentException("A piece's path is one line.", nameof(paths));
            text.Append("file 'file:").Append(Path.GetFullPath(path).Replace("'", @"'\''", StringComparison.Ordinal)).Append("'\n");
            var length = Microseconds(piece.StartFrame + piece.FrameCount) - Microseconds(piece.StartFrame);
            text.Append(CultureInfo.InvariantCulture, $"duration {length}us\n");
        }
        return text.ToString();

        long Microseconds(int filmFrame) => (filmFrame * 1_000_000L + fps / 2) / fps;
    }

    // Matroska's times are milliseconds, rounded in each piece from its own beginning: added up, some would be off by one. VP9 in our pieces has one packet for each picture, in their order, so
    // packet N is told its place in the film, and every time is the nearest millisecond.
    private static string[] Times(FilmSettings film)
    {
        if (film.Format != VideoFormat.WebM) return [];
        string Place(string n) => string.Create(CultureInfo.InvariantCulture, $"floor({n}*1000/{film.Fps}+0.5)");
        return ["-bsf:v", $"setts=ts={Place("N")}:duration={Place("(N+1)")}-{Place("N")}"];
    }

    private static int LastFrame(string progress)
    {
        var line = progress.Split('\n').LastOrDefault(line => line.StartsWith("frame=", StringComparison.Ordinal));
        return line is not null && int.TryParse(line.AsSpan("frame=".Length).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var frames) ? frames : 0;
    }
}

/// <summary>What plays beside a film's pictures.</summary>
/// <param name="Sound">A file of encoded sound, as long as the film; null for none.</param>
/// <param name="Captions">A file of WebVTT of our own; null for no text track.</param>
/// <param name="Language">The tag of its language; null where nobody says.</param>
internal sealed record FilmTracks(string? Sound, string? Captions = null, string? Language = null);
