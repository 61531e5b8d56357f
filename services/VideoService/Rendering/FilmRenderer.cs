using System.Collections.Concurrent;
using FrameVideo.Contracts;
using SkiaSharp;
using VideoService.Rendering.Foreign;

namespace VideoService.Rendering;

/// <summary>Makes films of pictures. One for the process; safe for use from many threads.</summary>
/// <remarks>
/// <code>
/// 1. PlanAsync            settings + frames -> clips and joints, each with the hash of its inputs      FilmPlan, MotionPath
/// 2. OpenPictures         bytes -> header checked -> decoded, upright, sRGB                            PictureCache, PictureReader
///                         -> fitted to a canvas of the film's ratio -> I420 planes, once               PictureCanvas, PictureScaler, ColourMatrix
/// 3. RenderPieceAsync     for each film frame: view -> resampled planes (-> two blended)               PieceFrames, Resampler
///                         -> ffmpeg's standard input -> MP4 of one piece                               Encoder, Ffmpeg
/// 4. MakeSoundAsync       somebody's sound -> as long as the film, as loud as films are                 Soundtrack
/// 5. MergeAsync           all pieces, found or rendered, and the sound -> one film, by copy            FilmMerger, Mp4Joiner
///    SegmentAsync         one piece -> its segments of HLS, by copy                                     Segmenter
/// 6. RenderPosterAsync    the film's first picture -> JPEG
/// </code>
/// Memory is bounded by the kept pictures and the pieces at work; a film's length does not come in.
/// </remarks>
internal sealed class FilmRenderer : IDisposable
{
    /// <summary>Nothing is seen of it, and 1280 x 720 pixels stay below two thirds of a MiB.</summary>
    private const int StillQuality = 94;

    private readonly RenderingOptions _options;
    private readonly Ffmpeg _ffmpeg;
    private readonly Encoder _encoder;
    private readonly FilmMerger _merger;
    private readonly ConcurrentBag<FrameRing> _rings = [];
    private readonly FootageDecoder _footage;
    private readonly Segmenter _segmenter;
    private readonly Soundtrack _soundtrack;
    private readonly CaptionPainter _captions;

    /// <summary>Starts nothing yet.</summary>
    public FilmRenderer(RenderingOptions options)
    {
        _options = options;
        _ffmpeg = new Ffmpeg(options);
        _encoder = new Encoder(_ffmpeg);
        _merger = new FilmMerger(_ffmpeg);
        _footage = new FootageDecoder(_ffmpeg, options);
        _segmenter = new Segmenter(_ffmpeg);
        _soundtrack = new Soundtrack(_ffmpeg);
        _captions = new CaptionPainter(new CaptionFonts(options.FontFolders is { Count: > 0 } named ? named : RenderingOptions.StandardFontFolders));
    }

    /// <summary>Cuts a film into pieces whose hashes name this machine's encoder.</summary>
    /// <exception cref="FilmPlanException">No film can be made of these.</exception>
    /// <exception cref="EncoderMissingException">The encoder cannot be started.</exception>
    public async Task<FilmPlan> PlanAsync(FilmSettings settings, IReadOnlyList<FilmFrame> frames, CancellationToken cancellationToken) =>
        FilmPlan.Create(
            settings,
            settings.BurnCaptions ? [.. frames.Select(frame => frame.Caption is { } caption ? frame with { CaptionInputs = _captions.InputsOf(caption) } : frame)] : frames,
            await _ffmpeg.VersionAsync(cancellationToken));

    /// <summary>Whether this machine's fonts can write a caption.</summary>
    /// <exception cref="CaptionException">They cannot.</exception>
    public void CheckCaption(Caption caption) => _captions.InputsOf(caption);

    /// <summary>Reads a picture and its header, as far as that can be done without decoding it.</summary>
    /// <exception cref="PictureException">It is not the one that was saved, or none that can be filmed; names the frame.</exception>
    public async Task CheckAsync(FilmFrame frame, Stream picture, CancellationToken cancellationToken)
    {
        var bytes = await PictureBytes.ReadAsync(picture, frame.Number, frame.Sha256, _options.MaxPictureBytes, cancellationToken);
        try
        {
            PictureReader.Inspect(bytes, _options.MaxPixels);
        }
        catch (PictureException problem)
        {
            throw new PictureException(problem.Code, $"Frame {frame.Number}: {problem.Message}", frame.Number, problem);
        }
    }

    /// <summary>Opens the pictures of one film: each is read, checked against its SHA-256, decoded and kept while pieces need it.</summary>
    /// <param name="plan">The film.</param>
    /// <param name="open">Opens a frame's stored bytes by the frame's number; the stream is closed after reading. Its exceptions pass through.</param>
    public PictureCache OpenPictures(FilmPlan plan, Func<int, CancellationToken, Task<Stream>> open) => new(plan, open, _options);

    /// <summary>Counts the temporary files of one film.</summary>
    public TemporarySpace OpenSpace() => new(_options);

    /// <summary>Renders and encodes one piece to an MP4 file. Pieces are independent: run as many at once as there are cores.</summary>
    /// <param name="plan">The film.</param>
    /// <param name="piece">One of its pieces.</param>
    /// <param name="pictures">The film's pictures.</param>
    /// <param name="outputPath">A temporary file, written anew; on failure it may be left half written.</param>
    /// <param name="rendered">Told after each film frame how many of the piece's frames have gone to the encoder.</param>
    /// <param name="cancellationToken">Ends the encoder at once; the task ends after it has gone.</param>
    /// <param name="footage">The file of a frame's foreign clip, by the frame's number; asked for frames with <see cref="Shot.Footage"/> alone.</param>
    /// <exception cref="FootageException">A foreign clip cannot be decoded.</exception>
    /// <exception cref="PictureException">A picture cannot be filmed.</exception>
    /// <exception cref="EncoderException">The encoder failed or was killed.</exception>
    /// <exception cref="EncoderMissingException">The encoder cannot be started.</exception>
    public async Task RenderPieceAsync(
        FilmPlan plan, Piece piece, PictureCache pictures, string outputPath, IProgress<int>? rendered, CancellationToken cancellationToken, Func<int, string>? footage = null)
    {
        var planes = await Task.WhenAll(piece.Shots.Select(shot => shot.Footage is null ? pictures.GetAsync(shot.Number, cancellationToken) : Task.FromResult<PicturePlanes>(null!)));
        var drawn = piece.Shots.Any(shot => shot.CaptionInputs is not null)
            ? piece.Shots.Select(shot => shot is { CaptionInputs: not null, Caption: { } caption } ? _captions.Draw(caption, plan.Settings.Width, plan.Settings.Height) : null).ToList() : null;
        var ring = RingFor(plan.Settings);
        var clips = new List<FootageReader>();
        try
        {
            var sources = piece.Shots.Select((shot, i) => new ShotSource(planes[i], shot.Footage is { } clip ? Open(shot, clip) : null)).ToList();
            var frames = new PieceFrames(plan.Settings, piece, sources, ring, drawn);
            await Task.Run(
                () => _encoder.EncodeAsync(plan.Settings, piece.FrameCount, frames.Render, outputPath, rendered, cancellationToken), cancellationToken);
        }
        finally
        {
            foreach (var clip in clips) await clip.DisposeAsync();
        }

        FootageReader Open(Shot shot, Footage clip)
        {
            var reader = _footage.Open(footage!(shot.Number), clip, plan.Settings, shot, piece.StartFrame, piece.StartFrame + piece.FrameCount, cancellationToken);
            clips.Add(reader);
            return reader;
        }

        // The encoder has ended, so nobody reads it any more.
        _rings.Add(ring);
    }

    /// <inheritdoc cref="FootageDecoder.ProbeAsync"/>
    public Task<Footage> ProbeFootageAsync(string path, CancellationToken cancellationToken) => _footage.ProbeAsync(path, cancellationToken);

    /// <inheritdoc cref="Soundtrack.CheckAsync"/>
    public Task CheckSoundAsync(string path, string kind, double start, CancellationToken cancellationToken) => _soundtrack.CheckAsync(path, kind, start, cancellationToken);

    /// <inheritdoc cref="Soundtrack.MakeAsync"/>
    public Task MakeSoundAsync(SoundPlan sound, FilmPlan plan, string path, string outputPath, CancellationToken cancellationToken) =>
        _soundtrack.MakeAsync(sound, plan, path, plan.Settings.Format == VideoFormat.WebM ? SoundEncoding.Opus : SoundEncoding.Aac, outputPath, cancellationToken);

    /// <summary>Joins all pieces, in the order of the plan, to one film without encoding again.</summary>
    /// <param name="plan">The film.</param>
    /// <param name="piecePaths">A file for each of the plan's pieces.</param>
    /// <param name="tracks">What plays beside the pictures; null for nothing.</param>
    /// <param name="outputPath">A temporary file, written anew; a list is written beside it and removed.</param>
    /// <param name="cancellationToken">Ends the encoder at once.</param>
    /// <exception cref="EncoderException">The encoder failed, or the film has not the frames of the plan.</exception>
    /// <exception cref="EncoderMissingException">The encoder cannot be started.</exception>
    public Task MergeAsync(FilmPlan plan, IReadOnlyList<string> piecePaths, FilmTracks? tracks, string outputPath, CancellationToken cancellationToken)
    {
        if (piecePaths.Count != plan.Pieces.Count) throw new ArgumentException($"The film has {plan.Pieces.Count} pieces.", nameof(piecePaths));
        return _merger.MergeAsync(plan, piecePaths, tracks, outputPath, cancellationToken);
    }

    /// <inheritdoc cref="FilmMerger.JoinAsync"/>
    public Task JoinAsync(FilmSettings film, IReadOnlyList<Piece> parts, IReadOnlyList<string> paths, string outputPath, CancellationToken cancellationToken) =>
        _merger.JoinAsync(film, parts, paths, outputPath, cancellationToken);

    /// <summary>Cuts a finished piece of an MP4 film into segments of HLS, without encoding again.</summary>
    /// <inheritdoc cref="Segmenter.CutAsync"/>
    public Task<SegmentedPiece> SegmentAsync(FilmPlan plan, Piece piece, string piecePath, string outputPath, CancellationToken cancellationToken) =>
        _segmenter.CutAsync(plan, piece, piecePath, outputPath, cancellationToken);

    /// <inheritdoc cref="Segmenter.CutSoundAsync"/>
    public Task<SegmentedPiece> SegmentSoundAsync(string soundPath, string outputPath, CancellationToken cancellationToken) => _segmenter.CutSoundAsync(soundPath, outputPath, cancellationToken);

    /// <summary>Fits a frame's picture as its shot does, without any move, to another size: a JPEG, as a service that makes a moving clip of it is given it.</summary>
    /// <param name="film">How pictures are fitted.</param>
    /// <param name="shot">The frame's shot.</param>
    /// <param name="width">Pixels across, even.</param>
    /// <param name="height">Pixels down, even.</param>
    /// <param name="open">Opens the frame's stored bytes. Its exceptions pass through.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="PictureException">The picture cannot be filmed.</exception>
    public async Task<byte[]> RenderStillAsync(FilmSettings film, Shot shot, int width, int height, Func<CancellationToken, Task<Stream>> open, CancellationToken cancellationToken)
    {
        var still = film with { DurationSeconds = 1, Width = width, Height = height, Fit = shot.Fit, PadColour = shot.PadColour, Motion = Motion.None, BurnCaptions = false };
        var plan = FilmPlan.Create(still, [new FilmFrame(shot.Number, shot.Sha256, 0, 0) { Look = new FrameSettings { Number = shot.Number, Motion = Motion.None, Focus = shot.Focus } }], "");
        using var pictures = OpenPictures(plan, (_, token) => open(token));
        var planes = await pictures.GetAsync(shot.Number, cancellationToken);
        return await Task.Run(
            () =>
            {
                using var bitmap = ColourMatrix.ToBitmap(new Camera(still, plan.Shots[0], planes, new FrameRing(width * height * 3 / 2, 1)).Show(0), width, height);
                using var jpeg = bitmap.Encode(SKEncodedImageFormat.Jpeg, StillQuality);
                return jpeg.ToArray();
            },
            cancellationToken);
    }

    /// <summary>Writes the film's first picture, as the film shows it, as a JPEG of the film's size.</summary>
    /// <exception cref="PictureException">The picture cannot be filmed.</exception>
    public async Task RenderPosterAsync(FilmPlan plan, PictureCache pictures, string outputPath, CancellationToken cancellationToken, Func<int, string>? footage = null)
    {
        var shot = plan.Shots[0];
        var film = plan.Settings;
        await using var clip = shot.Footage is { } foreign ? _footage.Open(footage!(shot.Number), foreign, film, shot, 0, 1, cancellationToken) : null;
        var source = new ShotSource(clip is null ? await pictures.GetAsync(shot.Number, cancellationToken) : null, clip);
        using var jpeg = await Task.Run(
            () =>
            {
                var frame = source.View(film, shot, new FrameRing(film.Width * film.Height * 3 / 2, 1)).Show(0);
                using var bitmap = ColourMatrix.ToBitmap(frame, film.Width, film.Height);
                return bitmap.Encode(SKEncodedImageFormat.Jpeg, _options.PosterQuality);
            },
            cancellationToken);
        await using var file = File.Create(outputPath);
        await jpeg.AsStream().CopyToAsync(file, cancellationToken);
    }

    private FrameRing RingFor(FilmSettings film)
    {
        var bytes = film.Width * film.Height * 3 / 2;
        // Of films of another size one ring is let go for each that is asked for.
        return _rings.TryTake(out var ring) && ring.FrameBytes == bytes ? ring : new FrameRing(bytes);
    }

    /// <inheritdoc/>
    public void Dispose() => _ffmpeg.Dispose();
}
