using System.Net;
using FrameVideo.Contracts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace FrameVideo.Hosting;

/// <summary>
/// The rules while no authentication is configured: loopback addresses alone, no foreign <c>Host</c> (a name that an attacker points at 127.0.0.1),
/// and no change from a page of a foreign <c>Origin</c> that <c>Cors:Origins</c> does not list.
/// </summary>
public static class LocalAccess
{
    /// <summary>Refuses to start on an address that others can reach.</summary>
    /// <exception cref="InvalidOperationException">An address is not loopback.</exception>
    public static void RequireLoopback(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var endpoints = builder.Configuration.GetSection("Kestrel:Endpoints").GetChildren().Select(endpoint => endpoint["Url"]);
        var urls = (builder.Configuration["urls"] ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries);
        if (builder.Configuration["http_ports"] is { Length: > 0 } || builder.Configuration["https_ports"] is { Length: > 0 })
            throw new InvalidOperationException("HTTP_PORTS listens on every address, but no authentication is configured (Auth:ApiKeysFile, Auth:Jwt). Use ASPNETCORE_URLS=http://127.0.0.1:<port>.");
        foreach (var url in urls.Concat(endpoints))
        {
            if (url is null || !IsLoopback(BindingAddress.Parse(url).Host))
                throw new InvalidOperationException($"No authentication is configured (Auth:ApiKeysFile, Auth:Jwt), so this service listens on loopback alone: '{url}' is refused. Use http://127.0.0.1:<port>.");
        }
    }

    /// <summary>Refuses foreign hosts and origins, as long as no authentication is configured.</summary>
    public static void UseLocalAccess(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        if (AuthOptions.IsConfigured(app.Configuration)) return;
        var listed = app.Services.GetRequiredService<IOptions<CorsOrigins>>();
        app.Use((context, next) =>
        {
            var request = context.Request;
            if (!IsLoopback(request.Host.Host))
                throw new ProblemException(ErrorCodes.OriginRefused, "This service serves its own machine alone; call it by 127.0.0.1 or localhost.");
            var safe = HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method);
            if (!safe && request.Headers.Origin.Any(origin => origin is { Length: > 0 } && !IsOwn(origin) && !listed.Value.Allows(origin)))
                throw new ProblemException(ErrorCodes.OriginRefused, "Pages of other origins may not change anything here, unless Cors:Origins lists them.");
            return next();
        });
    }

    private static bool IsOwn(string origin) => Uri.TryCreate(origin, UriKind.Absolute, out var url) && IsLoopback(url.Host);

    private static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
