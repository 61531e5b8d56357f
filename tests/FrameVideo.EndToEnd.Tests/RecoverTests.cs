using System.Text.Json.Nodes;
using FrameVideo.Contracts;
using FrameVideo.TestKit;
using FrameVideo.TestKit.Servers;

namespace FrameVideo.EndToEnd.Tests;

/// <summary>Rows from a folder into SQLite.</summary>
[Trait("Campaign", "recover")]
[Trait("Depth", "long")]
public sealed class RecoverTests(RunningPair running) : RecoverSuite(running), IClassFixture<RunningPair>;

/// <summary>Rows from a bucket into PostgreSQL.</summary>
[Needs(TestServers.Postgres | TestServers.S3)]
public sealed class RecoverOnServersTests(RunningPairOnServers running) : RecoverSuite(running), IClassFixture<RunningPairOnServers>;

/// <summary>Both databases are dropped and <c>recover</c> is run on both: everything is as it was.</summary>
public abstract class RecoverSuite(RunningPair running)
{
    private readonly Pair _pair = running.Pair;
    private readonly HttpClient _frames = running.Pair.FrameClient();
    private readonly HttpClient _eve = running.Pair.FrameClient("eve");
    private readonly HttpClient _videos = running.Pair.VideoClient();

    [ServerFact]
    public async Task Every_session_frame_and_film_is_back_as_it_was()
    {
        var generated = await GenerateAsync();
        var own = await SaveOwnAsync();
        var draft = await UploadAsync(_frames, 1, 7);
        var eves = await UploadAsync(_eve, 1);
        var deleted = await UploadAsync(_frames, 1);
        using (var gone = await _frames.DeleteAsync($"/v1/sessions/{deleted}")) Assert.True(gone.IsSuccessStatusCode);
        await FilmAsync(own);
        var before = await SnapshotAsync(generated, own, draft);
        var evesBefore = await ReadAsync(_eve, $"/v1/sessions/{eves}");
        foreach (var id in new[] { generated, own, draft }) await _pair.RecordedAsync(await _frames.GetAsync<Session>($"/v1/sessions/{id}"));
        await _pair.RecordedAsync(await _eve.GetAsync<Session>($"/v1/sessions/{eves}"));

        await _pair.LoseRowsAsync();
        // For one user alone at first, so that the other's shows what is left to do.
        Assert.Contains("1 recovered, ", await CommandAsync(_pair.Frames, "recover", "--user", "eve"), StringComparison.Ordinal);
        Assert.Contains("dry run: 3 recovered, 0 recovered with losses, 1 already known", await CommandAsync(_pair.Frames, "recover", "--all", "--dry-run"), StringComparison.Ordinal);
        Assert.Contains("3 recovered, 0 recovered with losses, 1 already known, 0 deleted, 0 skipped", await CommandAsync(_pair.Frames, "recover", "--all"), StringComparison.Ordinal);
        Assert.Contains("1 recovered, 0 already known", await CommandAsync(_pair.Videos, "recover", "--all"), StringComparison.Ordinal);
        await Task.WhenAll(_pair.Frames.StartAsync(), _pair.Videos.StartAsync());
        AssertSame(before, await SnapshotAsync(generated, own, draft));
        AssertSame([evesBefore], [await ReadAsync(_eve, $"/v1/sessions/{eves}")]);
        Assert.Equal("session-not-found", (await _frames.GetAsync($"/v1/sessions/{deleted}").RefusalAsync()).Code);
        await ReadPicturesAsync(own, generated);

        // Beside the services, and again: nothing changes.
        Assert.Contains("0 recovered, 0 recovered with losses, 4 already known", await CommandAsync(_pair.Frames, "recover", "--all"), StringComparison.Ordinal);
        Assert.Contains("0 recovered, 1 already known", await CommandAsync(_pair.Videos, "recover", "--all"), StringComparison.Ordinal);
        AssertSame(before, await SnapshotAsync(generated, own, draft));

        // What comes after goes on from there.
        await _frames.PutPictureAsync(own, 1, Pictures.Png(colour: 0xff0000ff)).ReadAsync<Frame>();
        Assert.Equal(JsonNode.Parse(before[1])!["framesRevision"]!.GetValue<long>() + 1, (await _frames.GetAsync<Session>($"/v1/sessions/{own}")).FramesRevision);
        using (var removed = await _frames.DeleteAsync($"/v1/sessions/{draft}")) Assert.True(removed.IsSuccessStatusCode);
        Assert.Contains("0 recovered, ", await CommandAsync(_pair.Frames, "recover", "--all"), StringComparison.Ordinal);
        Assert.Equal("session-not-found", (await _frames.GetAsync($"/v1/sessions/{draft}").RefusalAsync()).Code);
    }

    private async Task<RequestId> GenerateAsync()
    {
        var id = (await _frames.PostAsync("/v1/sessions", new { prompt = "a garden at dusk", style = "Cartoon", mood = "Calm", frameCount = 2, videoDuration = 4, seed = 7, metadata = new { a = "b" } }).ReadAsync<Session>()).Id;
        Assert.Equal(SessionStatus.Completed, (await _frames.EndedAsync(id)).Status);
        return id;
    }

    /// <summary>A session with a history: a picture replaced, a frame taken out, texts edited, a frame that shows another one's picture.</summary>
    private async Task<RequestId> SaveOwnAsync()
    {
        var id = await UploadAsync(_frames, 1, 2, 3, 4);
        await _frames.PostAsync("/v1/sessions", new { requestId = id, prompt = "own", frames = Enumerable.Range(1, 4).Select(number => new { number, description = $"picture {number}", sceneStory = "a story" }) }).ReadAsync<Session>();
        await _frames.PutPictureAsync(id, 2, Pictures.Png(colour: 0xff00ff00)).ReadAsync<Frame>();
        var link = (await _frames.GetAsync<Session>($"/v1/sessions/{id}")).Frames![0].ImageUrl;
        await _frames.PostAsync("/v1/sessions", new { requestId = id, prompt = "own", videoDuration = 3, frames = new object[] { new { number = 1 }, new { number = 2 }, new { number = 3, imageUrl = link } } }).ReadAsync<Session>();
        using var patch = await _frames.PatchAsync($"/v1/sessions/{id}/frames/2", new StringContent("""{"description":"edited","prompt":"by hand"}""", System.Text.Encoding.UTF8, "application/json"));
        Assert.True(patch.IsSuccessStatusCode);
        return id;
    }

    private static async Task<RequestId> UploadAsync(HttpClient http, params int[] numbers)
    {
        var id = RequestId.New(TimeProvider.System);
        foreach (var number in numbers) await http.PutPictureAsync(id, number, Pictures.Png(colour: 0xff000000 + ((uint)number * 4001))).ReadAsync<Frame>();
        return id;
    }

    private async Task FilmAsync(RequestId id)
    {
        var asked = await _videos.PostAsync("/v1/videos", new { requestId = id, fps = 24, quality = "draft", metadata = new { film = "one" } }).ReadAsync<Video>();
        Assert.Equal(VideoStatus.Completed, (await _videos.EndedAsync(asked.Id)).Status);
    }

    private async Task<List<string>> SnapshotAsync(params RequestId[] ids)
    {
        var all = new List<string>();
        foreach (var id in ids) all.Add(await ReadAsync(_frames, $"/v1/sessions/{id}"));
        foreach (var id in ids) all.Add(await ReadAsync(_videos, $"/v1/videos?requestId={id}"));
        all.Add(await ReadAsync(_frames, "/v1/sessions?limit=100"));
        return all;
    }

    private async Task ReadPicturesAsync(params RequestId[] ids)
    {
        foreach (var id in ids)
        {
            foreach (var frame in (await _frames.GetAsync<Session>($"/v1/sessions/{id}")).Frames!) Assert.Equal(frame.Sha256, Pictures.Sha256(await _frames.GetByteArrayAsync(frame.ImageUrl)));
            foreach (var video in (await _videos.GetAsync<Page<Video>>($"/v1/videos?requestId={id}")).Items)
            {
                Assert.Equal(video.Sha256, Pictures.Sha256(await _videos.GetByteArrayAsync(video.Links.Content)));
                foreach (var clip in video.Clips) Assert.NotEmpty(await _videos.GetByteArrayAsync(clip.Url));
            }
        }
    }

    /// <summary>An answer without what is made afresh each time: the signatures of links.</summary>
    private static async Task<string> ReadAsync(HttpClient http, string path)
    {
        var root = JsonNode.Parse(await http.GetStringAsync(path))!;
        Strip(root);
        return root.ToJsonString(new System.Text.Json.JsonSerializerOptions { WriteIndented = true });
    }

    private static void Strip(JsonNode node)
    {
        if (node is JsonArray array)
        {
            foreach (var item in array.OfType<JsonNode>()) Strip(item);
        }
        else if (node is JsonObject members)
        {
            foreach (var (name, value) in members.ToList())
            {
                if (value is JsonValue text && text.TryGetValue<string>(out var url) && url.StartsWith("http", StringComparison.Ordinal)) members[name] = url.Split('?')[0];
                else if (value is not null) Strip(value);
            }
        }
    }

    private static void AssertSame(List<string> before, List<string> after)
    {
        for (var i = 0; i < before.Count; i++) Assert.Equal(before[i], after[i]);
    }

    private static async Task<string> CommandAsync(ServiceProcess service, params string[] arguments)
    {
        var (code, output, errors) = await service.CommandAsync(arguments);
        Assert.True(code == 0, $"{code}: {output}{errors}");
        return output;
    }
}
