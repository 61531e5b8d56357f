using System.Diagnostics.CodeAnalysis;
using FrameVideo.Hosting;
using Microsoft.Extensions.Configuration.Json;
using FrameVideo.Telemetry;
using Yarp.ReverseProxy.Transforms;

namespace FrontDoor;

/// <summary>The one composition of the front door: one origin in front of both services.</summary>
/// <remarks>
/// The routing table is <c>routes.json</c>, the same on one machine, in compose and in a cluster. Configuration adds the two addresses alone:
/// <c>FrameService:Url</c> and <c>VideoService:Url</c>.
/// </remarks>
internal static class FrontDoorApp
{
    private const long MaxBodyBytes = 1024 * 1024;

    /// <summary>Builds the finished app; null, with a sentence, where the configuration does not suffice.</summary>
    public static WebApplication? Create(string[] args, [NotNullWhen(false)] out string? problem)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        // First in line, so that everything else a deployment sets wins over the file.
        builder.Configuration.Sources.Insert(0, RoutingTable());
        problem = Backends.Problem(builder.Configuration) ?? CorsOrigins.Mistakes(builder.Configuration).FirstOrDefault();
        if (problem is not null) return null;

        builder.Configuration.AddInMemoryCollection(Backends.Addresses(builder.Configuration));
        builder.AddTelemetry("FrontDoor");
        ConnectionOptions.Apply(builder.WebHost, builder.Configuration);
        // Bodies pass through without being kept. The routing table names the addresses that take more.
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = MaxBodyBytes);
        // The services answer for themselves; this is for what the front door answers in their place.
        builder.AddListedOrigins();
        builder.Services.AddReverseProxy()
            .LoadFromConfig(builder.Configuration.GetSection("ReverseProxy"))
            // The services check the Host that the browser named, and refuse foreign ones.
            // They are told whose request it is by X-Forwarded-For, which the proxy writes anew; what a caller says of itself by other names ends here.
            .AddTransforms(transforms => transforms.AddOriginalHost().AddXForwarded(ForwardedTransformActions.Set).AddRequestHeaderRemove("Forwarded").AddRequestHeaderRemove("X-Real-IP"));
        builder.Logging.AddConsoleFormatter<LineFormatter, Microsoft.Extensions.Logging.Console.ConsoleFormatterOptions>();
        builder.Services.AddHttpClient<PairHealth>(client => client.Timeout = TimeSpan.FromSeconds(5));
        if (builder.Configuration.GetValue<bool>("ParentWatch")) builder.Services.AddHostedService<ParentWatch>();

        var app = builder.Build();
        app.UseForwardedAddresses(app.Configuration);
        app.UseListedOrigins();
        app.UseMiddleware<AnswerHeaders>();
        app.Use(RequestShape.RefuseOddAsync);
        app.UseFileServer();
        app.UseSwaggerUI(page =>
        {
            page.DocumentTitle = "FrameVideo: the API";
            page.RoutePrefix = "swagger";
            page.SwaggerEndpoint("/frames/openapi/v1.json", "FrameService: sessions and frames");
            page.SwaggerEndpoint("/videos/openapi/v1.json", "VideoService: films");
        });
        app.UseRouting();
        app.MapGet("/health/live", PairHealth.Live);
        app.MapGet("/health/ready", PairHealth.Ready);
        app.MapReverseProxy(proxy =>
        {
            proxy.UseMiddleware<LargeBody>();
            proxy.UseMiddleware<BegunBody>();
            proxy.UseMiddleware<UnreachableBackend>();
            proxy.UseMiddleware<StreamsEnd>();
        });
        app.MapFallback("{**path}", Problems.NotRouted);
        return app;
    }

    private static JsonConfigurationSource RoutingTable()
    {
        var source = new JsonConfigurationSource { Path = Path.Combine(AppContext.BaseDirectory, "routes.json"), Optional = false, ReloadOnChange = false };
        source.ResolveFileProvider();
        return source;
    }
}
