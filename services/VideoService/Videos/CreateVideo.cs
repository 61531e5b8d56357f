using System.Data.Common;
using System.Diagnostics;
using System.Text.Json;
using FrameVideo.Contracts;
using FrameVideo.Hosting;
using FrameVideo.Jobs;
using FrameVideo.Storage;
using FrameVideo.Telemetry;
using VideoService.Clips;
using VideoService.Rendering;

namespace VideoService.Videos;

/// <summary>
/// Makes a video of a session's present frames. FrameService is asked within the caller's request and with the caller's credential; what it says is pinned in our own
/// rows, so the render needs no credential, calls nobody back, and shows what the caller saw.
/// </summary>
internal sealed partial class CreateVideo(
    FrameClient frames, FilmSound sounds, PlanCalls calls, FilmRenderer renderer, Spool spool, DbDataSource database, VideoTable videos, PinTable pins, QueueCap cap, WorkQueue queue, RenderingOptions rendering, TimeProvider clock,
    ILogger<CreateVideo> logger)
{
    /// <summary>Finds the frames and cuts the film; nothing is kept.</summary>
    /// <param name="requestId">The session.</param>
    /// <param name="settings">What is asked for.</param>
    /// <param name="framesRevision">The revision that the caller has seen, where that matters.</param>
    /// <param name="isAgain">Whether it was asked for an earlier film: wishes for frames that are gone since are no mistake.</param>
    /// <param name="caller">Whose session it is.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ProblemException">There is no such session, its frames are not ready, or FrameService does not answer.</exception>
    public async Task<FilmDraft> DraftAsync(RequestId requestId, VideoSettings settings, long? framesRevision, bool isAgain, CallerCredential caller, CancellationToken cancellationToken)
    {
        FilmSound.RequireOwn(settings.Audio, requestId, caller.UserId);
        var session = await frames.FindSessionAsync(requestId, caller, cancellationToken)
            ?? throw new ProblemException(ErrorCodes.SessionNotFound, $"There is no session {requestId}. Frames are saved or generated first, then filmed by their request ID.");
        if (isAgain && settings.Captions?.Lines is { } lines) settings = settings with { Captions = settings.Captions with { Lines = [.. lines.Where(line => session.Frames?.Any(frame => frame.Number == line.Frame) == true)] } };
        var draft = FilmDraft.Of(session, settings, framesRevision, isAgain, rendering.MaxFilmPixels);
        CaptionRules.Require(draft, renderer);
        draft = draft with { Settings = draft.Settings with { Audio = await sounds.PinAsync(settings.Audio, cancellationToken) } };
        return draft.Settings.HasForeignClips ? draft with { Calls = await calls.RunAsync(draft, caller.UserId, cancellationToken) } : draft;
    }

    /// <summary>Pins a draft and asks for its render.</summary>
    /// <exception cref="ProblemException">Its clips would cost more than is left; or a frame changed or the session was deleted at this moment.</exception>
    public async Task<VideoRow> PinAsync(FilmDraft draft, IReadOnlyDictionary<string, string>? metadata, string? callbackUrl, CallerCredential caller, CancellationToken cancellationToken)
    {
        var row = RowOf(draft, metadata, caller.UserId);
        Activity.Current?.SetTag(Tracing.RequestId, row.RequestId.ToString()).SetTag(Tracing.VideoId, row.VideoId.ToString());
        using var scope = logger.BeginScope(new KeyValuePair<string, object>[] { new(LineFormatter.RequestIdKey, row.RequestId), new(LineFormatter.VideoIdKey, row.VideoId) });
        PlanCalls.RequireBudget(draft);
        var inline = new Dictionary<int, SpooledFile>();
        int place;
        try
        {
            foreach (var frame in draft.Frames.Where(frame => frame.Status == FrameStatus.Inline))
            {
                if (await SpoolAsync(frame, caller, cancellationToken) is { } file) inline.Add(frame.Number, file);
            }

            place = await database.WriteAsync(transaction => InsertAsync(transaction, row, draft, inline, callbackUrl), cancellationToken);
        }
        finally
        {
            foreach (var file in inline.Values) file.Dispose();
        }

        Pinned(draft.Frames.Count, inline.Count, draft.Session.FramesRevision);
        // The row is committed, so the caller going away is no reason to wait for the sweep.
        await queue.EnqueueAsync(RenderVideo.WorkName, row.VideoId.ToString(), place, CancellationToken.None);
        return row;
    }

    private VideoRow RowOf(FilmDraft draft, IReadOnlyDictionary<string, string>? metadata, UserId userId) => new()
    {
        VideoId = VideoId.New(clock),
        UserId = userId,
        RequestId = draft.Session.RequestId,
        Settings = JsonSerializer.Serialize(draft.Settings, WireJson.Options),
        FramesRevision = draft.Session.FramesRevision,
        Duration = draft.Plan.Settings.DurationSeconds,
        Fps = draft.Plan.Settings.Fps,
        Width = draft.Plan.Settings.Width,
        Height = draft.Plan.Settings.Height,
        Metadata = metadata is null ? null : JsonSerializer.Serialize(metadata, WireJson.Options),
        CreatedAt = clock.GetRowTime(),
    };

    /// <summary>Fetches a picture that the store does not have; null where it has moved there meanwhile.</summary>
    private async Task<SpooledFile?> SpoolAsync(Frame frame, CallerCredential caller, CancellationToken cancellationToken)
    {
        var file = await frames.SpoolPictureAsync(frame.RequestId, frame.Number, caller, spool, cancellationToken);
        if (file is null || file.Sha256 == frame.Sha256) return file;
        file.Dispose();
        throw new ProblemException(ErrorCodes.FramesRevisionChanged, $"Frame {frame.Number} was replaced at this moment. Ask again.");
    }

    /// <summary>Answers the film's place among its user's.</summary>
    private async Task<int> InsertAsync(DbTransaction transaction, VideoRow row, FilmDraft draft, Dictionary<int, SpooledFile> inline, string? callbackUrl)
    {
        var place = await cap.EnterAsync(transaction, row.UserId, VideoTable.CountOpenAsync);
        if (!await videos.InsertAsync(transaction, row)) throw new ProblemException(ErrorCodes.SessionDeleted, "The session was deleted; no film is made of it.");
        await CallbackTable.SetAsync(transaction, row.UserId, row.VideoId.ToString(), callbackUrl);
        foreach (var frame in draft.Frames)
        {
            var bytes = inline.TryGetValue(frame.Number, out var file) ? await File.ReadAllBytesAsync(file.Path) : null;
            await pins.InsertAsync(transaction, Pin(row, frame), bytes);
        }

        await pins.InsertAsync(transaction, draft.Missing.Select(missing => VideoFrameFailureRow.Of(row.VideoId, missing.Key, missing.Value)));
        await pins.InsertAsync(transaction, draft.Plan.Pieces.Select((piece, position) => new VideoPieceRow
        {
            VideoId = row.VideoId,
            Position = position,
            Kind = VideoPieceRow.KindOf(piece.Kind),
            Number = piece.Number,
            StartFrame = piece.StartFrame,
            FrameCount = piece.FrameCount,
        }));
        await transaction.CompleteRequestAsync(StatusCodes.Status202Accepted, VideoView.PathOf(row.VideoId));
        return place;
    }

    private static VideoFrameRow Pin(VideoRow row, Frame frame) => new()
    {
        VideoId = row.VideoId,
        Number = frame.Number,
        Status = WireText.Of(frame.Status),
        ObjectKey = frame.ObjectKey!.Value,
        Sha256 = frame.Sha256!,
        Width = frame.Width ?? 0,
        Height = frame.Height ?? 0,
        Timestamp = frame.Timestamp,
        Description = frame.Description,
        Prompt = frame.Prompt,
        SceneStory = frame.SceneStory,
    };

    [LoggerMessage(LogLevel.Information, "Pinned {Frames} frames, {Inline} of them inline, at revision {Revision}")]
    private partial void Pinned(int frames, int inline, long revision);
}
