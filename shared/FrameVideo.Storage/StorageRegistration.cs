using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace FrameVideo.Storage;

/// <summary>Chooses the object store and puts together what surrounds it.</summary>
public static class StorageRegistration
{
    /// <summary>
    /// Adds <see cref="IObjectStore"/>, <see cref="IFormerObjects"/>, <see cref="LinkTokens"/> and <see cref="Spool"/>. <c>Storage:Kind</c> chooses the store; only the chosen one's options are bound and, at start,
    /// validated. Paths that are not given lie in <c>Data:Folder</c> (default <c>data</c>).
    /// </summary>
    /// <exception cref="InvalidOperationException"><c>Storage:Kind</c> is none of the allowed values, which the message names.</exception>
    public static IServiceCollection AddObjectStore(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configuration);
        var storage = configuration.GetSection("Storage");
        var data = configuration["Data:Folder"] is { Length: > 0 } folder ? folder : "data";

        services.TryAddSingleton(TimeProvider.System);
        services.AddMetrics();
        services.AddOptions<LinkTokenOptions>()
            .Configure(options => options.KeyFile = storage["LinkKeyFile"] ?? Path.Combine(data, "link.key"))
            .ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<SpoolOptions>()
            .Configure(options =>
            {
                options.Folder = storage["SpoolFolder"] ?? Path.Combine(data, "spool");
                options.MaxTotalBytes = storage.GetValue("SpoolMaxBytes", options.MaxTotalBytes);
            })
            .ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<UploadOptions>().Bind(storage.GetSection("Upload")).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<LinkTokens>();
        services.AddSingleton<Spool>();
        services.AddHostedService<SpoolStart>();
        services.AddSingleton<StoreMetrics>();
        services.AddHostedService(provider => new DiskMetrics(
            provider.GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>(), provider.GetRequiredService<Spool>(), data, provider.GetRequiredService<IOptions<SpoolOptions>>().Value.Folder));
        services.AddSingleton<StorePipeline>();

        var kind = storage["Kind"] ?? "folder";
        switch (kind)
        {
            case "folder":
                services.AddOptions<FileObjectStoreOptions>()
                    .Configure(options =>
                    {
                        options.Folder = Path.Combine(data, "objects");
                        options.PublicUrl = configuration["PublicUrl"] ?? options.PublicUrl;
                    })
                    .Bind(storage)
                    .ValidateDataAnnotations().ValidateOnStart();
                services.AddSingleton(new StorePlace(Bucket: null));
                services.AddSingleton<IFormerObjects, FormerFolder>();
                Add<FileObjectStore>(services, storage);
                break;
            case "s3":
                services.AddOptions<S3ObjectStoreOptions>().Bind(storage).ValidateDataAnnotations().ValidateOnStart();
                services.AddSingleton(provider => new S3Connection(provider.GetRequiredService<IOptions<S3ObjectStoreOptions>>(), provider.GetRequiredService<TimeProvider>()));
                services.AddSingleton(provider => new StorePlace(provider.GetRequiredService<IOptions<S3ObjectStoreOptions>>().Value.Bucket));
                services.AddSingleton<IFormerObjects, S3FormerObjects>();
                Add<S3ObjectStore>(services, storage);
                break;
            default:
                throw new InvalidOperationException($"Storage:Kind is \"{kind}\"; allowed: folder, s3.");
        }

        return services;
    }

    private static void Add<TStore>(IServiceCollection services, IConfiguration storage)
        where TStore : class, IObjectStore
    {
        services.AddSingleton<TStore>();
        services.AddSingleton<IObjectStore>(provider =>
        {
            IObjectStore store = provider.GetRequiredService<TStore>();
            if (storage["Simulate:OutageFile"] is { Length: > 0 } outageFile) store = new SimulatedOutage(store, outageFile);
            return new ResilientObjectStore(store, provider.GetRequiredService<StorePipeline>());
        });
    }
}
