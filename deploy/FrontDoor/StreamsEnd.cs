namespace FrontDoor;

/// <summary>
/// Ends streams of events as soon as the front door stops: they would go on for as long as the work does, and hold its end up. Browsers connect again by themselves, and go on after
/// the last event that they have seen. Other requests are finished.
/// </summary>
internal sealed class StreamsEnd(RequestDelegate next, IHostApplicationLifetime lifetime)
{
    /// <summary>Forwards; a stream no longer than this process is to live.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        if (!context.Request.Headers.Accept.ToString().Contains("text/event-stream", StringComparison.OrdinalIgnoreCase))
        {
            await next(context);
            return;
        }

        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        context.RequestAborted = end.Token;
        await next(context);
    }
}
