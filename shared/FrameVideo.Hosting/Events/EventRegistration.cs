using FrameVideo.Jobs;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace FrameVideo.Hosting;

/// <summary>Gives a service its streams of events.</summary>
public static class EventRegistration
{
    /// <summary>What both services say of the operation.</summary>
    public static RouteHandlerBuilder WithEventDescription(this RouteHandlerBuilder builder) => builder.WithDescription(
        "With `Accept: text/event-stream` it is a stream of server-sent events: each entry of the log after `Last-Event-ID` (or `after`) once and in order, with its number as `id`; between them "
        + "`progress` without an `id`. It ends when the work has ended and no frame is kept inline any more; whoever has seen all of that gets 204. Everybody else gets a page, and `nextCursor` is null where no more is there yet. "
        + "`links.events` of the resource works without headers.");

    /// <summary>Registers them.</summary>
    /// <typeparam name="TStates">The service's statement on where its resources stand.</typeparam>
    /// <param name="builder">The service's builder; the work queue, and the event log with it, are registered already.</param>
    public static void AddEventStreams<TStates>(this WebApplicationBuilder builder)
        where TStates : class, IResourceStates
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        services.AddOptions<EventStreamOptions>().Bind(builder.Configuration.GetSection(EventStreamOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IResourceStates, TStates>();
        services.AddSingleton<EventReader>();
        services.AddHostedService(provider => provider.GetRequiredService<EventReader>());
        services.AddSingleton<OpenStreams>();
        services.AddSingleton(provider => new EventFeed(
            provider.GetRequiredService<IResourceStates>(), provider.GetRequiredService<EventLog>(), provider.GetRequiredService<EventReader>(), provider.GetRequiredService<OpenStreams>(),
            provider.GetRequiredService<IOptions<EventStreamOptions>>(), provider.GetRequiredService<IHostApplicationLifetime>(), provider.GetRequiredService<TimeProvider>()));
    }
}
