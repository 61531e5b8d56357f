using FrameVideo.TestKit;

namespace FrameVideo.EndToEnd.Tests.Kills;

/// <summary>Kills one node after another at moments that the seed chooses, and starts each again after a while; where there are others, it may be several that are down.</summary>
internal sealed class Killer(Cluster cluster, KillLoad load, Random random, int kills, int perKill)
{
    public int Done { get; private set; }

    public async Task RunAsync()
    {
        var starting = new Dictionary<ServiceProcess, Task>();
        try
        {
            while (Done < kills)
            {
                // The kills are spread over the whole load: so many more sessions and videos before each.
                await Wait.UntilAsync(() => load.Count >= Done * perKill || load.IsDone, "the load to go on", TimeSpan.FromMinutes(5));
                await Task.Delay(random.Next(100, 1500));
                var nodes = random.Next(2) == 0 ? cluster.Frames : cluster.Videos;
                var node = nodes[random.Next(nodes.Count)];
                var pause = cluster.IsEmbedded ? random.Next(200) : random.Next(4000);
                if (starting.TryGetValue(node, out var earlier)) await earlier;
                await node.KillAsync();
                Done++;
                starting[node] = StartLaterAsync(node, pause);
            }
        }
        finally
        {
            await Task.WhenAll(starting.Values);
        }
    }

    private static async Task StartLaterAsync(ServiceProcess node, int pause)
    {
        await Task.Delay(pause);
        await node.StartAsync();
    }
}
