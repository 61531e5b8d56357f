using System.Reflection;
using FrameVideo.Contracts;
using FrameVideo.Jobs;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.DependencyInjection;

namespace FrameVideo.Hosting;

/// <summary>
/// A log as server-sent events (WHATWG HTML, section 9.2): each entry once, in order, with its number as <c>id</c>; between them <c>progress</c> without an <c>id</c>, the latest alone.
/// It ends when nothing more is to come, when the resource is deleted, when the key or token that opened it holds no longer, and when the service stops.
/// </summary>
public sealed class EventStreamResult : IResult, IEndpointMetadataProvider
{
    /// <summary>What a caller accepts who wants a stream.</summary>
    public const string MediaType = "text/event-stream";

    private const int CatchUp = 100;
    private static readonly TimeSpan AgainAfter = TimeSpan.FromSeconds(1);

    /// <summary>After this the client connects again and goes on, if it still may: keys are revoked and links end.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);
    private readonly StreamParts _parts;
    private readonly IDisposable _place;
    private readonly ResourceState _found;
    private readonly long _after;

    internal EventStreamResult(StreamParts parts, IDisposable place, ResourceState found, long after) => (_parts, _place, _found, _after) = (parts, place, found, after);

    /// <inheritdoc/>
    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Metadata.Add(new EventStreamDocument());
    }

    /// <inheritdoc/>
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        ArgumentNullException.ThrowIfNull(httpContext);
        using var place = _place;
        using var watched = _parts.Reader.Follow(_found);
        using var most = new CancellationTokenSource(MostOf(httpContext), _parts.Clock);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(httpContext.RequestAborted, _parts.Stopping, most.Token);
        var response = httpContext.Response;
        response.ContentType = MediaType;
        // A proxy that gathers bytes would hold events back.
        response.Headers["X-Accel-Buffering"] = "no";
        if (HttpMethods.IsHead(httpContext.Request.Method)) return;
        httpContext.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        try
        {
            await RunAsync(new EventWriter(response.BodyWriter), watched, httpContext, end.Token);
        }
        catch (OperationCanceledException)
        {
            // The client has gone, or goes on at another instance.
        }
    }

    /// <summary>No stream outlives the key or the token that opened it.</summary>
    private TimeSpan MostOf(HttpContext http)
    {
        if (http.Features.Get<Caller>()?.Grant?.ExpiresAt is not { } end || end - _parts.Clock.GetUtcNow() is var left && left > Longest) return Longest;
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    private async Task RunAsync(EventWriter writer, Watched watched, HttpContext http, CancellationToken cancellationToken)
    {
        var (sent, shown, beat) = (_after, default(ProgressTick), Beat(cancellationToken));
        writer.Begin();
        await writer.FlushAsync(cancellationToken);
        // Deleted is the end, too.
        while (watched.Now is { State: { } state } now)
        {
            sent = await SendAsync(writer, now, sent, cancellationToken);
            var isBehind = sent < now.From;
            if (!isBehind && !state.IsEnded && TickOf(state) is var tick && tick != shown) writer.Write(shown = tick);
            await writer.FlushAsync(cancellationToken);
            // A sight from before this request says nothing about the end of what was begun again since.
            if (state.IsEnded && sent == state.Number && state.Revision >= _found.Revision) return;
            var news = isBehind ? Task.WhenAny(now.Passed, Task.Delay(AgainAfter, _parts.Clock, cancellationToken)) : now.Passed;
            if (await Task.WhenAny(news, beat) != beat) continue;
            await beat;
            // A key that was taken out is not heard of until the next request, which may be an hour away.
            if (!await http.RequestServices.GetRequiredService<Authentication>().StillHoldsAsync(http)) return;
            beat = Beat(cancellationToken);
            writer.WriteComment();
            await writer.FlushAsync(cancellationToken);
        }
    }

    /// <summary>Writes what comes after a number; answers the number of the last one written.</summary>
    private async Task<long> SendAsync(EventWriter writer, Sight now, long sent, CancellationToken cancellationToken)
    {
        while (sent < now.From)
        {
            var missed = await ReadAsync(sent, cancellationToken);
            if (missed.Count == 0) return sent;
            foreach (var entry in missed) writer.Write(entry);
            sent = missed[^1].Number;
            await writer.FlushAsync(cancellationToken);
        }

        foreach (var entry in now.Tail.Where(entry => entry.Number > sent))
        {
            writer.Write(entry);
            sent = entry.Number;
        }

        return sent;
    }

    /// <summary>What the reader has passed already; nothing while the database is away, which is waited for.</summary>
    private async Task<IReadOnlyList<Event>> ReadAsync(long after, CancellationToken cancellationToken)
    {
        await _parts.Turns.WaitAsync(cancellationToken);
        try
        {
            return await _parts.Log.ReadAsync(_found.UserId, _found.ResourceId, after, CatchUp, cancellationToken);
        }
        catch (DatabaseUnavailableException)
        {
            return [];
        }
        finally
        {
            _parts.Turns.Release();
        }
    }

    private Task Beat(CancellationToken cancellationToken) => Task.Delay(_parts.KeepAlive, _parts.Clock, cancellationToken);

    private static ProgressTick TickOf(ResourceState state) => new(state.ResourceId, state.Status, state.Stage, state.Progress);
}
