using System.Globalization;
using FrameVideo.Contracts;
using FrameVideo.Jobs;

namespace FrameVideo.Hosting;

/// <summary>Shows the deliveries of a resource to its owner, who was checked before.</summary>
public sealed class ShowDeliveries(DeliveryTable deliveries)
{
    private const char List = 'd';

    /// <summary>What a delivery shows, for its ETag.</summary>
    public static string StateOf(Delivery delivery) => StateOf([delivery], next: null);

    /// <summary>What a page of deliveries shows, for its ETag.</summary>
    public static string StateOf(Page<Delivery> page)
    {
        ArgumentNullException.ThrowIfNull(page);
        return StateOf(page.Items, page.NextCursor);
    }

    /// <summary>A page, the newest first.</summary>
    /// <exception cref="ProblemException">A parameter is wrong.</exception>
    public async Task<Page<Delivery>> PageAsync(UserId userId, string resourceId, string? status, int? limit, string? cursor, CancellationToken cancellationToken)
    {
        var size = Paging.Limit(limit);
        var before = Paging.Read(List, cursor) ?? long.MaxValue;
        var rows = await deliveries.ListAsync(userId, resourceId, Parse(status), before, size + 1, cancellationToken);
        return new Page<Delivery>([.. rows.Take(size).Select(Show)], rows.Count > size ? Paging.Write(List, rows[size - 1].Number) : null);
    }

    /// <summary>One delivery.</summary>
    /// <exception cref="ProblemException">delivery-not-found.</exception>
    public async Task<Delivery> OneAsync(UserId userId, string resourceId, string deliveryId, CancellationToken cancellationToken) =>
        Show(await deliveries.FindAsync(userId, resourceId, NumberOf(resourceId, deliveryId), cancellationToken) ?? throw NotFound(deliveryId));

    /// <summary>Sends one again, now and then by the schedule.</summary>
    /// <param name="userId">Whose resource it is.</param>
    /// <param name="resourceId">The session's request ID or the video's ID.</param>
    /// <param name="deliveryId">The event's ID.</param>
    /// <param name="path">Where the resource's deliveries are listed.</param>
    /// <param name="cancellationToken">The caller's.</param>
    /// <exception cref="ProblemException">delivery-not-found.</exception>
    public async Task<Delivery> RedeliverAsync(UserId userId, string resourceId, string deliveryId, string path, CancellationToken cancellationToken) =>
        Show(await deliveries.RedeliverAsync(userId, resourceId, NumberOf(resourceId, deliveryId), $"{path}/{deliveryId}", cancellationToken) ?? throw NotFound(deliveryId));

    private static string StateOf(IEnumerable<Delivery> deliveries, string? next) => Conditional.Digest(
        [.. deliveries.Select(one => $"{one.Id} {one.Status} {one.AttemptCount} {one.NextAttemptAt?.UtcTicks} {(one.Attempts.Count == 0 ? null : one.Attempts[^1])} {one.Url}"), next]);

    private static long NumberOf(string resourceId, string deliveryId) =>
        long.TryParse(deliveryId[(deliveryId.LastIndexOf('_') + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && deliveryId == EventLog.IdOf(resourceId, number)
            ? number : throw NotFound(deliveryId);

    private static ProblemException NotFound(string deliveryId) =>
        new(ErrorCodes.DeliveryNotFound, $"There is no delivery {deliveryId}: no event of that ID was sent, or its record was removed.");

    private static DeliveryStatus? Parse(string? status)
    {
        if (string.IsNullOrEmpty(status)) return null;
        foreach (var known in Enum.GetValues<DeliveryStatus>())
        {
            if (WireText.Of(known) == status) return known;
        }

        throw ProblemException.Field("status", $"status is one of {string.Join(", ", Enum.GetValues<DeliveryStatus>().Select(WireText.Of))}.");
    }

    private static Delivery Show(DeliveryRow row) => new()
    {
        Id = row.EventId,
        Type = row.Type,
        Url = new Uri(row.Url).GetLeftPart(UriPartial.Path),
        Status = WireText.Parse<DeliveryStatus>(row.Status),
        AttemptCount = row.Attempts,
        Attempts = row.Known,
        CreatedAt = row.CreatedAt,
        NextAttemptAt = row.NextAt,
    };
}
