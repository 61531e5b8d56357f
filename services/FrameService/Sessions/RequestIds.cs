using FrameVideo.Contracts;
using FrameVideo.Hosting;

namespace FrameService.Sessions;

/// <summary>
/// Which request ID a save belongs to: the one given; else the one in the frames' storage URLs; else none yet. Frames that carry another one than the
/// one given, or two different ones, are refused: that refusal is why this system exists.
/// </summary>
internal static class RequestIds
{
    /// <summary>The ID that the caller gave, under either of its names.</summary>
    public static RequestId? Given(CreateSessionRequest request)
    {
        var one = request.RequestId is { } requestId ? RouteIds.ParseRequestId(requestId) : (RequestId?)null;
        var two = request.SessionId is { } sessionId ? RouteIds.ParseRequestId(sessionId) : (RequestId?)null;
        if (one is { } a && two is { } b && a != b) throw ProblemException.Field("sessionId", "requestId and sessionId are two names of one ID, but they differ.");
        return one ?? two;
    }

    /// <summary>The ID that given ID and URLs agree on; null where there is neither.</summary>
    /// <exception cref="ProblemException">request-id-mismatch, naming each frame that belongs elsewhere.</exception>
    public static RequestId? Resolve(RequestId? given, IReadOnlyList<SaveFrame> frames)
    {
        var carried = frames.Select((frame, index) => (frame.Number, index, Id: RequestId.FromUrl(frame.ImageUrl))).Where(frame => frame.Id is not null).ToList();
        var expected = given ?? carried.FirstOrDefault().Id;
        var others = carried.Where(frame => frame.Id != expected).ToList();
        if (others.Count == 0) return expected;
        // Without an ID given, no frame is more right than another: all are named.
        var named = given is null ? carried : others;
        throw new ProblemException(
            ErrorCodes.RequestIdMismatch,
            given is { } id
                ? $"Frames {string.Join(", ", named.Select(frame => frame.Number))} belong to {string.Join(" and ", named.Select(frame => frame.Id).Distinct())}, but are to be saved under {id}. Save them under their own request ID."
                : $"The frames belong to {carried.Select(frame => frame.Id).Distinct().Count()} different request IDs ({string.Join(", ", carried.Select(frame => frame.Id).Distinct())}). Save each under its own.",
            named.ToDictionary(frame => $"frames[{frame.index}].imageUrl", frame => new[] { $"Frame {frame.Number} belongs to {frame.Id}." }, StringComparer.Ordinal));
    }
}
