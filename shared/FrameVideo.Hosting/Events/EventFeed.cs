using FrameVideo.Contracts;
using FrameVideo.Jobs;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace FrameVideo.Hosting;

/// <summary>Answers a request for the events of a session or a video: a stream where the caller asks for one (<c>Accept: text/event-stream</c>), else a page of the same log.</summary>
public sealed class EventFeed
{
    /// <summary>How long the link to a stream works, or half of it: longer than the work of a day, since a browser that was cut off calls the same link again, and has no other.</summary>
    public static readonly TimeSpan LinkLifetime = TimeSpan.FromHours(48);

    /// <summary>The letter of its cursors.</summary>
    internal const char List = 'e';

    private readonly IResourceStates _states;
    private readonly EventLog _log;
    private readonly StreamParts _parts;
    private readonly OpenStreams _open;

    internal EventFeed(IResourceStates states, EventLog log, EventReader reader, OpenStreams open, IOptions<EventStreamOptions> options, IHostApplicationLifetime lifetime, TimeProvider clock) =>
        (_states, _log, _open, _parts) = (states, log, open, new StreamParts(reader, log, options.Value.KeepAlive, clock, lifetime.ApplicationStopping));

    /// <summary>Answers.</summary>
    /// <param name="http">The request.</param>
    /// <param name="key">The caller's session or video.</param>
    /// <param name="query">From where on.</param>
    /// <param name="require">Called where there is no such resource: finds it elsewhere, or throws what is to be answered.</param>
    public async Task<Results<Ok<Page<Event>>, NotModified, EventStreamResult, NoContent>> AnswerAsync(HttpContext http, ResourceKey key, EventQuery query, Func<CancellationToken, Task> require)
    {
        ArgumentNullException.ThrowIfNull(http);
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(require);
        http.Response.Headers.Append(HeaderNames.Vary, HeaderNames.Accept);
        var from = query.From;
        var size = Paging.Limit(query.Limit);
        var state = await FindAsync(key, require, http.RequestAborted);
        if (!WantsStream(http.Request))
        {
            var page = await PageAsync(key, from, size, http.RequestAborted);
            // What is in a log stays as it is.
            return Conditional.IsCurrent(http, Conditional.Digest([.. page.Items.Select(entry => entry.Id), page.NextCursor])) ? NotModified.Answer : TypedResults.Ok(page);
        }

        http.Response.Headers.CacheControl = "no-store";
        // Whoever names a number that the log has not reached has seen another one: that of rows which were lost, and rebuilt from the object store.
        if (from > state.Number) from = state.IsEnded ? state.Number : 0;
        if (state.IsEnded && from == state.Number) return TypedResults.NoContent();
        return new EventStreamResult(_parts, _open.Enter(key.UserId), state, from);
    }

    private async Task<ResourceState> FindAsync(ResourceKey key, Func<CancellationToken, Task> require, CancellationToken cancellationToken)
    {
        if (await _states.ReadAsync([key], cancellationToken) is [var state]) return state;
        await require(cancellationToken);
        return await _states.ReadAsync([key], cancellationToken) is [var found] ? found : throw new ProblemException(ErrorCodes.NotFound, "It was deleted just now.");
    }

    private async Task<Page<Event>> PageAsync(ResourceKey key, long after, int size, CancellationToken cancellationToken)
    {
        var events = await _log.ReadAsync(key.UserId, key.ResourceId, after, size + 1, cancellationToken);
        return new Page<Event>([.. events.Take(size)], events.Count > size ? Paging.Write(List, events[size - 1].Number) : null);
    }

    /// <summary>Whoever takes anything gets the page: a stream has to be asked for by its name, and no less than JSON.</summary>
    private static bool WantsStream(HttpRequest request)
    {
        var accepted = request.GetTypedHeaders().Accept;
        var stream = accepted.Where(type => type.MediaType.Equals(EventStreamResult.MediaType, StringComparison.OrdinalIgnoreCase)).Select(Weight).DefaultIfEmpty(0).Max();
        var json = accepted.Where(type => type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)).Select(Weight).DefaultIfEmpty(0).Max();
        return stream > 0 && stream >= json;
    }

    private static double Weight(MediaTypeHeaderValue type) => type.Quality ?? 1;
}
