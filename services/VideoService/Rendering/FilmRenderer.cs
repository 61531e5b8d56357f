namespace VideoService.Rendering;

/// <summary>Makes films of pictures. One for the process; safe for use from many threads.</summary>
internal sealed class FilmRenderer(RenderingOptions options)
{
    /// <summary>Cuts a film into pieces whose hashes name this machine's encoder.</summary>
    /// <exception cref="FilmPlanException">No film can be made of these.</exception>
    /// <exception cref="EncoderMissingException">The encoder cannot be started.</exception>
    public Task<FilmPlan> PlanAsync(FilmSettings settings, IReadOnlyList<FilmFrame> frames, CancellationToken cancellationToken) =>
        throw new NotSupportedException(options.Ffmpeg);

    /// <summary>Opens the pictures of one film: each is read, checked against its SHA-256, decoded and kept while pieces need it.</summary>
    /// <param name="plan">The film.</param>
    /// <param name="open">Opens a frame's stored bytes by the frame's number; the stream is closed after reading.</param>
    public PictureCache OpenPictures(FilmPlan plan, Func<int, CancellationToken, Task<Stream>> open) => new(plan, open, options);

    /// <summary>Renders and encodes one piece to an MP4 file. Pieces are independent: run as many at once as there are cores.</summary>
    /// <param name="plan">The film.</param>
    /// <param name="piece">One of its pieces.</param>
    /// <param name="pictures">The film's pictures.</param>
    /// <param name="outputPath">A temporary file, written anew; on failure it may be left half written.</param>
    /// <param name="rendered">Told after each film frame how many of the piece's frames have gone to the encoder.</param>
    /// <param name="cancellationToken">Ends the encoder at once; the task ends after it has gone.</param>
    /// <exception cref="PictureException">A picture cannot be filmed.</exception>
    /// <exception cref="EncoderException">The encoder failed or was killed.</exception>
    /// <exception cref="EncoderMissingException">The encoder cannot be started.</exception>
    public Task RenderPieceAsync(
        FilmPlan plan, Piece piece, PictureCache pictures, string outputPath, IProgress<int>? rendered, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    /// <summary>Joins all pieces, in the order of the plan, to one film without encoding again.</summary>
    /// <param name="plan">The film.</param>
    /// <param name="piecePaths">A file for each of the plan's pieces.</param>
    /// <param name="outputPath">A temporary file, written anew.</param>
    /// <param name="cancellationToken">Ends the encoder at once.</param>
    /// <exception cref="EncoderException">The encoder failed, or the film has not the frames of the plan.</exception>
    /// <exception cref="EncoderMissingException">The encoder cannot be started.</exception>
    public Task MergeAsync(FilmPlan plan, IReadOnlyList<string> piecePaths, string outputPath, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    /// <summary>Writes the film's first picture as a JPEG of the film's size.</summary>
    /// <exception cref="PictureException">The picture cannot be filmed.</exception>
    public Task RenderPosterAsync(FilmPlan plan, PictureCache pictures, string outputPath, CancellationToken cancellationToken) =>
        throw new NotSupportedException();
}
