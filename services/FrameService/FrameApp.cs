using FrameService.Former;
using FrameService.Frames;
using FrameService.Frames.Cleaning;
using FrameService.Generation;
using FrameService.Generation.Drawing;
using FrameService.Generation.Providers;
using FrameService.Generation.Writing;
using FrameService.Generation.Writing.Asked;
using FrameService.Operations;
using FrameService.Retention;
using FrameService.Sessions;
using FrameService.Uploads;
using FrameVideo.Hosting;
using FrameVideo.Jobs;
using FrameVideo.Storage;

namespace FrameService;

/// <summary>The one composition of FrameService; tests start the same.</summary>
public static class FrameApp
{
    /// <summary>Turns arguments and environment into the finished app.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="configure">What a test puts in place of something.</param>
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.AddServiceDefaults("FrameService", "Turns a prompt, or a person's own pictures, into storyboard frames: each is in the object store the moment it exists, under one request ID.", "frames");
        builder.Services.AddObjectStore(builder.Configuration);
        builder.AddDatabase("frames", typeof(FrameApp).Assembly);
        builder.Services.AddIdempotencyKeys(builder.Configuration);
        builder.Services.AddSpending(builder.Configuration);
        builder.AddWorkQueue("frames", defaultConcurrency: Math.Max(2, Environment.ProcessorCount));
        builder.AddCallbacks();
        builder.AddEventStreams<SessionStates>();
        AddSessions(builder.Services);
        builder.Services.AddProviders(builder.Configuration, ProviderUse.Stories, ProviderUse.Frames);
        AddGenerators(builder.Services);
        builder.Services.AddSingleton<SweepTable>().AddOrphanSweep<SweepFrames>(builder.Configuration);
        AddRetention(builder);
        configure?.Invoke(builder);

        var app = builder.Build();
        app.UseServiceDefaults();
        var api = app.MapApi();
        api.MapSessions();
        api.MapDeliveries();
        api.MapFrames();
        api.MapUploads();
        api.MapErasure("sessions, frames, pictures and events of the user, whatever the store has of them without a row, and kept answers; VideoService follows with the films within a minute.");
        api.MapTokens();
        api.MapObjects();
        api.MapFormerRoutes();
        return app;
    }

    private static void AddSessions(IServiceCollection services)
    {
        services.AddSingleton<SessionTable>().AddSingleton<DeletionTable>().AddSingleton<FrameTable>().AddSingleton<ParkedTable>();
        services.AddSingleton<FrameMetrics>().AddSingleton<IDatabaseGauges>(provider => provider.GetRequiredService<FrameMetrics>());
        services.AddSingleton<NewSessions>().AddSingleton<OpenDraft>().AddSingleton<Views>();
        services.AddSingleton<CleanPicture>().AddSingleton<PictureKeeper>().AddSingleton<PublicUrlPicture>().AddSingleton<PictureSource>().AddSingleton<ReferencePicture>().AddSingleton<FrameWriter>().AddSingleton<FramePictures>();
        services.AddSingleton(new GuardedHttp(GuardedHttp.IsPublic));
        services.AddSingleton<ReadSession>().AddSingleton<RebuildSession>().AddSingleton<RecoverSession>().AddSingleton<PlanSession>().AddSingleton<GenerateSession>().AddSingleton<SaveFrames>();
        services.AddSingleton<Former.UploadImage>().AddSingleton<EditStory>().AddSingleton<ApproveSession>().AddSingleton<CancelSession>().AddSingleton<RetrySession>().AddSingleton<DeleteSession>();
        services.AddSingleton<UploadSound>().AddSingleton<UploadFrame>().AddSingleton<PatchFrame>().AddSingleton<RegenerateFrame>();
        services.AddHostedService<ManifestWriter>().AddHostedService<MoveParked>().AddHostedService<PurgeDeleted>();
    }

    private static void AddRetention(WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<RetentionTable>().AddSingleton<SupersededTable>().AddSingleton<ExpireSessions>().AddSingleton<RemoveSuperseded>();
        builder.Services.AddRetention<SessionRetention, RetentionLoop, EraseFrames>(builder.Configuration);
        builder.Services.AddSingleton(new UserTables(
            new UserTable("frames", Resource: "request_id"),
            new UserTable("parked", Resource: "request_id"),
            new UserTable("superseded_frames", Resource: "request_id"),
            new UserTable("drawn_frames", Resource: "request_id"),
            new UserTable("callbacks", Resource: "resource_id"),
            new UserTable("deliveries", Resource: "resource_id"),
            new UserTable("events", Resource: "resource_id"),
            new UserTable("idempotency_keys", Condition: UserTables.KeptAnswers),
            new UserTable("spending", Remains: "what was paid: budgets count it, and that of a deleted one"),
            new UserTable("sessions", Remains: "tombstones: late writes are refused"),
            new UserTable("deletions", Remains: "the feed: VideoService follows"),
            new UserTable("erasures", Remains: "the report")));
    }

    private static void AddGenerators(IServiceCollection services)
    {
        services.AddSingleton<OpenAIClients>();
        services.AddSingleton<DraftStoryWriter>().AddSingleton<ChatStoryWriter>().AddSingleton<IStoryWriter, StoryWriters>();
        services.AddSingleton<IFrameArtist, DraftFrameArtist>();
        services.AddSingleton<PaidCalls>().AddSingleton<Attempts>().AddSingleton<WriteStory>().AddSingleton<DrawnTable>().AddSingleton<Anchors>().AddSingleton<FrameArtists>().AddSingleton<DrawFrame>().AddSingleton<EndGeneration>();
        services.AddWork<GenerateFrames>();
    }
}
