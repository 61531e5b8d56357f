using FrameVideo.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FrameVideo.Hosting;

/// <summary>Puts together who may call: keys where configuration names any, else this machine alone.</summary>
internal static class AccessRegistration
{
    internal static void AddAccess(this WebApplicationBuilder builder, string area)
    {
        var isOpen = !AuthOptions.IsConfigured(builder.Configuration);
        var keys = isOpen ? null : new ApiKeyRing(builder.Configuration);
        if (keys is null)
        {
            // A misspelt name should not leave the door open.
            AuthOptions.Read(builder.Configuration);
            builder.RequireLoopback();
        }
        else
        {
            builder.RequirePublicUrl();
            builder.Services.AddHostedService(provider => new ApiKeyReload(keys, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<ApiKeyReload>>()));
            builder.Services.AddHealthChecks().AddCheck("apiKeys", new ApiKeyReload.Health(keys), tags: ["ready"]);
        }

        builder.Services.AddSingleton<RequestTokens>().AddSingleton<CreateToken>();
        builder.Services.AddSingleton(provider => new Authentication(
            area, isOpen, keys, provider.GetRequiredService<LinkTokens>(), provider.GetRequiredService<RequestTokens>(), provider.GetRequiredService<TimeProvider>()));
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
