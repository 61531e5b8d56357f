using FrameVideo.Contracts;
using FrameVideo.TestKit;
using FrameVideo.TestKit.Servers;

namespace FrameService.Tests.Sessions;

/// <summary>What happens to a session after it was made: lists, conditions, deletion, a database that was lost.</summary>
public abstract class KeepingSessionsTests(RunningFrameService service) : IAsyncLifetime
{
    private HttpClient Client => service.Http;

    public Task InitializeAsync() => service.InitializeAsync();

    public Task DisposeAsync() => service.DisposeAsync();

    [ServerFact]
    public async Task A_session_that_the_database_lost_is_found_in_the_store()
    {
        var id = (await Client.PostAsync("/v1/sessions", new { prompt = "a garden", frameCount = 2, metadata = new { a = "b" } }).ReadAsync<Session>()).Id;
        var before = await Client.EndedAsync(id);
        var manifest = service.Data.Combine("objects", "local", id.ToString(), "manifest.json");
        await Wait.UntilAsync(() => Task.FromResult(File.Exists(manifest) && File.ReadAllText(manifest).Contains("\"completed\"", StringComparison.Ordinal)), "the manifest");
        await service.LoseDatabaseAsync();

        var after = await Client.GetAsync<Session>($"/v1/sessions/{id}");
        Assert.Equal(before.Frames!.Select(frame => (frame.Number, frame.Sha256, frame.Description)), after.Frames!.Select(frame => (frame.Number, frame.Sha256, frame.Description)));
        Assert.Equal((before.OriginalPrompt, before.Seed, before.Status, before.Story!.Title), (after.OriginalPrompt, after.Seed, after.Status, after.Story!.Title));
        Assert.Equal("b", after.Metadata!["a"]);
    }

    [ServerFact]
    public async Task Pictures_without_a_manifest_are_enough_to_find_a_session()
    {
        var id = await UploadedAsync();
        await service.LoseDatabaseAsync(service.Data.Combine("objects", "local", id.ToString(), "manifest.json"));
        var found = await Client.GetAsync<Session>($"/v1/sessions/{id}");
        // Nobody can know whether more was to come: a draft, which can be filmed and saved as it is.
        Assert.Equal((SessionStatus.Draft, 1), (found.Status, found.Frames!.Count));
        using var eve = service.App.Client("eve");
        Assert.Equal("session-not-found", (await eve.GetAsync($"/v1/sessions/{id}").RefusalAsync()).Code);
    }

    [ServerFact]
    public async Task A_deleted_session_is_gone_at_once_and_takes_nothing_late()
    {
        var id = await UploadedAsync();
        var link = (await Client.GetAsync<Session>($"/v1/sessions/{id}")).Frames![0].ImageUrl!;
        var deletion = await Client.DeleteAsync($"/v1/sessions/{id}").ReadAsync<SessionDeletion>();
        Assert.Equal((1, false), (deletion.Frames, deletion.Pending));
        Assert.Equal("session-not-found", (await Client.GetAsync($"/v1/sessions/{id}").RefusalAsync()).Code);
        Assert.Equal("object-not-found", (await Client.GetAsync(link).RefusalAsync()).Code);
        Assert.Equal((410, "session-deleted"), ((await Client.PutPictureAsync(id, 1, Pictures.Png()).RefusalAsync()) is var late ? (late.Status, late.Code) : default));
        Assert.Equal((410, "session-deleted"), ((await Client.PostAsync("/v1/sessions", new { requestId = id, prompt = "x" }).RefusalAsync()) is var again ? (again.Status, again.Code) : default));
        Assert.Empty(Directory.GetFiles(service.Data.Combine("objects"), "*.png", SearchOption.AllDirectories));
    }

    [ServerFact]
    public async Task A_deletion_during_an_outage_is_finished_later()
    {
        var id = await UploadedAsync();
        service.App.StoreIsDown = true;
        using (var response = await Client.DeleteAsync($"/v1/sessions/{id}")) Assert.Equal(202, (int)response.StatusCode);
        Assert.Equal("session-not-found", (await Client.GetAsync($"/v1/sessions/{id}").RefusalAsync()).Code);
        service.App.StoreIsDown = false;
        // The request that was refused has its time to finish by itself.
        service.Clock.Ahead = TimeSpan.FromSeconds(10);
        await Wait.UntilAsync(() => Task.FromResult(Directory.GetFiles(service.Data.Combine("objects"), "*.png", SearchOption.AllDirectories).Length == 0), "the pictures to go");
    }

    [ServerFact]
    public async Task Lists_go_from_the_newest_back_page_by_page_and_show_ones_own_alone()
    {
        var ids = new List<RequestId>();
        for (var i = 0; i < 5; i++) ids.Add(await UploadedAsync());
        using (var eve = service.App.Client("eve")) Assert.Empty((await eve.GetAsync<Page<Session>>("/v1/sessions")).Items);
        var seen = new List<RequestId>();
        string? cursor = null;
        do
        {
            var page = await Client.GetAsync<Page<Session>>($"/v1/sessions?limit=2{(cursor is null ? "" : $"&cursor={cursor}")}");
            seen.AddRange(page.Items.Select(session => session.Id));
            Assert.All(page.Items, session => Assert.Null(session.Frames));
            cursor = page.NextCursor;
        }
        while (cursor is not null);
        Assert.Equal(Enumerable.Reverse(ids), seen);
        Assert.Equal("invalid-cursor", (await Client.GetAsync("/v1/sessions?cursor=%%%").RefusalAsync()).Code);
        Assert.Equal("validation-failed", (await Client.GetAsync("/v1/sessions?limit=0").RefusalAsync()).Code);
    }

    [ServerFact]
    public async Task Conditions_save_a_reader_the_body_and_a_writer_from_overwriting()
    {
        var id = await UploadedAsync();
        using var first = await Client.GetAsync($"/v1/sessions/{id}/frames/1");
        using var second = await SendAsync(HttpMethod.Get, $"/v1/sessions/{id}/frames/1", "If-None-Match", first.Headers.ETag!.ToString(), null);
        Assert.Equal(304, (int)second.StatusCode);
        using var patched = await SendAsync(HttpMethod.Patch, $"/v1/sessions/{id}/frames/1", "If-Match", first.Headers.ETag.Tag, """{"description":"new"}""");
        Assert.Equal(200, (int)patched.StatusCode);
        var refused = await SendAsync(HttpMethod.Patch, $"/v1/sessions/{id}/frames/1", "If-Match", first.Headers.ETag.Tag, """{"description":"newer"}""").RefusalAsync();
        Assert.Equal((412, "precondition-failed"), (refused.Status, refused.Code));
        Assert.Equal("new", (await Client.GetAsync<Frame>($"/v1/sessions/{id}/frames/1")).Description);
    }

    [ServerFact]
    public async Task Foreign_hosts_and_origins_are_refused_while_nobody_is_authenticated()
    {
        using var host = await SendAsync(HttpMethod.Get, "/v1/sessions", "Host", "evil.example", null);
        Assert.Equal(403, (int)host.StatusCode);
        using var origin = await SendAsync(HttpMethod.Post, "/v1/sessions", "Origin", "https://evil.example", """{"prompt":"x"}""");
        Assert.Equal(403, (int)origin.StatusCode);
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string header, string value, string? json)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.TryAddWithoutValidation(header, value);
        if (json is not null) request.Content = new StringContent(json, System.Text.Encoding.UTF8, "application/json");
        return await Client.SendAsync(request);
    }

    private async Task<RequestId> UploadedAsync()
    {
        var id = RequestId.New(TimeProvider.System);
        await Client.PutPictureAsync(id, 1, Pictures.Png()).ReadAsync<Frame>();
        return id;
    }
}

public sealed class KeepingSessionsOnSqlite() : KeepingSessionsTests(new RunningFrameService());

[Needs(TestServers.Postgres)]
public sealed class KeepingSessionsOnPostgres() : KeepingSessionsTests(new FrameServiceOnPostgres());
