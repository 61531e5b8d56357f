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
        catch (BadHttpRequestException bad)
        {
            await Problems.BrokenBody(context, bad.StatusCode).ExecuteAsync(context);
            return;
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException)
        {
            // Nobody reads an answer.
            return;
        }

        await next(context);
    }
}
