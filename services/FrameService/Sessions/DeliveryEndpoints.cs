using FrameVideo.Contracts;
using FrameVideo.Hosting;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FrameService.Sessions;

/// <summary>What became of a session's callbacks.</summary>
internal static class DeliveryEndpoints
{
    public static void MapDeliveries(this IEndpointRouteBuilder routes)
    {
        var deliveries = routes.MapGroup("/v1/sessions/{requestId}/deliveries").WithTags("Callbacks");
        deliveries.MapGet("", List).WithName("listSessionDeliveries").WithSummary("The events that were sent to the session's callbackUrl, the newest first.")
            .WithDescription("Each with its attempts and when it is sent next. `status` is `pending`, `delivered`, `failed` or `stopped`. Records are kept for a while, 30 days by default.")
            .WithErrors(ErrorCodes.InvalidRequestId, ErrorCodes.LegacySessionId, ErrorCodes.InvalidCursor, ErrorCodes.SessionNotFound, ErrorCodes.ValidationFailed, ErrorCodes.StorageUnavailable, ErrorCodes.DatabaseUnavailable);
        deliveries.MapGet("{deliveryId}", Get).WithName("getSessionDelivery").WithSummary("One event that was sent to the session's callbackUrl.")
            .WithDescription("`deliveryId` is the event's ID, which is the `webhook-id`.")
            .WithErrors(ErrorCodes.InvalidRequestId, ErrorCodes.LegacySessionId, ErrorCodes.SessionNotFound, ErrorCodes.DeliveryNotFound, ErrorCodes.StorageUnavailable, ErrorCodes.DatabaseUnavailable);
        deliveries.MapPost("{deliveryId}/redeliver", Redeliver).WithName("redeliverSessionEvent").WithSummary("Send an event again.")
            .WithDescription("At once, under the same ID, and then by the schedule from its beginning, whatever came of it before. After a 410 further events are sent again, too.")
            .WithErrors(ErrorCodes.InvalidRequestId, ErrorCodes.LegacySessionId, ErrorCodes.SessionNotFound, ErrorCodes.DeliveryNotFound, ErrorCodes.StorageUnavailable, ErrorCodes.DatabaseUnavailable);
    }

    private static async Task<Results<Ok<Page<Delivery>>, NotModified>> List(
        RequestId requestId, Caller caller, ReadSession read, ShowDeliveries show, HttpContext http, CancellationToken cancellationToken, string? status = null, int? limit = null, string? cursor = null)
    {
        await read.GetAsync(new SessionKey(caller.UserId, requestId), cancellationToken);
        var page = await show.PageAsync(caller.UserId, requestId.ToString(), status, limit, cursor, cancellationToken);
        return Conditional.IsCurrent(http, ShowDeliveries.StateOf(page)) ? NotModified.Answer : TypedResults.Ok(page);
    }

    private static async Task<Results<Ok<Delivery>, NotModified>> Get(
        RequestId requestId, string deliveryId, Caller caller, ReadSession read, ShowDeliveries show, HttpContext http, CancellationToken cancellationToken)
    {
        await read.GetAsync(new SessionKey(caller.UserId, requestId), cancellationToken);
        var delivery = await show.OneAsync(caller.UserId, requestId.ToString(), deliveryId, cancellationToken);
        return Conditional.IsCurrent(http, ShowDeliveries.StateOf(delivery)) ? NotModified.Answer : TypedResults.Ok(delivery);
    }

    private static async Task<Accepted<Delivery>> Redeliver(RequestId requestId, string deliveryId, Caller caller, ReadSession read, ShowDeliveries show, HttpContext http, CancellationToken cancellationToken)
    {
        await read.GetAsync(new SessionKey(caller.UserId, requestId), cancellationToken);
        var delivery = await show.RedeliverAsync(caller.UserId, requestId.ToString(), deliveryId, $"{Views.PathOf(requestId)}/deliveries", cancellationToken);
        Conditional.Tag(http, ShowDeliveries.StateOf(delivery));
        return TypedResults.Accepted((string?)null, delivery);
    }
}
