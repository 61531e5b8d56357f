using System.Data.Common;
using FrameVideo.Contracts;
using FrameVideo.Hosting;
using FrameVideo.Jobs;
using VideoService.Clips;

namespace VideoService.Videos;

/// <summary>Stops a film, or begins a stopped or failed one again. One transaction decides; the worker is told after it.</summary>
internal sealed class ChangeVideo(
    DbDataSource database, VideoTable videos, PinTable pins, RunningRenders running, EndClips clips, RenderFolders folders, QueueCap cap, WorkQueue queue, TimeProvider clock)
{
    /// <summary>Cancels; what was rendered stays, for a retry.</summary>
    /// <exception cref="ProblemException">There is no such film, or it has ended.</exception>
    public async Task<VideoRow> CancelAsync(UserId userId, VideoId videoId, Precondition precondition, CancellationToken cancellationToken)
    {
        var canceled = await database.WriteAsync(
            async transaction =>
            {
                var row = await TakeAsync(transaction, userId, videoId, precondition);
                if (!row.IsOpen) throw new ProblemException(ErrorCodes.WrongState, $"The video is {row.Status}; only one that is queued or in progress can be canceled.");
                row = row with { Status = WireText.Of(VideoStatus.Canceled), Stage = null, CompletedAt = clock.GetRowTime() };
                row = await videos.AppendAsync(transaction, row, "video.canceled", new { requestId = row.RequestId });
                await videos.SaveAsync(transaction, row);
                await transaction.CompleteRequestAsync(StatusCodes.Status200OK, VideoView.PathOf(videoId));
                return row;
            },
            cancellationToken);
        // The row has decided. A render here looks at it now, one on another instance within half a second; what the queue still holds finds nothing to do. Interrupting the
        // queue's job instead could reach an attempt that a retry has begun since.
        running.Look(videoId);
        clips.Look();
        folders.Discard(videoId);
        return canceled;
    }

    /// <summary>Asks for the same film again: its frames stay pinned, and what was rendered is found again.</summary>
    /// <exception cref="ProblemException">There is no such film, or it has not failed.</exception>
    public async Task<VideoRow> RetryAsync(UserId userId, VideoId videoId, Precondition precondition, CancellationToken cancellationToken)
    {
        var former = await videos.RequireAsync(userId, videoId, cancellationToken);
        var (queued, place) = await database.WriteAsync(
            async transaction =>
            {
                var before = await cap.EnterAsync(transaction, userId, VideoTable.CountOpenAsync);
                // The sweep for orphans removes pieces of sessions at which nobody is at work.
                await VideoTable.LockSessionAsync(transaction, userId, former.RequestId);
                var row = await TakeAsync(transaction, userId, videoId, precondition);
                if (!row.IsRetryable)
                    throw new ProblemException(ErrorCodes.WrongState, $"The video is {row.Status}; only one that failed or was canceled can be tried again.");
                row = row with { Status = WireText.Of(VideoStatus.Queued), Stage = null, Progress = 0, IdleAttempts = 0, Error = null, CompletedAt = null };
                await videos.SaveAsync(transaction, row);
                await pins.ForgetFailuresAsync(transaction, videoId);
                await ClipTaskTable.WantAgainAsync(transaction, videoId);
                await transaction.CompleteRequestAsync(StatusCodes.Status202Accepted, VideoView.PathOf(videoId));
                return (row, before);
            },
            cancellationToken);
        await queue.EnqueueAsync(RenderVideo.WorkName, videoId.ToString(), place, CancellationToken.None);
        return queued;
    }

    private async Task<VideoRow> TakeAsync(DbTransaction transaction, UserId userId, VideoId videoId, Precondition precondition)
    {
        if (await videos.LockAsync(transaction, videoId) is not { } row || row.UserId != userId) throw NotFound(videoId);
        // Taking it has counted it up.
        precondition.Require(row.Revision - 1);
        return row;
    }

    internal static ProblemException NotFound(VideoId videoId) => new(ErrorCodes.VideoNotFound, $"There is no video {videoId}.");
}
