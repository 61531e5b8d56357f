using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace FrameVideo.Hosting;

/// <summary>Lets pages of listed origins call, and read every answer: errors, unmatched addresses and objects, too.</summary>
public static class CorsRegistration
{
    /// <summary>As long as a browser will have it.</summary>
    private static readonly TimeSpan PreflightLifetime = TimeSpan.FromHours(2);

    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head, HttpMethods.Post, HttpMethods.Put, HttpMethods.Patch, HttpMethods.Delete];

    /// <summary>What the API reads of a request.</summary>
    private static readonly string[] Taken =
    [
        HeaderNames.Accept, HeaderNames.Authorization, "X-API-Key", "X-User-Id", HeaderNames.ContentType, "Idempotency-Key", HeaderNames.IfMatch, HeaderNames.IfNoneMatch, HeaderNames.IfRange,
        HeaderNames.Range, "Last-Event-ID", "X-Correlation-Id", "traceparent", "tracestate",
    ];

    /// <summary>What a page may read of an answer, beside its body and the few headers that every page may.</summary>
    private static readonly string[] Exposed =
    [
        HeaderNames.Location, HeaderNames.RetryAfter, HeaderNames.ETag, "X-Correlation-Id", "Idempotent-Replayed", "RateLimit", "RateLimit-Policy", HeaderNames.ContentRange, HeaderNames.AcceptRanges,
        HeaderNames.ContentDisposition,
    ];

    /// <summary>Reads the list; a mistake in it refuses the start.</summary>
    public static void AddListedOrigins(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddOptions<CorsOrigins>().Bind(builder.Configuration.GetSection(CorsOrigins.Section)).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<CorsOrigins>, Check>();
        builder.Services.AddCors();
        builder.Services.AddOptions<CorsOptions>().Configure<IOptions<CorsOrigins>>((cors, listed) => cors.AddDefaultPolicy(policy => policy
            .WithOrigins([.. listed.Value.Origins]).WithMethods(Methods).WithHeaders(Taken).WithExposedHeaders(Exposed).SetPreflightMaxAge(PreflightLifetime)));
    }

    /// <summary>Stands at the head of the pipeline: preflights show no key, and refusals of all that follows can be read.</summary>
    public static void UseListedOrigins(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        if (!CorsOrigins.AreListed(app.Configuration)) return;
        app.Use(VaryByOrigin);
        app.UseCors();
    }

    /// <summary>Also what was asked for without an origin, by an <c>img</c> say: else a cache would give it to a script that may read it only with the headers.</summary>
    private static Task VaryByOrigin(HttpContext context, RequestDelegate next)
    {
        context.Response.OnStarting(() =>
        {
            var headers = context.Response.Headers;
            if (!headers.GetCommaSeparatedValues(HeaderNames.Vary).Contains(HeaderNames.Origin, StringComparer.OrdinalIgnoreCase)) headers.Append(HeaderNames.Vary, HeaderNames.Origin);
            return Task.CompletedTask;
        });
        return next(context);
    }

    private sealed class Check(IConfiguration configuration) : IValidateOptions<CorsOrigins>
    {
        public ValidateOptionsResult Validate(string? name, CorsOrigins options) =>
            CorsOrigins.Mistakes(configuration).ToList() is { Count: > 0 } mistakes ? ValidateOptionsResult.Fail(mistakes) : ValidateOptionsResult.Success;
    }
}
