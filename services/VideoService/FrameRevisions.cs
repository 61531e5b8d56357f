using System.Net.Http.Headers;
using System.Text.Json;
using FrameVideo.Contracts;
using FrameVideo.Storage;
using Polly;

namespace VideoService;

/// <summary>
/// Asks FrameService how far the frames of sessions are. It is asked for every answer that shows a film, so the answer is exact; where it does not come in time, nobody waits
/// for it, and a breaker keeps the next ones from waiting either.
/// </summary>
internal sealed partial class FrameRevisions(HttpClient http, LinkTokens tokens, TimeProvider clock, ILogger<FrameRevisions> logger)
{
    /// <summary>As many sessions as FrameService answers for at a time.</summary>
    private const int MaxSessions = 100;

    private const string Path = "/internal/revisions";
    private static readonly TimeSpan TokenLifetime = TimeSpan.FromMinutes(5);
    private static readonly UserId Self = UserId.Parse("framevideo");

    /// <summary>The present revisions of those sessions that live; none of them where FrameService does not answer in time.</summary>
    public async Task<IReadOnlyDictionary<(UserId User, RequestId Request), long>> ReadAsync(IEnumerable<(UserId User, RequestId Request)> sessions, CancellationToken cancellationToken)
    {
        var found = new Dictionary<(UserId, RequestId), long>();
        foreach (var batch in sessions.Distinct().Chunk(MaxSessions))
        {
            foreach (var item in await AskAsync(batch, cancellationToken))
            {
                if (item.FramesRevision is { } revision) found[(item.UserId, item.RequestId)] = revision;
            }
        }

        return found;
    }

    private async Task<IReadOnlyList<SessionRevision>> AskAsync((UserId User, RequestId Request)[] batch, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Path)
        {
            Content = JsonContent.Create(new { sessions = batch.Select(session => new { userId = session.User, requestId = session.Request }) }, options: WireJson.Options),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", tokens.Sign(Self, Path, clock.GetUtcNow() + TokenLifetime));
        try
        {
            using var response = await http.SendAsync(request, cancellationToken);
            response.EnsureSuccessStatusCode();
            return (await response.Content.ReadFromJsonAsync<RevisionAnswer>(WireJson.Options, cancellationToken))?.Items ?? [];
        }
        catch (Exception failure) when (failure is HttpRequestException or HttpIOException or JsonException or ExecutionRejectedException || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            NotKnown(failure.Message);
            return [];
        }
    }

    [LoggerMessage(LogLevel.Debug, "FrameService does not say how far its sessions are. {Reason}")]
    private partial void NotKnown(string reason);

    private sealed record RevisionAnswer(IReadOnlyList<SessionRevision> Items);

    private sealed record SessionRevision(UserId UserId, RequestId RequestId, long? FramesRevision);
}
