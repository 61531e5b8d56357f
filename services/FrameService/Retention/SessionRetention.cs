using System.ComponentModel.DataAnnotations;
using FrameService.Sessions;
using FrameVideo.Contracts;
using FrameVideo.Hosting;

namespace FrameService.Retention;

/// <summary>
/// How long sessions are kept. The policy in force counts, also for what is there already: <c>expiresAt</c> is told by it at each reading, and stands in no row. A session expires so long after
/// its last change, never while it is being generated, and as if its user had deleted it: with its films.
/// </summary>
internal sealed class SessionRetention : RetentionOptions
{
    /// <summary>How long a session is kept after its last change: 1 minute to 3650 days, not set: for ever.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "3650.00:00:00")]
    public TimeSpan? Sessions { get; set; }

    /// <summary>The same for one that failed or was canceled; not set: as <see cref="Sessions"/>.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "3650.00:00:00")]
    public TimeSpan? FailedSessions { get; set; }

    /// <summary>The same for one into which pictures were uploaded and that was never saved; not set: as <see cref="Sessions"/>.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "3650.00:00:00")]
    public TimeSpan? Drafts { get; set; }

    /// <summary>How long a picture stays in the store after another one has taken its place: 1 hour to 365 days, default 7 days. Longer than the longest render and the latest retry: a film reads the pictures that it was asked for with.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "365.00:00:00")]
    public TimeSpan SupersededFrames { get; set; } = TimeSpan.FromDays(7);

    /// <summary>How long a session is kept in this state; null for ever.</summary>
    public TimeSpan? AgeOf(SessionStatus status) => status switch
    {
        SessionStatus.Queued or SessionStatus.InProgress => null,
        SessionStatus.Draft => Drafts ?? Sessions,
        SessionStatus.Failed or SessionStatus.Canceled => FailedSessions ?? Sessions,
        _ => Sessions,
    };

    /// <summary>When a session expires if nothing changes any more; null for never.</summary>
    public DateTimeOffset? ExpiryOf(SessionRow row) => row.UpdatedAt + AgeOf(row.State);
}
