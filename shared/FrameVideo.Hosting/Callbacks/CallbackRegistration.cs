using System.Net;
using FrameVideo.Jobs;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace FrameVideo.Hosting;

/// <summary>Gives a service its callbacks.</summary>
public static class CallbackRegistration
{
    /// <summary>Registers what checks, sends and shows callbacks. The work queue, and with it the event log, is registered beside.</summary>
    public static void AddCallbacks(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        services.AddOptions<CallbackOptions>().Bind(builder.Configuration.GetSection(CallbackOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IValidateOptions<CallbackOptions>, Check>();
        services.TryAddSingleton<HostResolver>(_ => Dns.GetHostAddressesAsync);
        services.AddSingleton<CallbackSecrets>().AddSingleton(provider => new CallbackHosts(provider.GetRequiredService<IOptions<CallbackOptions>>()));
        services.AddSingleton(provider => new CallbackUrls(provider.GetRequiredService<CallbackSecrets>(), provider.GetRequiredService<CallbackHosts>()));
        services.AddSingleton<SendCallback>().AddSingleton<ShowDeliveries>();
        services.AddSingleton<CallbackMetrics>().AddSingleton<IDatabaseGauges>(provider => provider.GetRequiredService<CallbackMetrics>());
        services.AddHostedService<DeliverCallbacks>().AddHostedService<PruneDeliveries>();
    }

    private sealed class Check : IValidateOptions<CallbackOptions>
    {
        public ValidateOptionsResult Validate(string? name, CallbackOptions options)
        {
            try
            {
                CallbackSecrets.Read(options);
                _ = new CallbackHosts(options.AllowPrivate);
                return ValidateOptionsResult.Success;
            }
            catch (InvalidDataException mistake)
            {
                return ValidateOptionsResult.Fail(mistake.Message);
            }
        }
    }
}
