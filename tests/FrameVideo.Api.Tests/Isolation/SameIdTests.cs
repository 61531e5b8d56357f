using FrameVideo.Contracts;
using FrameVideo.TestKit;
using Xunit.Abstractions;

namespace FrameVideo.Api.Tests.Isolation;

/// <summary>Two users have the same request ID, as browsers may make it: whatever one of them does with her own, the other's stays as it is. Identity is the pair.</summary>
public sealed class SameIdTests(World world, ITestOutputHelper output) : IClassFixture<World>
{
    [Fact]
    public async Task What_one_user_does_under_an_id_of_both_leaves_the_others_as_it_is()
    {
        var matrix = new Matrix(world);
        var (anna, berta) = (world.AnnasShared, world.BertasShared);
        using var frames = world.As("berta", world.Frames);
        using var videos = world.As("berta", world.Videos);
        Task Does(RunningApp app, string method, string path, int[] statuses, object? body = null) =>
            matrix.AnsweredAsync($"berta: {method} {path}", app, "berta", new HttpRequestMessage(new HttpMethod(method), path) { Content = Operation.ContentOf(body) }, statuses);

        await Does(world.Frames, "POST", $"/v1/sessions/{berta.Request}/frames/1/regenerate", [202]);
        await frames.EndedAsync(RequestId.Parse(berta.Request));
        await Does(world.Frames, "PUT", $"/v1/sessions/{berta.Request}/frames/2", [201], Pictures.Png(31, 17));
        await Does(world.Frames, "PATCH", $"/v1/sessions/{berta.Request}/frames/1", [200], new { description = "another" });
        await Does(world.Frames, "POST", "/v1/sessions", [200], new { requestId = berta.Request, prompt = "hers", frames = new[] { new { number = 1 } } });
        await Does(world.Videos, "POST", $"/v1/videos/{berta.Video}/rerender", [202]);
        foreach (var film in (await videos.GetAsync<Page<Video>>($"/v1/videos?requestId={berta.Request}")).Items) await videos.EndedAsync(film.Id);
        await Does(world.Videos, "DELETE", $"/v1/videos/{berta.Video}", [200]);
        await Does(world.Videos, "DELETE", $"/v1/videos?requestId={berta.Request}", [200]);
        await Does(world.Videos, "POST", "/v1/videos", [202], new { requestId = berta.Request, quality = "draft", fps = 24, aspectRatio = "960:960" });

        // VideoService follows the deletion of hers, whose ID is anna's, too.
        await Does(world.Frames, "DELETE", $"/v1/sessions/{berta.Request}", [200]);
        await Wait.UntilAsync(async () => (await videos.GetAsync<Page<Video>>($"/v1/videos?requestId={berta.Request}")).Items.Count == 0, "her films to be gone");
        await Does(world.Frames, "GET", $"/v1/sessions/{berta.Request}", [404]);
        await Does(world.Frames, "PUT", $"/v1/sessions/{berta.Request}/frames/1", [410], Pictures.Png());
        await Does(world.Frames, "DELETE", $"/v1/users/{berta.User}/data", [200]);
        await Does(world.Videos, "DELETE", $"/v1/users/{berta.User}/data", [200, 202]);
        await Wait.UntilAsync(async () => (await videos.GetAsync<Erasure>($"/v1/users/{berta.User}/data")).Complete, "the end of her erasure");
        await matrix.EndAsync(output);

        // And anna has everything, by every address that she was given.
        using var hers = world.As("anna", world.Frames);
        using var herFilms = world.As("anna", world.Videos);
        using var anybody = new HttpClient();
        Assert.Equal(1, (await hers.GetAsync<Session>($"/v1/sessions/{anna.Request}")).FrameCount);
        Assert.Equal(VideoStatus.Completed, (await herFilms.GetAsync<Video>($"/v1/videos/{anna.Video}")).Status);
        Assert.NotEmpty(await anybody.GetByteArrayAsync(anna.FrameLink));
        Assert.NotEmpty(await anybody.GetByteArrayAsync(anna.FilmLink));
        Assert.NotEmpty((await hers.GetAsync<Page<Event>>($"/v1/sessions/{anna.Request}/events")).Items);
        using var replayed = await hers.PostOnceAsync("/v1/sessions", anna.IdempotencyKey, world.SessionBody(anna.Request, World.Canary, new Dictionary<string, string> { ["note"] = World.Canary }));
        Assert.True(replayed.IsReplayed());
    }
}
