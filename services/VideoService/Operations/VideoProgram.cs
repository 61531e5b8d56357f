using FrameVideo.Contracts;
using FrameVideo.Hosting;
using VideoService.Clips;
using VideoService.Rendering;
using VideoService.Retention;
using VideoService.Videos;

namespace VideoService.Operations;

/// <summary>VideoService's program: the service, and what operators can ask for.</summary>
internal static class VideoProgram
{
    public static ServiceProgram Create() => new(
        "VideoService",
        "VideoService makes films of storyboard frames.",
        VideoApp.Build,
        [
            new MigrateCommand(),
            new CheckConfigCommand(Keys(), [new DatabaseCheck(), new LinkKeyCheck(), new JwtCheck(), new StoreCheck((user, request, sha256) => ObjectKeys.Clip(user, request, 1, sha256)), new PublicUrlCheck(), new CorsCheck(), new PeerCheck(), new EncoderCheck(), new ProviderCheck(ProviderUse.Clips)]),
            new RecoverCommand(),
            new AdoptCommand(),
            new SweepCommand(),
            new EraseCommand(),
            new NewKeyCommand(TimeProvider.System),
            new HealthCommand(),
            new OpenApiCommand(),
        ]);

    /// <summary>The configuration keys that it reads.</summary>
    internal static ConfigurationKeys Keys() => CommonKeys.Create().Add<FilmRetention>(RetentionOptions.Section).Add<FrameClientOptions>(FrameClientOptions.Section).Add<RenderingOptions>(RenderingOptions.Section).Add<RenderJobOptions>(RenderingOptions.Section).Add<ClipOptions>(RenderingOptions.Section).Add(ProviderUse.Clips.Key);
}
