using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using FrameVideo.Contracts;

namespace FrameVideo.Hosting;

/// <summary>One session and its film, as answers show them: each example is a wire record, so it has the members that answers have.</summary>
public static class OpenApiExamples
{
    /// <summary>The generation that every example is about.</summary>
    public const string RequestId = "req_1795373337282_70lm620ac";

    /// <summary>Its film.</summary>
    public const string VideoId = "vid_1795373350680_2y91xsln9";

    private const string Sha256 = "e02e92a7ab807f1d9c1b6c1f0b7a6a9d54c3bb1f6d0e4a5c8f2c7d9a1b3e5f70";
    private const string Origin = "https://films.example.org";
    private const string Token = "token=AAABnDV3.c2lnbmVk";
    private static readonly RequestId Request = Contracts.RequestId.Parse(RequestId);
    private static readonly VideoId Film = Contracts.VideoId.Parse(VideoId);
    private static readonly UserId User = UserId.Parse("anna@example.org");
    private static readonly DateTimeOffset Time = new(2026, 11, 26, 9, 0, 0, TimeSpan.Zero);
    private static readonly JsonSerializerOptions Sparse = new(WireJson.Options) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };
    private static readonly string SessionPath = $"{Origin}/v1/sessions/{RequestId}";
    private static readonly string VideoPath = $"{Origin}/v1/videos/{VideoId}";
    private static readonly ObjectKey Picture = ObjectKeys.Frame(User, Request, 1, Sha256, "jpg");

    private static readonly ObjectKey Theme = ObjectKeys.Upload(User, Request, "theme.mp3", Sha256, "mp3");

    /// <summary>A sound that was brought.</summary>
    public static string SoundKey => Theme.ToString();

    /// <summary>A frame with its picture.</summary>
    public static Frame Frame { get; } = new()
    {
        RequestId = Request,
        Number = 1,
        Timestamp = "0:00",
        ImageUrl = $"{Origin}/v1/objects/{Picture}?{Token}",
        Status = FrameStatus.Stored,
        Description = "A paper boat on grey waves, far from land",
        Prompt = "A paper boat on grey waves, far from land, realistic style, dramatic mood",
        SceneStory = "A paper boat sets out.",
        Width = 1280,
        Height = 720,
        ContentType = "image/jpeg",
        Bytes = 183_220,
        Sha256 = Sha256,
        ObjectKey = Picture,
        Provider = "draft",
        Seed = 42,
        Links = new FrameLinks($"{SessionPath}/frames/1", $"{SessionPath}/frames/1/image", $"{SessionPath}/frames/1/regenerate"),
    };

    /// <summary>A session whose frames are there.</summary>
    public static Session Session { get; } = new()
    {
        Id = Request,
        RequestId = Request,
        SessionId = Request,
        UserId = User,
        Status = SessionStatus.Completed,
        Progress = 100,
        FramesRevision = 1,
        OriginalPrompt = "a paper boat crosses a stormy sea",
        Style = Style.Realistic,
        Mood = Mood.Dramatic,
        VideoDuration = 5,
        FrameCount = 1,
        Seed = 42,
        AspectRatio = default,
        Story = new Story("A paper boat", "A paper boat crosses a stormy sea and is found by a child.", [new Scene(1, "0:00-0:05", "A paper boat sets out.")]),
        Frames = [Frame],
        FramesReady = 1,
        Usage = new Usage("draft", 1, 0),
        Metadata = new Dictionary<string, string>(StringComparer.Ordinal) { ["campaign"] = "spring" },
        CreatedAt = Time,
        UpdatedAt = Time.AddSeconds(4),
        Links = new SessionLinks(SessionPath, $"{SessionPath}/events?{Token}", null),
    };

    /// <summary>A session that was just asked for.</summary>
    public static Session Queued { get; } = Session with
    {
        Status = SessionStatus.Queued,
        Stage = SessionStage.Story,
        Progress = 0,
        FramesRevision = 0,
        Story = null,
        Frames = [],
        FramesReady = 0,
        Usage = new Usage(null, 0, 0),
        UpdatedAt = Time,
        Links = Session.Links with { Cancel = $"{SessionPath}/cancel" },
    };

    /// <summary>A film that is there.</summary>
    public static Video Video { get; } = new()
    {
        Id = Film,
        RequestId = Request,
        UserId = User,
        Status = VideoStatus.Completed,
        Progress = 100,
        Duration = 5,
        Fps = 30,
        Width = 1280,
        Height = 720,
        Format = VideoFormat.Mp4,
        Clips = [new Clip(1, "completed", 0, 150, $"{Origin}/v1/objects/{ObjectKeys.Clip(User, Request, 1, Sha256)}?{Token}")],
        FramesRevision = 1,
        Stale = false,
        Sha256 = Sha256,
        Bytes = 3_612_000,
        ObjectKey = ObjectKeys.Film(User, Request, Film, "mp4"),
        Usage = new Usage("framevideo", 0, 0),
        CreatedAt = Time.AddSeconds(13),
        StartedAt = Time.AddSeconds(13),
        CompletedAt = Time.AddSeconds(21),
        Links = new VideoLinks(
            VideoPath, $"{VideoPath}/events?{Token}", null, $"{Origin}/v1/objects/{ObjectKeys.Film(User, Request, Film, "mp4")}?{Token}", $"{Origin}/v1/objects/{ObjectKeys.Poster(User, Request, Film)}?{Token}"),
    };

    /// <summary>A film that was just asked for.</summary>
    public static Video QueuedVideo { get; } = Video with
    {
        Status = VideoStatus.Queued,
        Progress = 0,
        Clips = [new Clip(1, "pending", 0, 150, null)],
        Sha256 = null,
        Bytes = null,
        ObjectKey = null,
        StartedAt = null,
        CompletedAt = null,
        Links = new VideoLinks(VideoPath, $"{VideoPath}/events?{Token}", $"{VideoPath}/cancel", null, null),
    };

    private static readonly Dictionary<Type, object> Data = new()
    {
        [typeof(StoryReady)] = new StoryReady(Request, "A paper boat", User),
        [typeof(FramePictured)] = new FramePictured(Request, 1, Picture, Sha256, User),
        [typeof(FrameFailed)] = new FrameFailed(Request, 1, new ResourceError("generation-failed", "Frame 1 could not be made.", 1, true), User),
        [typeof(AwaitingApproval)] = new AwaitingApproval(Request, SessionStage.Story, User),
        [typeof(SessionCompleted)] = new SessionCompleted(Request, 1, User),
        [typeof(SessionFailed)] = new SessionFailed(Request, new ResourceError("generation-failed", "Frame 1 has no picture.", 1, true), User),
        [typeof(SessionCanceled)] = new SessionCanceled(Request, 4, 1, User),
        [typeof(ClipCompleted)] = new ClipCompleted(Film, Request, 1, ObjectKeys.Clip(User, Request, 1, Sha256), User),
        [typeof(VideoCompleted)] = new VideoCompleted(Film, Request, ObjectKeys.Film(User, Request, Film, "mp4"), Sha256, 3_612_000, [], User),
        [typeof(VideoFailed)] = new VideoFailed(Film, Request, new ResourceError("frame-missing", "The picture of frame 1 is no longer in the store.", 1), User),
        [typeof(VideoCanceled)] = new VideoCanceled(Film, Request, User),
    };

    /// <summary>An answer of the type, as it is written; null where the type has none.</summary>
    /// <param name="type">The type of the answer's body.</param>
    /// <param name="status">The answer's status: what was just asked for is not there yet.</param>
    /// <param name="area">frames or videos.</param>
    internal static JsonNode? Answer(Type type, int status, string area)
    {
        object? value = type == typeof(Session) ? status == 202 ? Queued : Session
            : type == typeof(Video) ? status == 202 ? QueuedVideo : Video
            : type == typeof(Frame) ? status == 202 ? Frame with { Status = FrameStatus.Generating } : Frame
            : type == typeof(Page<Session>) ? new Page<Session>([Session with { Frames = null, FramesReady = null }], "NjM5MDI3NTI0MDAwMDAwMDAwIHJlcV8x")
            : type == typeof(Page<Video>) ? new Page<Video>([Video], null)
            : type == typeof(Page<Event>) ? new Page<Event>([EventOf(EventTypes.All.First(one => area == "frames" ? one.Data == typeof(FramePictured) : one.Data == typeof(ClipCompleted)))], null)
            : type == typeof(Page<Delivery>) ? new Page<Delivery>([DeliveryOf(area)], null)
            : type == typeof(Delivery) ? DeliveryOf(area) with { Status = status == 202 ? DeliveryStatus.Pending : DeliveryStatus.Delivered, NextAttemptAt = status == 202 ? Time.AddSeconds(9) : null }
            : type == typeof(Link) ? new Link($"{Origin}/v1/objects/{Picture}?{Token}", Time.AddHours(1))
            : type == typeof(SessionDeletion) ? new SessionDeletion(Request, status == 202 ? 0 : 2, 1, status == 202)
            : type == typeof(VideoDeletion) ? new VideoDeletion(1, status == 202 ? 0 : 4, status == 202)
            : type == typeof(Erasure) ? new Erasure { UserId = User, RequestedAt = Time, CompletedAt = status == 202 ? null : Time.AddSeconds(1), Sessions = area == "frames" ? 1 : 0, Frames = area == "frames" ? 1 : 0, Videos = area == "frames" ? 0 : 1, Objects = 4, Rows = 9, Links = new ErasureLinks($"{Origin}/v1/users/anna%40example.org/data") }
            : type == typeof(VideoPlan) ? PlanOfTwo
            : type == typeof(SessionPlan) ? PlanOfFour
            : type == typeof(Upload) ? new Upload("upload", Request, Theme, $"{Origin}/v1/objects/{Theme}?{Token}", "audio/mpeg", 1_284_096, Sha256)
            : type == typeof(RequestToken) ? new RequestToken("fvt_AAABnDV3.c2lnbmVk", Time.AddMinutes(10), Request, [Scopes.FramesRead, Scopes.VideosRead])
            : null;
        return value is null ? null : Write(value);
    }

    private static VideoPlan PlanOfTwo { get; } = new(
        "video_plan", Request, 1, 10, 30, 1280, 720, 300, [new PlannedFrame(1, FrameStatus.Stored, Picture, Sha256), new PlannedFrame(2, FrameStatus.Stored, Picture, Sha256)],
        [new PlannedClip(1, Motion.KenBurns, Fit.Cover, 0, 138), new PlannedClip(2, Motion.ZoomIn, Fit.Cover, 162, 138)], [new PlannedJoint(1, Transition.Wipe, Direction.Left, 138, 24)], []);

    private static SessionPlan PlanOfFour { get; } = new()
    {
        FrameCount = 4,
        VideoDuration = 20,
        AspectRatio = default,
        Width = 1280,
        Height = 720,
        Steps = [new PlannedStep(UsageKind.Story, "openai", "gpt-6-luna", 1, 0, 0.0036m, 20), new PlannedStep(UsageKind.Frame, "openai", "gpt-image-2.5-flare", 4, 4, 0.1801m, 100)],
        Calls = 5,
        EstimatedCostUsd = 0.1837m,
        EstimatedSeconds = 120,
        BudgetLeftUsd = 2,
        WithinBudget = true,
    };

    /// <summary>A value as answers have it.</summary>
    internal static JsonNode Write(object value) => JsonSerializer.SerializeToNode(value, value.GetType(), WireJson.Options)!;

    /// <summary>A body as callers send it: what is left out is left out.</summary>
    internal static JsonNode WriteBody(object value)
    {
        var body = JsonSerializer.SerializeToNode(value, value.GetType(), Sparse)!;
        // An older way to ask, which no document tells of.
        if (value is CreateVideoRequest or CreateSessionRequest) body.AsObject().Remove("dryRun");
        return body;
    }

    /// <summary>An event of a type.</summary>
    internal static Event EventOf(EventType type, int number = 2) => new(
        $"evt_{(type.Name.StartsWith("video", StringComparison.Ordinal) ? VideoId : RequestId)}_{number}", number, type.Name, 1, Time.AddSeconds(3), JsonSerializer.SerializeToElement(Data[type.Data], type.Data, WireJson.Options));

    /// <summary>A stream as it is read: two entries of the log, and a tick between them.</summary>
    internal static string Stream(string area)
    {
        var types = EventTypes.All.Where(one => one.IsSent && one.Name.StartsWith(area == "frames" ? "session" : "video", StringComparison.Ordinal)).ToList();
        var tick = new ProgressTick(area == "frames" ? RequestId : VideoId, "in_progress", area == "frames" ? "frames" : "rendering", 50);
        return $"retry: 1000\n\n{Entry(EventOf(types[0], 1))}event: progress\ndata: {JsonSerializer.Serialize(tick, WireJson.Options)}\n\n{Entry(EventOf(types.First(one => one.Name.EndsWith("completed", StringComparison.Ordinal) && one.Data != types[0].Data), 2))}";

        static string Entry(Event entry) => $"id: {entry.Number}\nevent: {entry.Type}\ndata: {JsonSerializer.Serialize(entry, WireJson.Options)}\n\n";
    }

    private static Delivery DeliveryOf(string area) => new()
    {
        Id = $"evt_{(area == "frames" ? RequestId : VideoId)}_2",
        Type = area == "frames" ? "session.frame_stored" : "video.completed",
        Url = "https://example.org/callbacks",
        Status = DeliveryStatus.Delivered,
        AttemptCount = 1,
        Attempts = [new DeliveryAttempt(Time.AddSeconds(3), 204, null, 48)],
        CreatedAt = Time.AddSeconds(3),
    };
}
