using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using FrameVideo.Contracts;
using FrameVideo.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FrameVideo.Hosting;

/// <summary>Answers every error of a service as problem+json with a <c>code</c>: refusals, bad requests, bare status codes, outages, faults.</summary>
public static partial class ProblemHandling
{
    private static readonly TimeSpan ShortPause = TimeSpan.FromSeconds(2);

    /// <summary>Puts the two catchers at the head of the pipeline.</summary>
    public static void UseProblems(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        var logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("FrameVideo.Problems");
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            AllowStatusCode404Response = true,
            SuppressDiagnosticsCallback = _ => true,
            ExceptionHandler = context =>
            {
                var failure = context.Features.Get<IExceptionHandlerFeature>()!;
                return AnswerAsync(context, Told(failure.Error, Refusal(failure.Error, logger), failure.Endpoint));
            },
        });
        app.UseStatusCodePages(pages => AnswerAsync(pages.HttpContext, new ProblemException(CodeOf(pages.HttpContext.Response.StatusCode), SentenceOf(pages.HttpContext))));
    }

    /// <summary>Writes a refusal as the answer.</summary>
    public static async Task AnswerAsync(HttpContext context, ProblemException refusal)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(refusal);
        try
        {
            await WriteAsync(context, refusal);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Whoever asked has gone: no fault of ours, and nobody is to fill the log with it.
        }
    }

    private static async Task WriteAsync(HttpContext context, ProblemException refusal)
    {
        if (context.Response.HasStarted) return;
        var code = refusal.Code;
        context.RequestServices.GetService<ProblemMetrics>()?.Record(code);
        context.Response.StatusCode = code.Status;
        context.Response.Headers.CacheControl = "no-store";
        if (refusal.InnerException is RangeNotSatisfiableException { TotalLength: var total }) context.Response.Headers.ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes */{total}");
        var after = refusal.RetryAfter ?? (code is { Retryable: true, Status: 409 or 429 or 503 } ? ShortPause : Timeout.InfiniteTimeSpan);
        if (after != Timeout.InfiniteTimeSpan) context.Response.Headers.RetryAfter = Math.Max(1, Math.Ceiling(after.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        if (ChallengeOf(refusal) is { } challenge) context.Response.Headers.WWWAuthenticate = challenge;
        if (context.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase))
        {
            // The pages that call these routes look for a string `error` and crash without one.
            await context.Response.WriteAsJsonAsync(new { error = refusal.Message, details = refusal.Errors, code = code.Code, success = false }, context.RequestAborted);
            return;
        }

        var problem = new ProblemDetails
        {
            Type = $"urn:framevideo:problem:{code.Code}",
            Title = code.Title,
            Status = code.Status,
            Detail = refusal.Message,
            Instance = context.Request.Path,
        };
        problem.Extensions["code"] = code.Code;
        problem.Extensions["traceId"] = Activity.Current?.TraceId.ToString() ?? context.TraceIdentifier;
        if (refusal.Errors is { } errors) problem.Extensions["errors"] = errors;
        await context.Response.WriteAsJsonAsync(problem, options: null, contentType: "application/problem+json", context.RequestAborted);
    }

    /// <summary>
    /// Answers for bodies that break off, stand still or are none, as close to where it is noticed as can be. The pipeline's own catcher would do the same; but each method that an exception
    /// passes through costs some ten microseconds, and clients that break off come in hundreds.
    /// </summary>
    internal static async ValueTask<object?> AnswerBrokenBodiesAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (BadHttpRequestException bad) when (!context.HttpContext.Response.HasStarted)
        {
            context.HttpContext.Response.Clear();
            await AnswerAsync(context.HttpContext, Told(bad, FromBadRequest(bad), context.HttpContext.GetEndpoint()));
            return Results.Empty;
        }
    }

    /// <summary>A body that is too large is a picture or a sound that is, where one is sent.</summary>
    private static ProblemException Told(Exception failure, ProblemException refusal, Endpoint? endpoint) =>
        refusal.Code == ErrorCodes.BodyTooLarge || failure is SpoolTooLargeException ? BodyLimits.TooLarge(endpoint) ?? refusal : refusal;

    /// <summary>Puts any exception into the words of the table. What nobody foresaw is logged whole and told as 500 without its text.</summary>
    internal static ProblemException Refusal(Exception exception, ILogger logger)
    {
        switch (exception)
        {
            case ProblemException problem:
                return problem;
            case BadHttpRequestException bad:
                return FromBadRequest(bad);
            case SpoolTooLargeException large:
                return new ProblemException(ErrorCodes.ImageTooLarge, $"The picture is larger than {large.MaxBytes / (1024 * 1024)} MiB.");
            case RangeNotSatisfiableException range:
                return new ProblemException(ErrorCodes.RangeNotSatisfiable, range.Message, inner: range);
            case ObjectStoreForbiddenException:
                Refused(logger, exception, exception.Message);
                return new ProblemException(ErrorCodes.StorageForbidden, "The object store refuses this service. An operator has to give it access.") { RetryAfter = TimeSpan.FromSeconds(30) };
            case BucketNotFoundException:
                Refused(logger, exception, exception.Message);
                return new ProblemException(ErrorCodes.StorageMisconfigured, "The object store has no bucket of the name that is set here. An operator has to see to it.") { RetryAfter = TimeSpan.FromSeconds(30) };
            case ObjectStoreException:
                Outage(logger, exception, "object store");
                return new ProblemException(ErrorCodes.StorageUnavailable, "The object store does not answer. Nothing was lost; try again soon.") { RetryAfter = TimeSpan.FromSeconds(5) };
            // One that no later try will cure is a fault of ours.
            case DbException { IsTransient: true }:
                Outage(logger, exception, "database");
                return new ProblemException(ErrorCodes.DatabaseUnavailable, "The database does not answer. Try again soon.") { RetryAfter = TimeSpan.FromSeconds(2) };
            default:
                Unforeseen(logger, exception);
                return new ProblemException(ErrorCodes.InternalError, "Something went wrong here. The trace ID finds it in the log.");
        }
    }

    private static ProblemException FromBadRequest(BadHttpRequestException bad)
    {
        if (bad.InnerException is JsonException json) return RequestFaults.Of(json);
        return bad.StatusCode switch
        {
            StatusCodes.Status400BadRequest => new ProblemException(ErrorCodes.InvalidRequest, RequestFaults.SentenceOf(bad.Message)),
            var status => new ProblemException(CodeOf(status), RequestFaults.SentenceOf(bad.Message)),
        };
    }

    private static ErrorCode CodeOf(int status) => status switch
    {
        401 => ErrorCodes.Unauthorized,
        403 => ErrorCodes.Forbidden,
        404 => ErrorCodes.NotFound,
        405 => ErrorCodes.MethodNotAllowed,
        406 => ErrorCodes.NotAcceptable,
        408 => ErrorCodes.RequestTimeout,
        412 => ErrorCodes.PreconditionFailed,
        413 => ErrorCodes.BodyTooLarge,
        414 => ErrorCodes.UriTooLong,
        415 => ErrorCodes.UnsupportedMediaType,
        416 => ErrorCodes.RangeNotSatisfiable,
        429 => ErrorCodes.TooManyRequests,
        431 => ErrorCodes.HeadersTooLarge,
        >= 500 => ErrorCodes.InternalError,
        _ => ErrorCodes.InvalidRequest,
    };

    /// <summary>How to ask again, in the words of RFC 6750, section 3.</summary>
    private static string? ChallengeOf(ProblemException refusal)
    {
        var code = refusal.Code;
        if (code == ErrorCodes.InvalidApiKey || code == ErrorCodes.InvalidAccessToken || code == ErrorCodes.TokenExpired) return "Bearer error=\"invalid_token\"";
        if (code == ErrorCodes.InsufficientScope) return refusal.Scope is { } scope ? $"Bearer error=\"insufficient_scope\", scope=\"{scope}\"" : "Bearer error=\"insufficient_scope\"";
        return code.Status == StatusCodes.Status401Unauthorized ? "Bearer" : null;
    }

    private static string SentenceOf(HttpContext context) => context.Response.StatusCode switch
    {
        404 => "There is nothing at this address; /swagger lists what there is.",
        405 => $"This address takes {context.Response.Headers.Allow}, not {context.Request.Method}.",
        415 => "The content type is not one that this address takes: JSON is sent with Content-Type: application/json; /swagger says what else is taken.",
        _ => CodeOf(context.Response.StatusCode).Title,
    };

    [LoggerMessage(LogLevel.Warning, "The {Part} does not answer")]
    private static partial void Outage(ILogger logger, Exception exception, string part);

    [LoggerMessage(LogLevel.Error, "The object store has to be seen to by an operator: {Reason}")]
    private static partial void Refused(ILogger logger, Exception exception, string reason);

    [LoggerMessage(LogLevel.Error, "A request failed in a way that nobody foresaw")]
    private static partial void Unforeseen(ILogger logger, Exception exception);
}
