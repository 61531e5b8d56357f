using FrameVideo.Jobs;
using FrameVideo.Storage;
using FrameVideo.Telemetry;

namespace FrameVideo.Hosting;

/// <summary>The configuration keys that both services read.</summary>
public static class CommonKeys
{
    /// <summary>A new set, to which a service adds its own.</summary>
    public static ConfigurationKeys Create() => new ConfigurationKeys()
        .Add("PublicUrl", "ParentWatch", "Data:Folder")
        .Add<WorkOptions>(WorkOptions.Section)
        .Add("Storage:Kind", "Storage:LinkKeyFile", "Storage:SpoolFolder", "Storage:SpoolMaxBytes", "Storage:Simulate:OutageFile")
        .Add<DatabaseOptions>(DatabaseOptions.Section)
        .Add<IdempotencyOptions>(IdempotencyOptions.Section)
        .Add<SpendingOptions>(SpendingOptions.Section)
        .Add<LimitOptions>(LimitOptions.Section)
        .Add<RateLimitOptions>(RateLimitOptions.Section)
        .Add<ConnectionOptions>(ConnectionOptions.Section)
        .Add(ForwardedAddresses.Key)
        .Add<ShutdownOptions>(ShutdownOptions.Section)
        .Add<CorsOrigins>(CorsOrigins.Section)
        .Add("Auth:ApiKeys", "Auth:ApiKeysFile", "Auth:ReloadPeriod", "Auth:Jwt")
        .AddProviders()
        .Add<CallbackOptions>(CallbackOptions.Section)
        .Add<FileObjectStoreOptions>("Storage")
        .Add<S3ObjectStoreOptions>("Storage")
        .Add<EventStreamOptions>(EventStreamOptions.Section)
        .Add<SweepOptions>("Storage")
        .Add<UploadOptions>("Storage:Upload")
        .Add<TelemetryOptions>(TelemetryOptions.Section);

    private static ConfigurationKeys AddProviders(this ConfigurationKeys keys)
    {
        const string Each = ProviderOptions.Section + ":<name>";
        foreach (var property in typeof(ProviderOptions).GetProperties().Where(property => property.CanWrite && property.PropertyType != typeof(ProviderPrices))) keys.Add($"{Each}:{property.Name}");
        return keys.Add<ProviderPrices>($"{Each}:{nameof(ProviderOptions.Prices)}").Add(ProviderSet.OpenAIKey, ProviderSet.OpenAIUrl, ProviderSet.RunwayKey);
    }
}
