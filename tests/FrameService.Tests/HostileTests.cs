using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using FrameVideo.Contracts;
using FrameVideo.TestKit;

namespace FrameService.Tests;

/// <summary>What attackers and broken clients send is answered in words of the table, never with 500.</summary>
public sealed class HostileTests(RunningFrameService service) : IClassFixture<RunningFrameService>
{
    private readonly HttpClient _http = service.Http;

    [Theory]
    [InlineData("/v1/sessions", """{"frames":[null]}""", "application/json", 422)]
    [InlineData("/v1/sessions", """{"prompt":"x","metadata":{"a":null}}""", "application/json", 422)]
    [InlineData("/v1/sessions", """{"prompt":"x"}""", "application/json; charset=foo", 415)]
    [InlineData("/v1/sessions", """{"prompt":"x"}""", "application/json; charset=utf-7", 415)]
    [InlineData("/v1/sessions", """{"frames":[{"number":1,"imageUrl":"http://1.1.1.1:0/x"}]}""", "application/json", 422)]
    [InlineData("/api/save_frames", """{"frames":[null]}""", "application/json", 422)]
    [InlineData("/API/save_frames", "{}", "application/json", 422)]
    [InlineData("/api/upload_image_s3", "{}", "application/json; charset=foo", 415)]
    [InlineData("/api/upload_image_s3", "--x\r\nContent-Disposition: form-data; name=\"image\"\r\n\r\nbroken off", "multipart/form-data; boundary=x", 400)]
    public async Task A_body_that_nobody_should_send_is_a_refusal(string path, string body, string contentType, int status)
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        using var answer = await _http.PostAsync(path, content);
        Assert.Equal(status, (int)answer.StatusCode);
        if (!path.StartsWith("/api", StringComparison.OrdinalIgnoreCase)) return;
        var error = JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync());
        Assert.Equal((JsonValueKind.String, false), (error.GetProperty("error").ValueKind, error.GetProperty("success").GetBoolean()));
    }

    [Fact]
    public async Task A_link_that_names_two_request_IDs_takes_no_picture_from_either()
    {
        var (one, two) = (RequestId.New(TimeProvider.System), RequestId.New(TimeProvider.System));
        var frame = await _http.PutPictureAsync(one, 1, Pictures.Png()).ReadAsync<Frame>();
        var link = $"/v1/objects/{frame.ObjectKey}?key=local/{two}/reference-frames/none";
        using var refused = await _http.PostAsync("/v1/sessions", new { requestId = two, frames = new[] { new { number = 1, imageUrl = link } } });
        Assert.Equal(409, (int)refused.StatusCode);
    }

    [Fact]
    public async Task A_session_can_begin_while_the_store_is_down()
    {
        var id = RequestId.New(TimeProvider.System);
        service.App.StoreIsDown = true;
        try
        {
            Assert.Equal(FrameStatus.Inline, (await _http.PutPictureAsync(id, 1, Pictures.Png()).ReadAsync<Frame>()).Status);
            using var taken = await _http.PostAsync("/v1/sessions", new { prompt = "a boat", frameCount = 1 });
            Assert.Equal(202, (int)taken.StatusCode);
        }
        finally
        {
            service.App.StoreIsDown = false;
        }
    }
}
