using FrameVideo.Contracts;
using FrameVideo.Local.Client;
using FrameVideo.Local.CommandLine;

namespace FrameVideo.Local.Film;

/// <summary>A finished film, and the session whose frames it shows.</summary>
internal sealed record FinishedFilm(Session Session, Video Video, string Path);

/// <summary>
/// One film from its prompt or its pictures to a file:
/// <code>
/// prompt    POST /v1/sessions ──events──▶ frames ─┐
///                                                 ├─▶ POST /v1/videos ──events──▶ links.content ──▶ file
/// pictures  PUT .../frames/{n}, POST /v1/sessions ───┘
/// </code>
/// The request ID is the only thing that is handed on.
/// </summary>
internal sealed class FilmWork(PairClient pair, FilmCommand command, IReadOnlyList<Picture> pictures, FilmFile file, IProgressBoard board, TimeProvider clock)
{
    // Where neither length nor number of frames is said: six frames, enough for a story.
    private const double DefaultSeconds = 30;
    private string? _cancelLink;
    private RequestId? _draft;

    public async Task<FinishedFilm> RunAsync(CancellationToken cancellation)
    {
        try
        {
            var session = pictures.Count == 0 ? await FromPromptAsync(cancellation) : await FromPicturesAsync(cancellation);
            var video = await RenderAsync(session.RequestId, cancellation);
            var path = await file.SaveAsync(pair, video, command.Prompt ?? Path.GetFileNameWithoutExtension(pictures[0].Path), cancellation);
            board.Show(Step.Film, 1, 1);
            return new FinishedFilm(session, video, path);
        }
        catch
        {
            await LeaveNothingRunningAsync();
            throw;
        }
    }

    private async Task<Session> FromPromptAsync(CancellationToken cancellation)
    {
        board.Show(Step.Story, 0, 1);
        var session = await pair.CreateSessionAsync(SessionRequest(requestId: null, frames: null), cancellation);
        await using var news = pair.Follow(session.Links.Events);
        while (true)
        {
            _cancelLink = session.Links.Cancel;
            if (session.Story is { } story)
            {
                board.Show(Step.Story, 1, 1, story.Title);
                board.Show(Step.Frames, session.Frames?.Count(frame => frame.Status is FrameStatus.Stored or FrameStatus.Inline) ?? 0, session.FrameCount);
            }

            switch (session.Status)
            {
                case SessionStatus.Completed:
                    return session;
                case SessionStatus.Failed:
                    throw new PlainFailure(session.Error?.Message ?? "The frames could not be made.");
                case SessionStatus.Canceled:
                    throw new PlainFailure($"Somebody has canceled the session {session.RequestId}.");
                default:
                    await news.NextAsync(cancellation);
                    session = await pair.GetSessionAsync(session.RequestId, cancellation);
                    break;
            }
        }
    }

    private async Task<Session> FromPicturesAsync(CancellationToken cancellation)
    {
        var id = RequestId.New(clock);
        _draft = id;
        for (var i = 0; i < pictures.Count; i++)
        {
            board.Show(Step.Pictures, i, pictures.Count);
            try
            {
                await pair.UploadFrameAsync(id, i + 1, pictures[i].Path, pictures[i].ContentType, cancellation);
            }
            catch (Refusal refusal)
            {
                throw new PlainFailure($"{pictures[i].Path} was refused: {refusal.Message}", PlainFailure.General, refusal);
            }
        }

        board.Show(Step.Pictures, pictures.Count, pictures.Count);
        var frames = pictures.Select((picture, i) => new SaveFrame { Number = i + 1, Description = Path.GetFileNameWithoutExtension(picture.Path) });
        var session = await pair.CreateSessionAsync(SessionRequest(id.ToString(), [.. frames]), cancellation);
        _draft = null;
        return session;
    }

    private async Task<Video> RenderAsync(RequestId id, CancellationToken cancellation)
    {
        var video = await pair.CreateVideoAsync(
            new CreateVideoRequest
            {
                RequestId = id.ToString(),
                AspectRatio = command.Ratio,
                Fps = command.Fps,
                Quality = command.Quality,
                Motion = command.Motion,
                Transition = command.Transition,
                Fit = command.Fit,
                Resolution = command.Resolution,
                Captions = command.Captions is { } place ? new CaptionsRequest { Burn = place != CaptionPlace.Track, Track = place != CaptionPlace.Burn } : null,
            },
            cancellation);
        await using var news = pair.Follow(video.Links.Events);
        while (true)
        {
            _cancelLink = video.Links.Cancel;
            var clips = video.Clips.Count(clip => clip.Status == "completed");
            board.Show(Step.Clips, clips, video.Clips.Count);
            if (video.Stage is VideoStage.Merging || video.Status == VideoStatus.Completed) board.Show(Step.Film, 0, 1);
            switch (video.Status)
            {
                case VideoStatus.Completed:
                    return video;
                case VideoStatus.Failed:
                    throw new PlainFailure(video.Error?.Message ?? "The film could not be rendered.");
                case VideoStatus.Canceled:
                    throw new PlainFailure($"Somebody has canceled the film {video.Id}.");
                default:
                    await news.NextAsync(cancellation);
                    video = await pair.GetAsync<Video>(video.Links.Self, cancellation);
                    break;
            }
        }
    }

    private CreateSessionRequest SessionRequest(string? requestId, IReadOnlyList<SaveFrame>? frames) => new()
    {
        RequestId = requestId,
        Prompt = command.Prompt,
        Style = command.Style,
        Mood = command.Mood,
        VideoDuration = command.Duration ?? (frames is null && command.FrameCount is null ? DefaultSeconds : null),
        FrameCount = frames is null ? command.FrameCount : null,
        AspectRatio = command.Ratio,
        Seed = command.Seed,
        Frames = frames,
    };

    /// <summary>Work that was asked for and is no longer wanted is stopped, or the next start would go on with it.</summary>
    private async Task LeaveNothingRunningAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(3), clock);
        try
        {
            if (_cancelLink is { } link) await pair.CancelAsync(link, patience.Token);
            if (_draft is { } draft) await pair.DeleteSessionAsync(draft, patience.Token);
        }
        catch (Exception error) when (error is HttpRequestException or OperationCanceledException)
        {
            // The pair is ending, or has ended; what failed first is what counts.
        }
    }
}
