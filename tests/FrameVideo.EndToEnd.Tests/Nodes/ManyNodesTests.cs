using FrameVideo.Contracts;
using FrameVideo.TestKit;
using FrameVideo.TestKit.Servers;

namespace FrameVideo.EndToEnd.Tests.Nodes;

/// <summary>Work of several instances on one database: one film is made once, whatever its worker goes through.</summary>
[Needs(TestServers.Postgres | TestServers.S3)]
[Collection(nameof(TwoVideoNodes))]
[Trait("Campaign", "nodes")]
[Trait("Depth", "long")]
public sealed class ManyNodesTests(TwoVideoNodes two)
{
    private readonly VideoNodes _nodes = two.Nodes;

    [ServerFact]
    public async Task A_node_that_stands_still_loses_its_work_to_another_and_writes_nothing_when_it_goes_on()
    {
        var film = await _nodes.MiddlingAsync(0, await _nodes.SaveAsync(2));
        var still = await _nodes.EncodingAsync(film.Id);
        var other = 1 - still;
        _nodes.Cluster.Videos[still].Freeze();
        try
        {
            await _nodes.EncodingAsync(film.Id, node => node == other);
        }
        finally
        {
            _nodes.Cluster.Videos[still].Thaw();
        }

        var ended = await _nodes.Videos(other).EndedAsync(film.Id);
        Assert.Equal((VideoStatus.Completed, null), (ended.Status, ended.Error));
        Assert.Equal(ended.Sha256, Pictures.Sha256(await _nodes.Videos(other).GetByteArrayAsync(ended.Links.Content)));
        await Wait.UntilAsync(
            () => _nodes.Cluster.Videos[still].Log.Split('\n').Any(line => line.Contains("Attempt 1 ends", StringComparison.Ordinal) && line.Contains(film.Id.ToString(), StringComparison.Ordinal)), "the first attempt to end");
        Assert.DoesNotContain(_nodes.Cluster.Videos[still].Log.Split('\n'), line => line.Contains("Film stored", StringComparison.Ordinal) && line.Contains(film.Id.ToString(), StringComparison.Ordinal));
        var events = await _nodes.Videos(still).GetAsync<Page<Event>>($"/v1/videos/{film.Id}/events");
        Assert.Equal(["video.clip_completed", "video.clip_completed", "video.completed"], events.Items.Select(entry => entry.Type));
        await Wait.UntilAsync(() => _nodes.Encoders(film.Id).Count == 0 && Folders().Length == 0, "its encoders and folders to go");
    }

    [ServerFact]
    public async Task Work_that_ends_its_process_is_stopped_after_its_attempts_and_the_nodes_go_on()
    {
        var film = await _nodes.MiddlingAsync(0, await _nodes.SaveAsync(2));
        await File.WriteAllTextAsync(_nodes.Poison, $"{film.Id}\n");
        var deaths = 0;
        Video seen = film;
        // As an orchestrator would, each node is started again when it has ended.
        await Wait.UntilAsync(
            async () =>
            {
                foreach (var node in _nodes.Cluster.Videos.Where(node => !node.IsRunning))
                {
                    deaths++;
                    await node.EndedAsync(TimeSpan.FromSeconds(1));
                    await node.StartAsync();
                }

                try
                {
                    seen = await _nodes.Videos(0).GetAsync<Video>($"/v1/videos/{film.Id}");
                }
                catch (HttpRequestException)
                {
                    // It ended at this moment.
                }

                return seen.Status == VideoStatus.Failed;
            },
            "the film to be given up");
        File.Delete(_nodes.Poison);
        Assert.Equal(("attempts-exhausted", true), (seen.Error!.Code, seen.Error.Retryable));
        // Two attempts that finish nothing, and before them perhaps one that had finished a piece.
        Assert.InRange(deaths, 2, 3);

        // Nothing of it is left that would keep the nodes from other work, and it can be tried again.
        var other = await _nodes.QuickAsync(1, await _nodes.SaveAsync(1));
        Assert.Equal(VideoStatus.Completed, (await _nodes.Videos(0).EndedAsync(other.Id)).Status);
        await _nodes.Videos(1).PostAsync($"/v1/videos/{film.Id}/retry", new { }).ReadAsync<Video>();
        Assert.Equal(VideoStatus.Completed, (await _nodes.Videos(0).EndedAsync(film.Id)).Status);
    }

    private string[] Folders() => [.. _nodes.Cluster.DataFolders.Select(data => Path.Combine(data, "tmp")).Where(Directory.Exists).SelectMany(folder => Directory.GetDirectories(folder, "render-*", SearchOption.AllDirectories))];
}
