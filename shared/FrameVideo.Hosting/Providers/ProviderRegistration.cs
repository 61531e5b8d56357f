using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace FrameVideo.Hosting;

/// <summary>The AI services of one process, by name, each with its gate.</summary>
public sealed class Providers : IDisposable
{
    private readonly Dictionary<string, Provider> _providers;
    private readonly ProviderSet _set;

    /// <summary>From the configuration.</summary>
    public Providers(IOptions<ProviderSet> options, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(options);
        _set = options.Value;
        _providers = _set.Providers.ToDictionary(entry => entry.Key, entry => new Provider(entry.Key, entry.Value, clock), StringComparer.Ordinal);
    }

    /// <summary>One by its name; null where there is none.</summary>
    public Provider? Find(string name) => _providers.GetValueOrDefault(name);

    /// <summary>Who was chosen for a use, in order of preference; null stands for what does it here.</summary>
    public IReadOnlyList<Provider?> ChosenFor(ProviderUse use) => [.. _set.ChosenFor(use).Select(Find)];

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var provider in _providers.Values) provider.Dispose();
    }
}

/// <summary>Sets AI services up.</summary>
public static class ProviderRegistration
{
    /// <summary>Reads the AI services and who of them was chosen for what; one that was chosen without a key or a model keeps the service from starting.</summary>
    public static IServiceCollection AddProviders(this IServiceCollection services, IConfiguration configuration, params ProviderUse[] uses)
    {
        services.AddSingleton<IValidateOptions<ProviderSet>>(new Validation(uses));
        services.AddOptions<ProviderSet>().Configure(set => set.Read(configuration, uses)).ValidateOnStart();
        services.AddHostedService(provider => ActivatorUtilities.CreateInstance<ProviderNotice>(provider, (IReadOnlyList<ProviderUse>)uses));
        return services.AddSingleton<Providers>();
    }

    private sealed class Validation(IReadOnlyList<ProviderUse> uses) : IValidateOptions<ProviderSet>
    {
        public ValidateOptionsResult Validate(string? name, ProviderSet options) =>
            options.Faults(uses).ToList() is { Count: > 0 } faults ? ValidateOptionsResult.Fail(faults) : ValidateOptionsResult.Success;
    }
}
