using System.Diagnostics;
using System.Globalization;
using FrameVideo.Contracts;
using FrameVideo.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FrameVideo.Hosting;

/// <summary>Checks the IDs of a path before any handler sees them, answers what is none with its own code, and puts them into the logging scope.</summary>
public static class RouteIds
{
    /// <summary>Checks <c>{requestId}</c>, <c>{videoId}</c> and <c>{number}</c> of every route. Stands after routing.</summary>
    public static void UseRouteIds(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        var logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("FrameVideo.Requests");
        app.Use(async (context, next) =>
        {
            var values = context.Request.RouteValues;
            var scope = new List<KeyValuePair<string, object>>(2);
            var span = Activity.Current is { IsAllDataRequested: true } recorded ? recorded : null;
            if (values.TryGetValue("requestId", out var request)) scope.Add(new(LineFormatter.RequestIdKey, ParseRequestId(request as string)));
            if (values.TryGetValue("videoId", out var video)) scope.Add(new(LineFormatter.VideoIdKey, ParseVideoId(video as string)));
            if (values.TryGetValue("number", out var number)) CheckNumber(number as string);
            span?.SetTag(Tracing.RequestId, request).SetTag(Tracing.VideoId, video).SetTag(Tracing.Frame, number);
            if (scope.Count == 0)
            {
                await next();
                return;
            }

            using (logger.BeginScope(scope)) await next();
        });
    }

    /// <summary>Reads a request ID that a caller gave, in a path or a body.</summary>
    /// <exception cref="ProblemException">It is none.</exception>
    public static RequestId ParseRequestId(string? text)
    {
        if (RequestId.TryParse(text, out var id)) return id;
        if (RequestId.IsLegacySessionId(text))
            throw new ProblemException(ErrorCodes.LegacySessionId, "IDs of the form session_<ms>_<x> belong to the former product. An operator takes such sessions over with the command 'adopt'; then they are found under req_<ms>_<x>.");
        throw new ProblemException(ErrorCodes.InvalidRequestId, "A request ID looks like req_1700000000000_ab12cd34e: req_, 1-16 digits, _, 1-16 characters of 0-9 and a-z.");
    }

    /// <summary>Reads a video ID that a caller gave.</summary>
    /// <exception cref="ProblemException">It is none.</exception>
    public static VideoId ParseVideoId(string? text) =>
        VideoId.TryParse(text, out var id) ? id : throw new ProblemException(ErrorCodes.InvalidVideoId, "A video ID looks like vid_1700000000000_ab12cd34e.");

    private static void CheckNumber(string? text)
    {
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number is < 1 or > 1000)
            throw new ProblemException(ErrorCodes.InvalidRequest, "A frame's number is 1 to 1000.");
    }
}
