using FrameVideo.Hosting;

namespace FrontDoor;

/// <summary>Asks no service for anything before the caller has begun to send: a connection to a service is dear, and ends with each body that breaks off.</summary>
internal sealed class BegunBody(RequestDelegate next)
{
    /// <summary>Forwards what has begun.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await BodyStart.WaitAsync(context.Request, context.RequestAborted);
        }
        catch (Exception broken) when (broken is IOException or OperationCanceledException)
        {
            // Where the caller has gone nobody reads it.
            if (!context.RequestAborted.IsCancellationRequested) await Problems.BrokenBody(context, (broken as BadHttpRequestException)?.StatusCode).ExecuteAsync(context);
            return;
        }

        await next(context);
    }
}
