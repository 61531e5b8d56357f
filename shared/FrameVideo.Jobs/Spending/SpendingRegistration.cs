using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace FrameVideo.Jobs;

/// <summary>Gives a service its budgets.</summary>
public static class SpendingRegistration
{
    /// <summary>Registers <see cref="Spending"/>; the database is registered already, and has the table <c>spending</c>.</summary>
    public static void AddSpending(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        services.AddOptions<SpendingOptions>().Bind(configuration.GetSection(SpendingOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<Spending>();
    }
}
