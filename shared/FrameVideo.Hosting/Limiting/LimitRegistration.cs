using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace FrameVideo.Hosting;

/// <summary>Puts together what keeps one caller from taking the place of others.</summary>
internal static class LimitRegistration
{
    internal static void AddRateLimits(this WebApplicationBuilder builder)
    {
        var section = builder.Configuration.GetSection(RateLimitOptions.Section);
        builder.Services.AddOptions<RateLimitOptions>().Configure(options =>
        {
            // On one's own machine everybody is the same caller.
            if (!AuthOptions.IsConfigured(builder.Configuration)) options.TurnOff();
        }).Bind(section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<RateLimits>();
    }

    /// <summary>Stands around authentication. Health, and what the services ask each other, is never counted.</summary>
    internal static void UseRateLimits(this WebApplication app, Action authentication)
    {
        var limits = app.Services.GetRequiredService<RateLimits>();
        app.Use((context, next) => IsCounted(context.Request.Path) ? limits.CountAddressAsync(context, next) : next(context));
        authentication();
        app.Use((context, next) => IsCounted(context.Request.Path) ? limits.CountCallerAsync(context, next) : next(context));

        static bool IsCounted(Microsoft.AspNetCore.Http.PathString path) =>
            !path.StartsWithSegments("/health", StringComparison.OrdinalIgnoreCase) && !path.StartsWithSegments("/internal", StringComparison.OrdinalIgnoreCase);
    }
}
