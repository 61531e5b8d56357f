using System.Text.Json;
using FrameVideo.Contracts;
using FrameVideo.TestKit;
using FrameVideo.TestKit.Servers;

namespace FrameService.Tests.Former;

public abstract class FormerRoutesTests(RunningFrameService service)
{
    private const string User = "anna@example.org";
    private readonly HttpClient _http = service.Http;

    [ServerFact]
    public async Task The_pages_own_walk_ends_in_one_session()
    {
        var id = RequestId.New(TimeProvider.System);
        var uploaded = await _http.PostAsync("/api/upload_image_s3", new { imageData = DataUrl(), frameId = 1, isUserUpload = false, folderPath = $"{User}/{id}/reference-frames" }).ReadAsync<JsonElement>();
        var link = uploaded.GetProperty("imageUrl").GetString()!;
        Assert.StartsWith("/api/proxy_s3_image?key=", link, StringComparison.Ordinal);
        Assert.Equal(200, (int)(await _http.GetAsync(link)).StatusCode);

        var again = await _http.PostAsync("/api/upload_image_s3", new { imageData = link, frameId = "frame-1", isUserUpload = false, userId = User }).ReadAsync<JsonElement>();
        Assert.Equal(link, again.GetProperty("imageUrl").GetString());

        var saved = await SaveAsync(id.ToString(), link).ReadAsync<JsonElement>();
        Assert.Equal((true, id.ToString(), User, 1), (saved.GetProperty("success").GetBoolean(), saved.GetProperty("sessionId").GetString(), saved.GetProperty("userId").GetString(), saved.GetProperty("framesCount").GetInt32()));
        await SaveAsync(id.ToString(), link).ReadAsync<JsonElement>();

        var found = await _http.GetAsync<JsonElement>($"/api/get_frames?sessionId={id}&userId={User}");
        var frame = Assert.Single(found.GetProperty("frames").EnumerateArray());
        Assert.Equal(id.ToString(), found.GetProperty("session").GetProperty("session_id").GetString());
        Assert.Equal((1, "T"), (frame.GetProperty("id").GetInt32(), frame.GetProperty("fullStory").GetProperty("title").GetString()));
        Assert.Equal(200, (int)(await _http.GetAsync(frame.GetProperty("imageUrl").GetString())).StatusCode);
        Assert.Equal(id, (await _http.GetAsync<Session>($"/v1/sessions/{id}?userId={User}")).Id);
    }

    [ServerFact]
    public async Task Another_session_id_than_the_links_is_refused_with_a_sentence()
    {
        var id = RequestId.New(TimeProvider.System);
        var uploaded = await _http.PostAsync("/api/upload_image_s3", new { imageData = DataUrl(), frameId = 1, folderPath = $"{User}/{id}/reference-frames" }).ReadAsync<JsonElement>();
        using var refused = await SaveAsync("req_1_another", uploaded.GetProperty("imageUrl").GetString()!);
        var body = JsonSerializer.Deserialize<JsonElement>(await refused.Content.ReadAsStringAsync());
        Assert.Equal((409, false, JsonValueKind.String), ((int)refused.StatusCode, body.GetProperty("success").GetBoolean(), body.GetProperty("error").ValueKind));
    }

    [ServerFact]
    public async Task A_frame_that_the_store_refused_is_answered_as_a_data_url()
    {
        var id = RequestId.New(TimeProvider.System);
        await _http.PostAsync("/api/upload_image_s3", new { imageData = DataUrl(), frameId = 1, folderPath = $"{User}/{id}/reference-frames" }).ReadAsync<JsonElement>();
        service.App.StoreIsDown = true;
        try
        {
            var inline = await _http.PostAsync("/api/upload_image_s3", new { imageData = DataUrl(0xff998877), frameId = 2, folderPath = $"{User}/{id}/reference-frames" }).ReadAsync<JsonElement>();
            Assert.Equal(DataUrl(0xff998877), inline.GetProperty("imageUrl").GetString());
            var frames = (await _http.GetAsync<JsonElement>($"/api/get_frames?sessionId={id}&userId={User}")).GetProperty("frames");
            Assert.Equal(DataUrl(0xff998877), frames[1].GetProperty("imageUrl").GetString());
        }
        finally
        {
            service.App.StoreIsDown = false;
        }
    }

    [ServerTheory]
    [InlineData("anna@example.org/session_1_abc/reference-frames", 400)]
    [InlineData("anna@example.org/../reference-frames", 400)]
    [InlineData("../../etc/passwd", 422)]
    [InlineData("anna@example.org/req_1_a/video-clips", 422)]
    public async Task A_folder_that_is_none_is_refused(string folder, int status)
    {
        using var response = await _http.PostAsync("/api/upload_image_s3", new { imageData = DataUrl(), frameId = 1, folderPath = folder });
        var body = JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync());
        Assert.Equal((status, JsonValueKind.String), ((int)response.StatusCode, body.GetProperty("error").ValueKind));
    }

    private Task<HttpResponseMessage> SaveAsync(string id, string link) => _http.PostAsync("/api/save_frames", new
    {
        frames = new[] { new { id = 1, timestamp = "0:00", imageUrl = link, description = "d", prompt = "p", sceneStory = "s", fullStory = new { title = "T", overallStory = "O", style = "realistic", mood = "vibrant" } } },
        userId = User,
        sessionId = id,
        originalPrompt = "o",
        videoDuration = 5,
        frameCount = 1,
        style = "digital art",
        mood = "vibrant",
    });

    private static string DataUrl(uint colour = 0xff336699) => "data:image/png;base64," + Convert.ToBase64String(Pictures.Png(colour: colour));
}

public sealed class FormerRoutesOnSqlite(RunningFrameService service) : FormerRoutesTests(service), IClassFixture<RunningFrameService>;

[Needs(TestServers.Postgres)]
public sealed class FormerRoutesOnPostgres(FrameServiceOnPostgres service) : FormerRoutesTests(service), IClassFixture<FrameServiceOnPostgres>;
