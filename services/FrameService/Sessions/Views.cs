using FrameService.Frames;
using FrameService.Retention;
using FrameVideo.Contracts;
using FrameVideo.Hosting;
using FrameVideo.Storage;

namespace FrameService.Sessions;

/// <summary>Rows as the wire has them. Links are made afresh at each reading; tables hold keys alone.</summary>
internal sealed class Views(IObjectStore store, PublicLinks links, SessionRetention retention)
{
    /// <summary>Where a session is found, as a path of this service.</summary>
    public static string PathOf(RequestId requestId) => $"/v1/sessions/{requestId}";

    /// <summary>Where a frame is found.</summary>
    public static string PathOf(RequestId requestId, int number) => $"{PathOf(requestId)}/frames/{number}";

    /// <summary>A session; without frames in lists.</summary>
    public Session Of(SessionRow row, IReadOnlyList<FrameRow>? frames)
    {
        var self = PathOf(row.RequestId);
        return new Session
        {
            Id = row.RequestId,
            RequestId = row.RequestId,
            SessionId = row.RequestId,
            UserId = row.UserId,
            Status = row.State,
            Stage = JsonText.Enum<SessionStage>(row.Stage),
            Progress = row.Progress,
            FramesRevision = row.FramesRevision,
            OriginalPrompt = row.OriginalPrompt,
            Style = JsonText.Enum<Style>(row.Style),
            Mood = JsonText.Enum<Mood>(row.Mood),
            VideoDuration = row.VideoDuration,
            FrameCount = row.FrameCount,
            AspectRatio = row.AspectRatio,
            Seed = row.Seed,
            Story = JsonText.Read<Story>(row.Story),
            Frames = frames?.Select(Of).ToList(),
            FramesReady = frames?.Count(frame => frame.HasPicture),
            PauseAfter = JsonText.Enum<SessionStage>(row.PauseAfter),
            Usage = UsageOf(row),
            Metadata = JsonText.Read<Dictionary<string, string>>(row.Metadata),
            CreatedAt = row.CreatedAt,
            UpdatedAt = row.UpdatedAt,
            ExpiresAt = retention.ExpiryOf(row),
            Error = JsonText.Read<ResourceError>(row.Error),
            Links = new SessionLinks(
                links.To(self), links.WithoutHeaders(row.UserId, $"{self}/events", EventFeed.LinkLifetime),
                row.IsOpen ? links.To($"{self}/cancel") : null,
                row.State == SessionStatus.AwaitingApproval ? links.To($"{self}/approve") : null,
                row.State is SessionStatus.Failed or SessionStatus.Canceled ? links.To($"{self}/retry") : null),
        };
    }

    private static Usage UsageOf(SessionRow row)
    {
        var items = JsonText.Read<IReadOnlyList<UsageItem>>(row.Usage) ?? [];
        return new Usage(row.Provider, row.PicturesMade, items.Sum(item => item.CostUsd)) { Items = items };
    }

    /// <summary>A frame.</summary>
    public Frame Of(FrameRow row) => new()
    {
        RequestId = row.RequestId,
        Number = row.Number,
        Timestamp = row.Timestamp,
        ImageUrl = LinkOf(row)?.Url,
        Status = row.Shown,
        Description = row.Description,
        Prompt = row.Prompt,
        SceneStory = row.SceneStory,
        Width = row.Width,
        Height = row.Height,
        ContentType = row.ContentType,
        Bytes = row.Bytes,
        Sha256 = row.Sha256,
        ObjectKey = row.ObjectKey,
        Provider = row.Provider,
        Seed = row.Seed,
        Error = row.Redraw is null ? JsonText.Read<ResourceError>(row.Error) : null,
        Links = LinksOf(PathOf(row.RequestId, row.Number)),
    };

    /// <summary>A link to a frame's picture that works without headers: the store's, or ours while the picture is parked. Null where there is no picture.</summary>
    public Link? LinkOf(FrameRow row) => row.State switch
    {
        FrameStatus.Stored => store.Link(row.ObjectKey!.Value),
        FrameStatus.Inline => links.Signed(row.UserId, $"{PathOf(row.RequestId, row.Number)}/image"),
        _ => null,
    };

    private FrameLinks LinksOf(string self) => new(links.To(self), links.To($"{self}/image"), links.To($"{self}/regenerate"));
}
