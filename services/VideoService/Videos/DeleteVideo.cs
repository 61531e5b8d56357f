using System.Data.Common;
using FrameVideo.Contracts;
using FrameVideo.Hosting;
using FrameVideo.Jobs;
using Microsoft.AspNetCore.Http.HttpResults;
using VideoService.Clips;

namespace VideoService.Videos;

/// <summary>Removes films: the tombstone first, so that nothing reads or writes them any more, then the render's end, then objects and rows.</summary>
internal sealed class DeleteVideo(DbDataSource database, DeletionTable deletions, VideoPurge purge, RunningRenders running, EndClips clips, RenderFolders folders)
{
    /// <summary>Removes one film, or all of a request.</summary>
    public async Task<VideoDeletion> RunAsync(UserId userId, VideoId? videoId, RequestId? requestId, Precondition precondition, CancellationToken cancellationToken)
    {
        var buried = await database.WriteAsync(
            async transaction =>
            {
                var rows = await deletions.BuryAsync(transaction, userId, videoId, requestId);
                // Burying it has counted it up, and is undone where that was not allowed.
                foreach (var row in rows) precondition.Require(row.Revision - 1);
                return rows;
            },
            cancellationToken);
        clips.Look();
        var (objects, pending) = (0, false);
        foreach (var row in buried)
        {
            running.Look(row.VideoId);
            folders.Discard(row.VideoId);
        }

        foreach (var row in buried)
        {
            var removed = await purge.VideoAsync(row, cancellationToken);
            objects += removed ?? 0;
            pending |= removed is null;
        }

        return new VideoDeletion(buried.Count, objects, pending);
    }
}

/// <summary>The routes of deletion.</summary>
internal static class DeletionEndpoints
{
    public static void MapVideoDeletion(this IEndpointRouteBuilder routes)
    {
        routes.MapDelete("/v1/videos/{videoId}", DeleteOneAsync).WithName("deleteVideo").WithTags("Videos")
            .WithSummary("Remove a film, its poster and what no other film of its session shares.")
            .WithDescription("It reads as not there at once. 202 with `pending` means that the store does not answer: the rest is removed later, by itself.")
            .WithErrors(ErrorCodes.InvalidVideoId, ErrorCodes.VideoNotFound, ErrorCodes.PreconditionFailed, ErrorCodes.DatabaseUnavailable);
        routes.MapDelete("/v1/videos", DeleteOfRequestAsync).WithName("deleteVideos").WithTags("Videos")
            .WithSummary("Remove all films of one session.")
            .WithDescription("The session is named by `requestId` and stays. Answers with counts, 0 where there were none; 202 with `pending` as above.")
            .WithErrors(ErrorCodes.InvalidRequestId, ErrorCodes.LegacySessionId, ErrorCodes.DatabaseUnavailable);
    }

    private static async Task<Results<Ok<VideoDeletion>, Accepted<VideoDeletion>>> DeleteOneAsync(VideoId videoId, Caller caller, Precondition precondition, DeleteVideo delete, CancellationToken cancellationToken)
    {
        var deletion = await delete.RunAsync(caller.UserId, videoId, requestId: null, precondition, cancellationToken);
        return deletion.Videos == 0 ? throw ChangeVideo.NotFound(videoId) : Answer(deletion);
    }

    private static async Task<Results<Ok<VideoDeletion>, Accepted<VideoDeletion>>> DeleteOfRequestAsync(string? requestId, Caller caller, DeleteVideo delete, CancellationToken cancellationToken) =>
        Answer(await delete.RunAsync(caller.UserId, videoId: null, RouteIds.ParseRequestId(requestId), Precondition.None, cancellationToken));

    private static Results<Ok<VideoDeletion>, Accepted<VideoDeletion>> Answer(VideoDeletion deletion) =>
        deletion.Pending ? TypedResults.Accepted((string?)null, deletion) : TypedResults.Ok(deletion);
}
