using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace FrameVideo.Hosting;

/// <summary>Gives a service its retention and its erasure of users.</summary>
public static class RetentionRegistration
{
    /// <summary>Registers the options, the loop that ends what is old, and the erasure.</summary>
    public static void AddRetention<TOptions, TLoop, TEraser>(this IServiceCollection services, IConfiguration configuration)
        where TOptions : RetentionOptions
        where TLoop : class, IHostedService
        where TEraser : class, IUserEraser
    {
        ArgumentNullException.ThrowIfNull(configuration);
        services.AddOptions<TOptions>().Bind(configuration.GetSection(RetentionOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<TOptions>>().Value);
        services.AddSingleton<IUserEraser, TEraser>().AddSingleton<ErasureTable>().AddSingleton<EraseUser>();
        services.AddHostedService<TLoop>().AddHostedService<FinishErasures>();
    }
}
