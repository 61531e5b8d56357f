using FrameVideo.TestKit;

namespace FrameVideo.EndToEnd.Tests;

/// <summary>Both services as processes, for one test class.</summary>
public sealed class RunningPair : IAsyncLifetime
{
    public Pair Pair { get; private set; } = null!;

    public async Task InitializeAsync() => Pair = await Pair.StartAsync();

    public async Task DisposeAsync() => await Pair.DisposeAsync();
}

/// <summary>Whether campaigns run whole: <c>tests/run long NAME</c> says so.</summary>
internal static class Campaign
{
    public static bool IsLong => Environment.GetEnvironmentVariable("FRAMEVIDEO_LONG") == "1";
}
