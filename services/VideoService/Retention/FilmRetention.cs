using System.ComponentModel.DataAnnotations;
using FrameVideo.Contracts;
using FrameVideo.Hosting;
using VideoService.Videos;

namespace VideoService.Retention;

/// <summary>
/// How long films are kept. The policy in force counts, also for what is there already: <c>expiresAt</c> is told by it at each reading, and stands in no row. A film expires so long after it ended, whichever
/// way; a deleted or expired session takes its films along before.
/// </summary>
internal sealed class FilmRetention : RetentionOptions
{
    /// <summary>How long a film is kept after its completion: 1 minute to 3650 days, not set: for ever.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "3650.00:00:00")]
    public TimeSpan? Films { get; set; }

    /// <summary>The same for one that failed or was canceled; not set: as <see cref="Films"/>.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "3650.00:00:00")]
    public TimeSpan? FailedFilms { get; set; }

    /// <summary>How long a film is kept in this state; null for ever.</summary>
    public TimeSpan? AgeOf(VideoStatus status) => status switch
    {
        VideoStatus.Completed => Films,
        VideoStatus.Failed or VideoStatus.Canceled => FailedFilms ?? Films,
        _ => null,
    };

    /// <summary>When a film expires; null for never, and while it is not ended.</summary>
    public DateTimeOffset? ExpiryOf(VideoRow row) => row.CompletedAt + AgeOf(row.State);
}
