using FrameVideo.TestKit;

namespace FrameVideo.EndToEnd.Tests;

/// <summary>Both services as processes, for one test class.</summary>
public class RunningPair : IAsyncLifetime
{
    public Pair Pair { get; private set; } = null!;

    public async Task InitializeAsync() => Pair = await StartAnotherAsync();

    public async Task DisposeAsync() => await Pair.DisposeAsync();

    /// <summary>A pair of one test's own, on the same kind of backend.</summary>
    public virtual Task<Pair> StartAnotherAsync() => Pair.StartAsync();
}

/// <inheritdoc/>
public sealed class RunningPairOnServers : RunningPair
{
    public override async Task<Pair> StartAnotherAsync() => await Pair.StartAsync(await Backend.ServersAsync());
}

/// <summary>Whether campaigns run whole: <c>tests/run long NAME</c> says so.</summary>
internal static class Campaign
{
    public static bool IsLong => Environment.GetEnvironmentVariable("FRAMEVIDEO_LONG") == "1";
}
