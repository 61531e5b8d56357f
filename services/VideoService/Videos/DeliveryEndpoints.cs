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
            .WithSummary("Send an event again.")
            .WithDescription("At once, under the same ID, and then by the schedule from its beginning, whatever came of it before. After a 410 further events are sent again, too.")
            .WithErrors(ErrorCodes.InvalidVideoId, ErrorCodes.VideoNotFound, ErrorCodes.DeliveryNotFound, ErrorCodes.DatabaseUnavailable);
    }

    private static async Task<Results<Ok<Page<Delivery>>, NotModified>> ListAsync(
        VideoId videoId, string? status, int? limit, string? cursor, Caller caller, VideoTable videos, ShowDeliveries show, HttpContext http, CancellationToken cancellationToken)
    {
        await videos.RequireAsync(caller.UserId, videoId, cancellationToken);
        var page = await show.PageAsync(caller.UserId, videoId.ToString(), status, limit, cursor, cancellationToken);
        return Conditional.IsCurrent(http, ShowDeliveries.StateOf(page)) ? NotModified.Answer : TypedResults.Ok(page);
    }

    private static async Task<Results<Ok<Delivery>, NotModified>> GetAsync(
        VideoId videoId, string deliveryId, Caller caller, VideoTable videos, ShowDeliveries show, HttpContext http, CancellationToken cancellationToken)
    {
        await videos.RequireAsync(caller.UserId, videoId, cancellationToken);
        var delivery = await show.OneAsync(caller.UserId, videoId.ToString(), deliveryId, cancellationToken);
        return Conditional.IsCurrent(http, ShowDeliveries.StateOf(delivery)) ? NotModified.Answer : TypedResults.Ok(delivery);
    }

    private static async Task<Accepted<Delivery>> RedeliverAsync(VideoId videoId, string deliveryId, Caller caller, VideoTable videos, ShowDeliveries show, HttpContext http, CancellationToken cancellationToken)
    {
        await videos.RequireAsync(caller.UserId, videoId, cancellationToken);
        var delivery = await show.RedeliverAsync(caller.UserId, videoId.ToString(), deliveryId, $"{VideoView.PathOf(videoId)}/deliveries", cancellationToken);
        Conditional.Tag(http, ShowDeliveries.StateOf(delivery));
        return TypedResults.Accepted((string?)null, delivery);
    }
}
