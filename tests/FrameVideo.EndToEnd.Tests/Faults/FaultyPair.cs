using FrameVideo.TestKit;
using FrameVideo.TestKit.Faults;
using FrameVideo.TestKit.Servers;

namespace FrameVideo.EndToEnd.Tests.Faults;

/// <summary>Both services on PostgreSQL and S3, with a proxy in front of S3 that fails as it is told.</summary>
internal sealed class FaultyPair(Pair pair, S3FaultProxy proxy) : IAsyncDisposable
{
    public Pair Pair => pair;

    public S3FaultProxy Proxy => proxy;

    public static async Task<FaultyPair> StartAsync(Dictionary<string, string> settings)
    {
        var bucket = await S3Server.NewBucketAsync();
        var proxy = await S3FaultProxy.StartAsync(bucket.Endpoint);
        settings["Storage:Endpoint"] = proxy.Endpoint.GetLeftPart(UriPartial.Authority);
        return new FaultyPair(await Pair.StartAsync(await Backend.ServersAsync(bucket: bucket), settings), proxy);
    }

    public async ValueTask DisposeAsync()
    {
        await pair.DisposeAsync();
        await proxy.DisposeAsync();
    }
}
