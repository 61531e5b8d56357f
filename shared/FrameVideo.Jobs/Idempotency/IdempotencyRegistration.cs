using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FrameVideo.Jobs;

/// <summary>Gives a service its memory of requests.</summary>
public static class IdempotencyRegistration
{
    /// <summary>Registers keys and their upkeep; the database is registered already, and has the table <c>idempotency_keys</c>.</summary>
    public static void AddIdempotencyKeys(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        services.AddOptions<IdempotencyOptions>().Bind(configuration.GetSection(IdempotencyOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IdempotencyTable>();
        services.AddSingleton(provider => new IdempotencyKeys(
            provider.GetRequiredService<IdempotencyTable>(), provider.GetRequiredService<IOptions<IdempotencyOptions>>(), provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<IdempotencyKeys>>()));
        services.AddHostedService<IdempotencyUpkeep>();
    }
}
