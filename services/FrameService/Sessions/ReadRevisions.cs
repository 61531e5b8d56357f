using FrameVideo.Contracts;
using FrameVideo.Hosting;
using FrameVideo.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FrameService.Sessions;

/// <summary>Tells VideoService how far the frames of sessions are, so that it can say of a film whether it is stale.</summary>
internal static class ReadRevisions
{
    /// <summary>As many as one page of films can be of.</summary>
    private const int MaxSessions = 100;

    public static void MapRevisions(this IEndpointRouteBuilder routes) => routes.MapPost("/internal/revisions", ReadAsync).AllowAnonymous().ExcludeFromDescription()
        .WithBodyLimit(64 * 1024);

    private static async Task<Ok<RevisionAnswer>> ReadAsync(RevisionQuestion body, HttpRequest request, LinkTokens tokens, SessionTable sessions, CancellationToken cancellationToken)
    {
        PeerToken.Require(request, tokens);
        if (body.Sessions.Count > MaxSessions) throw ProblemException.Field("sessions", $"At most {MaxSessions} at a time.");
        var keys = body.Sessions.Select(session => new SessionKey(session.UserId, session.RequestId)).ToList();
        var found = await sessions.FramesRevisionsAsync(keys, cancellationToken);
        return TypedResults.Ok(new RevisionAnswer([.. keys.Select(key => new SessionRevision(key.UserId, key.RequestId, found.TryGetValue(key, out var revision) ? revision : null))]));
    }

    /// <summary>Which sessions are asked about.</summary>
    internal sealed record RevisionQuestion(IReadOnlyList<AskedSession> Sessions);

    /// <summary>One of them.</summary>
    internal sealed record AskedSession(UserId UserId, RequestId RequestId);

    /// <summary>An answer for each, in the order of the question.</summary>
    internal sealed record RevisionAnswer(IReadOnlyList<SessionRevision> Items);

    /// <summary>The session's revision; null where the database does not know it, or it was deleted.</summary>
    internal sealed record SessionRevision(UserId UserId, RequestId RequestId, long? FramesRevision);
}
