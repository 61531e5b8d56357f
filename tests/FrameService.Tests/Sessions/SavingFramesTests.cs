using FrameVideo.Contracts;
using FrameVideo.TestKit;
using FrameVideo.TestKit.Servers;

namespace FrameService.Tests.Sessions;

public abstract class SavingFramesTests(RunningFrameService service)
{
    private readonly HttpClient _http = service.Http;

    [ServerFact]
    public async Task Frames_uploaded_first_are_saved_and_found_under_the_clients_own_request_id()
    {
        var id = await UploadedAsync(3);
        var saved = await _http.PostAsync("/v1/sessions", new { requestId = id, prompt = "three pictures", frames = Numbers(3) }).ReadAsync<Session>();
        var found = await _http.GetAsync<Session>($"/v1/sessions/{id}");
        Assert.Equal((id, id, id, SessionStatus.Completed), (found.Id, found.RequestId, found.SessionId, found.Status));
        Assert.Equal(saved.Frames!.Select(frame => frame.Sha256), found.Frames!.Select(frame => frame.Sha256));
        Assert.All(found.Frames!, frame => Assert.Equal((FrameStatus.Stored, id), (frame.Status, frame.ObjectKey!.Value.RequestId)));
    }

    [ServerFact]
    public async Task Frames_saved_without_an_id_are_found_by_the_id_in_their_links()
    {
        var id = await UploadedAsync(2);
        var saved = await SaveAsync(await LinksAsync(id), null).ReadAsync<Session>();
        Assert.Equal(id, saved.Id);
    }

    [ServerFact]
    public async Task Saving_frames_under_another_request_id_is_refused_and_names_the_frames()
    {
        var id = await UploadedAsync(2);
        var (status, code, problem) = await SaveAsync(await LinksAsync(id), "req_999_other").RefusalAsync();
        Assert.Equal((409, "request-id-mismatch"), (status, code));
        Assert.Contains(id.ToString(), problem.GetProperty("errors").GetProperty("frames[0].imageUrl")[0].GetString(), StringComparison.Ordinal);
        Assert.Equal(2, problem.GetProperty("errors").EnumerateObject().Count());
        Assert.Equal((404, "session-not-found"), Short(await _http.GetAsync("/v1/sessions/req_999_other").RefusalAsync()));
    }

    [ServerFact]
    public async Task Frames_of_two_request_ids_are_refused_without_an_id_too()
    {
        var links = (await LinksAsync(await UploadedAsync(1))).Concat(await LinksAsync(await UploadedAsync(1))).ToList();
        Assert.Equal((409, "request-id-mismatch"), Short(await SaveAsync(links, null).RefusalAsync()));
    }

    [ServerFact]
    public async Task Saving_twice_doubles_nothing()
    {
        var id = await UploadedAsync(2);
        var links = await LinksAsync(id);
        var first = await SaveAsync(links, id.ToString()).ReadAsync<Session>();
        var second = await SaveAsync(links, id.ToString()).ReadAsync<Session>();
        Assert.Equal((2, first.FramesRevision), (second.Frames!.Count, second.FramesRevision));
        var list = await _http.GetAsync<Page<Session>>("/v1/sessions?limit=100");
        Assert.Single(list.Items, session => session.Id == id);
    }

    [ServerFact]
    public async Task Saving_again_replaces_the_frames()
    {
        var id = await UploadedAsync(3);
        await _http.PostAsync("/v1/sessions", new { requestId = id, frames = Numbers(3) }).ReadAsync<Session>();
        var again = await _http.PostAsync("/v1/sessions", new { requestId = id, frames = Numbers(2) }).ReadAsync<Session>();
        Assert.Equal([1, 2], again.Frames!.Select(frame => frame.Number));
    }

    [ServerFact]
    public async Task A_picture_inside_of_the_json_is_stored()
    {
        var picture = Pictures.Jpeg();
        var saved = await SaveAsync(["data:image/jpeg;base64," + Convert.ToBase64String(picture)], null).ReadAsync<Session>();
        Assert.Equal((Pictures.Sha256(picture), "image/jpeg", FrameStatus.Stored), (saved.Frames![0].Sha256, saved.Frames[0].ContentType, saved.Frames[0].Status));
        Assert.Equal(picture, await Http.Client(service.App.Address).GetByteArrayAsync(saved.Frames[0].ImageUrl));
    }

    [ServerFact]
    public async Task Another_users_picture_is_refused()
    {
        var links = await LinksAsync(await UploadedAsync(1));
        using var eve = service.App.Client("eve");
        var body = new { frames = new[] { new { number = 1, imageUrl = links[0] } } };
        Assert.Equal((403, "foreign-object"), Short(await eve.PostAsync("/v1/sessions", body).RefusalAsync()));
    }

    [ServerTheory]
    [InlineData("http://169.254.169.254/latest/meta-data", "url-refused")]
    [InlineData("http://localhost:1/x.png", "url-refused")]
    [InlineData("http://[::ffff:127.0.0.1]/x.png", "url-refused")]
    [InlineData("http://0x7f000001/x.png", "url-refused")]
    [InlineData("file:///etc/passwd", "url-refused")]
    [InlineData("ftp://example.org/x.png", "url-refused")]
    [InlineData("http://user:secret@example.org/x.png", "url-refused")]
    [InlineData("data:text/html;base64,PGI+", "unsupported-image")]
    [InlineData("data:image/png;base64,!!!", "unsupported-image")]
    [InlineData("/v1/objects/local/req_1_a/reference-frames/frame_01_0123456789ab.png", "object-not-found")]
    public async Task A_picture_that_must_not_or_cannot_be_fetched_names_its_frame(string url, string code)
    {
        var (_, answered, problem) = await SaveAsync([url], null).RefusalAsync();
        Assert.Equal(code, answered);
        Assert.True(problem.GetProperty("errors").TryGetProperty("frames[0].imageUrl", out _));
    }

    [ServerTheory]
    [InlineData("session_1700000000000_abc", "legacy-session-id")]
    [InlineData("req_1_A", "invalid-request-id")]
    [InlineData("req_1_a\n", "invalid-request-id")]
    [InlineData("../../etc", "invalid-request-id")]
    public async Task An_id_that_is_none_is_told_by_its_own_code(string id, string code) =>
        Assert.Equal((400, code), Short(await _http.PostAsync("/v1/sessions", new { requestId = id, prompt = "x" }).RefusalAsync()));

    private async Task<RequestId> UploadedAsync(int count)
    {
        var id = RequestId.New(TimeProvider.System);
        for (var number = 1; number <= count; number++) await _http.PutPictureAsync(id, number, Pictures.Png(colour: 0xff000000 + (uint)(number * 999))).ReadAsync<Frame>();
        return id;
    }

    private async Task<List<string>> LinksAsync(RequestId id) => [.. (await _http.GetAsync<Session>($"/v1/sessions/{id}")).Frames!.Select(frame => frame.ImageUrl!)];

    private Task<HttpResponseMessage> SaveAsync(IReadOnlyList<string> links, string? id) =>
        _http.PostAsync("/v1/sessions", new { requestId = id, frames = links.Select((link, index) => new { number = index + 1, imageUrl = link }) });

    private static IEnumerable<object> Numbers(int count) => Enumerable.Range(1, count).Select(number => new { number });

    private static (int, string) Short((int Status, string Code, System.Text.Json.JsonElement Problem) refusal) => (refusal.Status, refusal.Code);
}

public sealed class SavingFramesOnSqlite(RunningFrameService service) : SavingFramesTests(service), IClassFixture<RunningFrameService>;

[Needs(TestServers.Postgres)]
public sealed class SavingFramesOnPostgres(FrameServiceOnPostgres service) : SavingFramesTests(service), IClassFixture<FrameServiceOnPostgres>;
