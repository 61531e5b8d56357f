using FrameVideo.Contracts;
using FrameVideo.Hosting;
using Microsoft.AspNetCore.Http.HttpResults;

namespace VideoService.Videos;

/// <summary>What became of a film's callbacks.</summary>
internal static class DeliveryEndpoints
{
    public static void MapDeliveries(this IEndpointRouteBuilder routes)
    {
        var deliveries = routes.MapGroup("/v1/videos/{videoId}/deliveries").WithTags("Callbacks");
        deliveries.MapGet("", ListAsync).WithName("listVideoDeliveries")
            .WithSummary("The events that were sent to the film's callbackUrl, the newest first.")
            .WithDescription("Each with its attempts and when it is sent next. `status` is `pending`, `delivered`, `failed` or `stopped`. Records are kept for a while, 30 days by default.")
            .WithErrors(ErrorCodes.InvalidVideoId, ErrorCodes.InvalidCursor, ErrorCodes.VideoNotFound, ErrorCodes.ValidationFailed, ErrorCodes.DatabaseUnavailable);
        deliveries.MapGet("{deliveryId}", GetAsync).WithName("getVideoDelivery")
            .WithSummary("One event that was sent to the film's callbackUrl.")
            .WithDescription("`deliveryId` is the event's ID, which is the `webhook-id`.")
            .WithErrors(ErrorCodes.InvalidVideoId, ErrorCodes.VideoNotFound, ErrorCodes.DeliveryNotFound, ErrorCodes.DatabaseUnavailable);
        deliveries.MapPost("{deliveryId}/redeliver", RedeliverAsync).WithName("redeliverVideoEvent")
            .WithSummary("Sends an event again.")
            .WithDescription("At once, under the same ID, and then by the schedule from its beginning, whatever came of it before. After a 410 further events are sent again, too.")
            .WithErrors(ErrorCodes.InvalidVideoId, ErrorCodes.VideoNotFound, ErrorCodes.DeliveryNotFound, ErrorCodes.DatabaseUnavailable);
    }

    private static async Task<Ok<Page<Delivery>>> ListAsync(
        VideoId videoId, string? status, int? limit, string? cursor, Caller caller, VideoTable videos, ShowDeliveries show, CancellationToken cancellationToken)
    {
        await videos.RequireAsync(caller.UserId, videoId, cancellationToken);
        return TypedResults.Ok(await show.PageAsync(caller.UserId, videoId.ToString(), status, limit, cursor, cancellationToken));
    }

    private static async Task<Ok<Delivery>> GetAsync(VideoId videoId, string deliveryId, Caller caller, VideoTable videos, ShowDeliveries show, CancellationToken cancellationToken)
    {
        await videos.RequireAsync(caller.UserId, videoId, cancellationToken);
        return TypedResults.Ok(await show.OneAsync(caller.UserId, videoId.ToString(), deliveryId, cancellationToken));
    }

    private static async Task<Accepted<Delivery>> RedeliverAsync(VideoId videoId, string deliveryId, Caller caller, VideoTable videos, ShowDeliveries show, CancellationToken cancellationToken)
    {
        await videos.RequireAsync(caller.UserId, videoId, cancellationToken);
        return TypedResults.Accepted((string?)null, await show.RedeliverAsync(caller.UserId, videoId.ToString(), deliveryId, $"{VideoView.PathOf(videoId)}/deliveries", cancellationToken));
    }
}
