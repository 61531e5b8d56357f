using FrameService.Generation;
using FrameService.Retention;
using FrameVideo.Contracts;
using FrameVideo.Hosting;

namespace FrameService.Operations;

/// <summary>FrameService's program: the service, and what operators can ask for.</summary>
internal static class FrameProgram
{
    public static ServiceProgram Create() => new(
        "FrameService",
        "FrameService turns prompts and pictures into storyboard frames.",
        FrameApp.Build,
        [
            new MigrateCommand(),
            new CheckConfigCommand(Keys(), [new DatabaseCheck(), new LinkKeyCheck(), new JwtCheck(), new StoreCheck((user, request, sha256) => ObjectKeys.Upload(user, request, "probe", sha256, "png")), new PublicUrlCheck(), new CorsCheck(), new LimitsCheck(), new ProviderCheck(ProviderUse.Stories, ProviderUse.Frames)]),
            new RecoverCommand(),
            new AdoptCommand(),
            new SweepCommand(),
            new EraseCommand(),
            new NewKeyCommand(TimeProvider.System),
            new HealthCommand(),
            new OpenApiCommand(),
        ]);

    /// <summary>The configuration keys that it reads.</summary>
    internal static ConfigurationKeys Keys() => CommonKeys.Create().Add<SessionRetention>(RetentionOptions.Section).Add("Frames:MaxParkedBytes", "Frames:MaxParkedBytesPerUser", "Generation:FrameConcurrency", Anchors.Key, ProviderUse.Stories.Key, ProviderUse.Frames.Key);
}
