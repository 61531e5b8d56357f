using System.ComponentModel.DataAnnotations;
using System.Text.Json;

namespace FrameVideo.Contracts;

/// <summary>A part of a list.</summary>
/// <typeparam name="T">What is listed.</typeparam>
/// <param name="Items">In the list's order.</param>
/// <param name="NextCursor">Hand this back as <c>cursor</c> for what follows; null at the end.</param>
public sealed record Page<T>([property: MaxLength(100)] IReadOnlyList<T> Items, [property: RegularExpression(WireLimits.Cursor), StringLength(WireLimits.MaxCursor)] string? NextCursor);

/// <summary>One entry of a session's or a video's log.</summary>
/// <param name="Id"><c>evt_&lt;resource&gt;_&lt;number&gt;</c>.</param>
/// <param name="Number">From 1, without gaps.</param>
/// <param name="Type">Such as <c>session.frame_stored</c>.</param>
/// <param name="Attempt">Which attempt at the work it belongs to, from 1; 0 where no work was running.</param>
/// <param name="Time">When it happened.</param>
/// <param name="Data">What happened.</param>
public sealed record Event(
    [property: RegularExpression(WireLimits.EventId), StringLength(WireLimits.MaxName)] string Id, [property: Range(1, (double)WireLimits.MaxSeed)] long Number,
    [property: RegularExpression(WireLimits.EventType), StringLength(WireLimits.MaxName)] string Type, int Attempt, DateTimeOffset Time, JsonElement Data);

/// <summary>How far a session or a video is, as a stream of events tells it between two entries of the log. It is no entry itself: it has no number, and is not sent again.</summary>
/// <param name="Id">The request ID or the video ID.</param>
/// <param name="Status">As the resource has it.</param>
/// <param name="Stage">As the resource has it.</param>
/// <param name="Progress">0-100.</param>
public sealed record ProgressTick(
    [property: RegularExpression(WireLimits.ResourceId), StringLength(RequestId.MaxLength)] string Id, [property: StringLength(WireLimits.MaxName)] string Status, [property: StringLength(WireLimits.MaxName)] string? Stage,
    [property: Range(0, 100)] int Progress);

/// <summary>A link and when it ends.</summary>
/// <param name="Url">Works without headers.</param>
/// <param name="ExpiresAt">Until when.</param>
public sealed record Link([property: Url] string Url, DateTimeOffset ExpiresAt);

/// <summary>What a deletion removed.</summary>
/// <param name="RequestId">The session.</param>
/// <param name="Objects">Objects removed from the store.</param>
/// <param name="Frames">Frames removed.</param>
/// <param name="Pending">Whether a part is finished later, because the store does not answer.</param>
public sealed record SessionDeletion(RequestId RequestId, int Objects, [property: Range(0, WireLimits.MaxFrames)] int Frames, bool Pending);

/// <summary>What a video's deletion removed.</summary>
/// <param name="Videos">Films removed.</param>
/// <param name="Objects">Objects removed from the store.</param>
/// <param name="Pending">Whether a part is finished later, because the store does not answer.</param>
public sealed record VideoDeletion(int Videos, int Objects, bool Pending);
