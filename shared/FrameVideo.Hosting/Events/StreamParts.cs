using FrameVideo.Jobs;

namespace FrameVideo.Hosting;

/// <summary>What every stream of a process shares.</summary>
/// <param name="Reader">Sees what is new.</param>
/// <param name="Log">Read for those who are behind.</param>
/// <param name="KeepAlive">How often a stream says that it is alive.</param>
/// <param name="Clock">The time.</param>
/// <param name="Stopping">The end of this process's service; clients go on elsewhere.</param>
internal sealed record StreamParts(EventReader Reader, EventLog Log, TimeSpan KeepAlive, TimeProvider Clock, CancellationToken Stopping)
{
    /// <summary>Statements at a time for those who are behind: many come at once after a restart, and other requests need connections, too.</summary>
    public SemaphoreSlim Turns { get; } = new(4);
}
