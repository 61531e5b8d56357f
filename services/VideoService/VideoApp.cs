using FrameVideo.Hosting;
using FrameVideo.Jobs;
using FrameVideo.Storage;
using Microsoft.Extensions.Options;
using VideoService.Clips;
using VideoService.Operations;
using VideoService.Rendering;
using VideoService.Retention;
using VideoService.Videos;

namespace VideoService;

/// <summary>Puts the service together; tests start the same app.</summary>
internal static class VideoApp
{
    /// <summary>Builds the finished app. Opens the database and brings its schema up to date on the way.</summary>
    /// <param name="args">As on the command line.</param>
    /// <param name="configure">What a test says otherwise, before anything is registered.</param>
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        NativeMemory.GiveBack();
        var builder = WebApplication.CreateBuilder(args);
        configure?.Invoke(builder);
        builder.AddServiceDefaults("FrameVideo: VideoService", "Turns the storyboard frames of a session into a film.", "videos");
        builder.Services.AddObjectStore(builder.Configuration);
        builder.AddDatabase("videos", typeof(VideoApp).Assembly);
        builder.Services.AddIdempotencyKeys(builder.Configuration);
        builder.Services.AddSpending(builder.Configuration);
        builder.Services.AddFrameClient(builder.Configuration);
        builder.Services.AddHealthChecks().AddCheck<FrameServiceHealth>("frameService", tags: ["ready"], timeout: TimeSpan.FromSeconds(3));
        AddRendering(builder);
        AddClips(builder);
        builder.AddCallbacks();
        AddVideos(builder);
        builder.Services.AddSingleton<OperatorTable>().AddSingleton<RecoverVideo>().AddOrphanSweep<SweepVideos>(builder.Configuration);

        AddRetention(builder);

        var app = builder.Build();
        app.UseServiceDefaults();
        var api = app.MapApi();
        api.MapVideos();
        api.MapDeliveries();
        api.MapErasure("films, clips and events of the user, and kept answers. It is FrameService's erasure that removes sessions and pictures, and this one follows it by itself.");
        api.MapObjects();
        api.MapObjectProxy("/api/proxy_s3_video", "getProxiedVideo");
        return app;
    }

    private static void AddRendering(WebApplicationBuilder builder)
    {
        var section = builder.Configuration.GetSection(RenderingOptions.Section);
        builder.Services.AddOptions<RenderJobOptions>().Bind(section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddOptions<RenderingOptions>().Bind(section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton(provider => provider.GetRequiredService<IOptions<RenderJobOptions>>().Value);
        builder.Services.AddSingleton(provider => provider.GetRequiredService<IOptions<RenderingOptions>>().Value);
        builder.Services.AddSingleton(provider =>
        {
            var options = provider.GetRequiredService<RenderingOptions>();
            // Each worker holds up to two pictures; with two to spare none is decoded twice.
            options.CachedPictures = Math.Max(options.CachedPictures, provider.GetRequiredService<RenderJobOptions>().Workers + 2);
            return new FilmRenderer(options);
        });
    }

    private static void AddClips(WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddProviders(builder.Configuration, ProviderUse.Clips);
        services.AddOptions<ClipOptions>().Bind(builder.Configuration.GetSection(RenderingOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<ClipOptions>>().Value);
        services.AddHttpClient(ClipProviders.Client, http => http.Timeout = Timeout.InfiniteTimeSpan)
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = TimeSpan.FromSeconds(10), PooledConnectionLifetime = TimeSpan.FromMinutes(2) })
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan);
        services.AddSingleton<ClipProviders>().AddSingleton<ClipTaskTable>().AddSingleton<ObtainClips>().AddSingleton<PlanCalls>().AddSingleton<EndClips>();
        services.AddHostedService(provider => provider.GetRequiredService<EndClips>());
    }

    private static void AddVideos(WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<VideoTable>().AddSingleton<PinTable>().AddSingleton<SegmentTable>().AddSingleton<PlaylistReader>().AddSingleton<AttemptTable>().AddSingleton<DeletionTable>();
        services.AddSingleton<VideoView>().AddSingleton<CreateVideo>().AddSingleton<ChangeVideo>().AddSingleton<DeleteVideo>().AddSingleton<VideoPurge>();
        services.AddSingleton<RenderMetrics>().AddSingleton<RunningRenders>().AddSingleton<RenderFolders>().AddSingleton<EncoderGate>();
        services.AddSingleton<PinnedPictures>().AddSingleton<FilmSound>().AddSingleton<PlanFilm>().AddSingleton<RenderPieces>().AddSingleton<PutSegments>().AddSingleton<PublishFilm>().AddSingleton<LostAttempt>().AddSingleton<RemovePiece>();
        // Orphans are swept before the queue starts work.
        services.AddHostedService(provider => provider.GetRequiredService<RenderFolders>());
        builder.AddWorkQueue("videos", Environment.ProcessorCount);
        services.AddWork<RenderVideo>();
        builder.AddEventStreams<VideoStates>();
        services.AddHostedService<TidyFolders>().AddHostedService<DeletionFollower>().AddHostedService<PurgeLoop>();
    }

    private static void AddRetention(WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<RetentionTable>();
        builder.Services.AddRetention<FilmRetention, RetentionLoop, EraseFilms>(builder.Configuration);
        builder.Services.AddSingleton(new UserTables(
            new UserTable("video_frames", Resource: "video_id", HasUser: false),
            new UserTable("video_frame_failures", Resource: "video_id", HasUser: false),
            new UserTable("video_pieces", Resource: "video_id", HasUser: false),
            new UserTable("video_segments", Resource: "video_id", HasUser: false),
            new UserTable("clip_wants", Resource: "video_id"),
            // A service is still at work at those that run: they go once it was told to end them.
            new UserTable("clip_tasks", Condition: "created_at <= @until AND status <> 'running'"),
            new UserTable("callbacks", Resource: "resource_id"),
            new UserTable("deliveries", Resource: "resource_id"),
            new UserTable("events", Resource: "resource_id"),
            new UserTable("idempotency_keys", Condition: UserTables.KeptAnswers),
            new UserTable("spending", Remains: "what was paid: budgets count it, and that of a deleted one"),
            new UserTable("videos", Remains: "tombstones: what was removed is removed once"),
            new UserTable("deleted_sessions", Remains: "tombstones: no film is made of a deleted session"),
            new UserTable("erasures", Remains: "the report")));
    }
}
