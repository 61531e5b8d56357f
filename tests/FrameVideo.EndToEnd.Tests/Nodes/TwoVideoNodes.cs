namespace FrameVideo.EndToEnd.Tests.Nodes;

/// <summary>Two nodes of VideoService for all tests of their collection. One that says nothing for a second and a half is taken for dead; a whole campaign has the configuration as it comes.</summary>
[CollectionDefinition(nameof(TwoVideoNodes))]
public sealed class TwoVideoNodes : IAsyncLifetime, ICollectionFixture<TwoVideoNodes>
{
    public VideoNodes Nodes { get; private set; } = null!;

    public async Task InitializeAsync() => Nodes = await VideoNodes.StartAsync(2, Campaign.IsLong
        ? new(StringComparer.Ordinal)
        : new(StringComparer.Ordinal) { ["Jobs:CheckinPeriod"] = "00:00:00.500", ["Jobs:RetryDelay"] = "00:00:00.500", ["Rendering:MaxAttempts"] = "2" });

    public async Task DisposeAsync() => await Nodes.DisposeAsync();
}
