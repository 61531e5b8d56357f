using System.Data.Common;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Quartz;

namespace FrameVideo.Jobs;

/// <summary>Gives a service its queue of long work.</summary>
public static class WorkRegistration
{
    /// <summary>
    /// Registers the queue. Embedded it is kept in <c>&lt;Data:Folder&gt;/&lt;name&gt;-jobs.db</c>, which may be deleted while the service is down: the sweep refills it
    /// from the rows. On PostgreSQL it stands in the service's schema and is one for all instances: work of one that dies goes on elsewhere after about three times <see cref="WorkOptions.CheckinPeriod"/>.
    /// </summary>
    /// <param name="builder">The service's builder; the database is registered already.</param>
    /// <param name="name">The queue's name.</param>
    /// <param name="defaultConcurrency">How many pieces of work run at a time where <see cref="WorkOptions.Concurrency"/> does not say.</param>
    public static void AddWorkQueue(this WebApplicationBuilder builder, string name, int defaultConcurrency)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = WorkOptions.Read(builder.Configuration);
        var database = DatabaseOptions.Read(builder.Configuration, name);
        builder.AddQuartz(quartz =>
        {
            quartz.ConfigureScheduler(options =>
            {
                options.InstanceName = name;
                options.GenerateInstanceId = true;
                options.IdleWaitTime = TimeSpan.FromSeconds(1);
                options.ShutdownJobInterruption = ShutdownJobInterruption.Always;
            });
            quartz.UseDefaultThreadPool(options.Concurrency ?? defaultConcurrency);
            quartz.UsePersistentStore(store =>
            {
                if (database.Kind == DatabaseOptions.Postgres) KeepOnServer(store, database, options);
                else KeepInFile(store, DatabaseRegistration.SqliteFile(builder.Configuration, $"{name}-jobs"));
                store.UseSystemTextJsonSerializer();
                store.ConfigureStore(options =>
                {
                    options.StoreJobDataAsStrings = true;
                    // A queue that is long is no misfire.
                    options.MisfireThreshold = TimeSpan.FromHours(24);
                    options.DbRetryInterval = TimeSpan.FromSeconds(1);
                });
            });
        });
        // It tries again by itself; each attempt would be a page of stack trace.
        builder.Logging.AddFilter("Quartz.Impl.AdoJobStore", LogLevel.Error);
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton<WorkQueue>().AddSingleton<WorkStop>();
        builder.Services.AddSingleton<WorkMetrics>().AddSingleton<IDatabaseGauges>(provider => provider.GetRequiredService<WorkMetrics>());
        builder.Services.AddHostedService<GaugeLoop>();
        builder.Services.AddEventLog();
        builder.Services.AddHostedService<QueueStart>();
        builder.Services.AddHostedService<WorkSweep>();
    }

    /// <summary>Registers the event log, with what puts its entries on their way.</summary>
    public static void AddEventLog(this IServiceCollection services) =>
        services.AddSingleton<EventSignal>().AddSingleton<EventLog>().AddSingleton<CallbackTable>().AddSingleton<DeliveryTable>().AddSingleton<DeliverySignal>();

    /// <summary>Registers one kind of work.</summary>
    public static void AddWork<TWork>(this IServiceCollection services)
        where TWork : class, IWork
    {
        services.AddSingleton<TWork>();
        services.AddSingleton<IWork>(provider => provider.GetRequiredService<TWork>());
    }

    private static void KeepInFile(IPersistentStoreBuilder store, string file)
    {
        store.UseSqlite(file);
        store.ProvisionSchema();
    }

    private static void KeepOnServer(IPersistentStoreBuilder store, DatabaseOptions database, WorkOptions work)
    {
        store.UsePostgres(source => source.DataSourceFactory = provider => provider.GetRequiredService<DbDataSource>());
        store.ConfigureStore(options => options.TablePrefix = PostgresSchema.QueuePrefix(database.Schema));
        store.UseClustering(cluster =>
        {
            cluster.CheckinInterval = work.CheckinPeriod;
            // One that is late once is not dead yet.
            cluster.CheckinMisfireThreshold = 2 * work.CheckinPeriod;
        });
    }
}
