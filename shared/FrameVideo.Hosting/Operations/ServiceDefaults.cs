using System.Diagnostics;
using System.Text;
using FrameVideo.Contracts;
using FrameVideo.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;

namespace FrameVideo.Hosting;

/// <summary>What both services do alike over HTTP.</summary>
public static class ServiceDefaults
{
    /// <summary>Registers JSON, problems, logs, access, health and OpenAPI.</summary>
    /// <param name="builder">The service's builder.</param>
    /// <param name="title">The API's name.</param>
    /// <param name="description">What it is for.</param>
    /// <param name="area">What its scopes begin with: <c>frames</c> or <c>videos</c>.</param>
    public static void AddServiceDefaults(this WebApplicationBuilder builder, string title, string description, string area)
    {
        ArgumentNullException.ThrowIfNull(builder);
        // Before everything that has something to tell.
        builder.AddTelemetry(area == "frames" ? "FrameService" : "VideoService");
        builder.AddAccess(area);
        builder.AddListedOrigins();
        builder.AddDrain();
        builder.AddRateLimits();
        // Links have to begin with something: what clients call, else where the service listens.
        builder.Configuration["PublicUrl"] ??= builder.Configuration["urls"]?.Split(';')[0];
        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.ConfigureHttpJsonOptions(options => WireJson.Apply(options.SerializerOptions));
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        services.Configure<RouteOptions>(options => options.AppendTrailingSlash = false);
        ConnectionOptions.Apply(builder.WebHost, builder.Configuration);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = BodyLimits.Json);
        builder.Logging.ClearProviders();
        builder.Logging.Configure(options => options.ActivityTrackingOptions = ActivityTrackingOptions.TraceId);
        builder.Logging.AddConsole(options => options.FormatterName = LineFormatter.FormatterName)
            .AddConsoleFormatter<LineFormatter, Microsoft.Extensions.Logging.Console.ConsoleFormatterOptions>(options => options.IncludeScopes = true);
        // Whoever calls through a pipeline logs what came of it, once; the pipeline's own lines would tell each attempt twice, with stack traces.
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning).AddFilter("Quartz", LogLevel.Warning).AddFilter("Polly", LogLevel.Critical)
            .AddFilter("System.Net.Http", LogLevel.Warning).AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Information);
        services.AddSingleton<PublicLinks>().AddSingleton<QueueCap>().AddSingleton<ProblemMetrics>();
        services.AddOptions<LimitOptions>().Bind(builder.Configuration.GetSection(LimitOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddHealthChecks().AddCheck<StoreHealth>("store", tags: ["ready"]);
        services.AddHostedService<StoreAtStart>();
        services.AddOpenApiDocument(title, description, area);
        if (builder.Configuration.GetValue("ParentWatch", false)) services.AddHostedService<ParentWatch>();
    }

    /// <summary>Builds the pipeline up to the routes.</summary>
    public static void UseServiceDefaults(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.UseForwardedAddresses(app.Configuration);
        app.Use(AddHeadersAsync);
        app.UseListedOrigins();
        app.UseProblems();
        app.UseLocalAccess();
        app.Use(RequestShape.RefuseOddAsync);
        app.UseRouting();
        app.Use(RefuseUnknownCharset);
        app.UseRateLimits(app.UseAuthenticatedCallers);
        app.Use(BodyLimits.RefuseLargeAsync);
        app.UseRouteIds();
        app.UseIdempotencyKeys();
        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false, ResponseWriter = HealthAnswer.WriteAsync }).AllowAnonymous();
        app.MapHealthChecks("/health/ready", new HealthCheckOptions { Predicate = check => check.Tags.Contains("ready"), ResponseWriter = HealthAnswer.WriteAsync }).AllowAnonymous();
        app.UseOpenApiDocument();
    }

    /// <summary>What the answer bears as <c>X-Correlation-Id</c>, and what a question to another service does: the caller's own where it can stand in a header, else the trace.</summary>
    public static string CorrelationOf(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var given = context.Request.Headers["X-Correlation-Id"].ToString();
        var sane = given.Length is > 0 and <= 128 && given.All(c => c is > ' ' and < '\x7f');
        return sane ? given : Activity.Current?.TraceId.ToString() ?? context.TraceIdentifier;
    }

    private static Task AddHeadersAsync(HttpContext context, RequestDelegate next)
    {
        var correlation = CorrelationOf(context);
        context.Response.OnStarting(() =>
        {
            context.Response.Headers["X-Correlation-Id"] = correlation;
            BrowserHeaders.Add(context);
            return Task.CompletedTask;
        });
        return next(context);
    }

    /// <summary>The framework's JSON reader takes a charset that it does not know for a fault of ours.</summary>
    private static Task RefuseUnknownCharset(HttpContext context, RequestDelegate next)
    {
        var isRead = context.GetEndpoint() is { } endpoint && (endpoint.Metadata.GetMetadata<IAcceptsMetadata>() is not null || BodyLimits.Of(endpoint) is not null);
        if (!isRead || !MediaTypeHeaderValue.TryParse(context.Request.ContentType, out var type) || !type.Charset.HasValue) return next(context);
        try
        {
            _ = Encoding.GetEncoding(HeaderUtilities.RemoveQuotes(type.Charset).ToString());
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            throw new ProblemException(ErrorCodes.UnsupportedMediaType, "The content type names a charset that is not known here; UTF-8 is.", inner: exception);
        }

        return next(context);
    }
}
