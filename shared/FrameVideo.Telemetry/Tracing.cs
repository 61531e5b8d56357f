using System.Diagnostics;

namespace FrameVideo.Telemetry;

/// <summary>The pair's own spans. Where nobody listens they are null, and cost a look at a field.</summary>
/// <remarks>
/// Names are few and fixed: what is worked on stands in attributes. No attribute holds text of a user's, a token, or a query string; a failure is told by its type, since messages
/// hold keys and addresses.
/// </remarks>
public static class Tracing
{
    /// <summary>The name of the source of spans, and of the meter.</summary>
    public const string Name = "FrameVideo";

    /// <summary>The attribute for a request ID.</summary>
    public const string RequestId = "framevideo.request_id";

    /// <summary>The attribute for a video ID.</summary>
    public const string VideoId = "framevideo.video_id";

    /// <summary>The attribute for a frame's number.</summary>
    public const string Frame = "framevideo.frame";

    /// <summary>The attribute for the number of an attempt, from 1.</summary>
    public const string Attempt = "framevideo.attempt";

    /// <summary>The attribute for what came of something, one of a few words.</summary>
    public const string Outcome = "framevideo.outcome";

    /// <summary>Where the spans come from.</summary>
    public static ActivitySource Source { get; } = new(Name);

    /// <summary>Begins a step within the present span.</summary>
    /// <param name="name">One of few.</param>
    /// <param name="kind">Client for what asks somebody else; one without a parent is never recorded, since nobody began it.</param>
    public static Activity? Begin(string name, ActivityKind kind = ActivityKind.Internal) => Source.StartActivity(name, kind);

    /// <summary>Says on the span what failed, by its type.</summary>
    public static void Fail(this Activity? span, Exception failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        if (span is null) return;
        span.SetStatus(ActivityStatusCode.Error);
        span.SetTag("error.type", failure.GetType().FullName);
    }

    /// <summary>Runs a step as a span, which says how it failed.</summary>
    public static async Task<T> RunAsync<T>(this Activity? span, Func<Task<T>> step)
    {
        ArgumentNullException.ThrowIfNull(step);
        using (span)
        {
            try
            {
                return await step();
            }
            catch (Exception failure)
            {
                span.Fail(failure);
                throw;
            }
        }
    }

    /// <inheritdoc cref="RunAsync{T}"/>
    public static async Task RunAsync(this Activity? span, Func<Task> step)
    {
        ArgumentNullException.ThrowIfNull(step);
        await span.RunAsync(async () =>
        {
            await step();
            return true;
        });
    }
}
