using FrameVideo.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FrameVideo.Hosting;

/// <summary>Puts together who may call: keys and identity providers where configuration names any, else this machine alone.</summary>
internal static class AccessRegistration
{
    internal static void AddAccess(this WebApplicationBuilder builder, string area)
    {
        // Read whole, also where it says nothing: a misspelt name should not leave the door open.
        var options = AuthOptions.Read(builder.Configuration);
        var isOpen = !AuthOptions.IsConfigured(builder.Configuration);
        var keys = isOpen ? null : new ApiKeyRing(builder.Configuration);
        if (keys is null)
        {
            builder.RequireLoopback();
        }
        else
        {
            builder.RequirePublicUrl();
            builder.Services.AddHostedService(provider => new ApiKeyReload(keys, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<ApiKeyReload>>()));
            builder.Services.AddHealthChecks().AddCheck("apiKeys", new ApiKeyReload.Health(keys), tags: ["ready"]);
        }

        builder.AddIssuers(options.Jwt);
        builder.Services.AddSingleton<RequestTokens>().AddSingleton<CreateToken>();
        builder.Services.AddSingleton(provider => new Authentication(
            area, isOpen, keys, provider.GetRequiredService<JwtIssuers>(), provider.GetRequiredService<LinkTokens>(), provider.GetRequiredService<RequestTokens>(), provider.GetRequiredService<TimeProvider>()));
    }

    private static void AddIssuers(this WebApplicationBuilder builder, IList<JwtIssuerOptions> issuers)
    {
        builder.Services.AddSingleton(provider => new JwtIssuers(provider.GetRequiredService<TimeProvider>(), issuers, provider.GetRequiredService<ILogger<JwtIssuers>>()));
        if (issuers.Count == 0) return;
        builder.Services.AddHostedService<JwtUpkeep>();
        builder.Services.AddHealthChecks().AddCheck<JwtUpkeep.Health>("identityProvider", tags: ["ready"]);
    }

    internal static void UseAuthenticatedCallers(this WebApplication app)
    {
        var authentication = app.Services.GetRequiredService<Authentication>();
        app.Use(authentication.InvokeAsync);
    }

    /// <summary>Who listens on every address knows none that a link could begin with.</summary>
    private static void RequirePublicUrl(this WebApplicationBuilder builder)
    {
        if (builder.Configuration["PublicUrl"] is { Length: > 0 }) return;
        var first = builder.Configuration["urls"]?.Split(';')[0];
        var host = first is null ? "" : BindingAddress.Parse(first).Host;
        if (host is "" or "*" or "+" or "0.0.0.0" or "[::]" or "::")
            throw new InvalidDataException("PublicUrl is not set: the address that clients call, such as https://films.example.org. Links begin with it, and this service listens on every address.");
    }
}
