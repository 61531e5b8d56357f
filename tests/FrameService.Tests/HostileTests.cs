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

    [Theory]
    [InlineData("POST", "/v1/sessions", null, "A JSON body is asked for")]
    [InlineData("POST", "/v1/sessions", """{"promt":"a boat"}""", "at 'promt'. The JSON property 'promt' is not known here. Is prompt meant?")]
    [InlineData("POST", "/v1/sessions", """{"prompt":"a boat","videoDuration":"4 s"}""", "at 'videoDuration'. A number is asked for")]
    [InlineData("POST", "/v1/sessions", """{"prompt":7}""", "at 'prompt'. A text is asked for")]
    [InlineData("POST", "/v1/sessions", """{"frames":{}}""", "at 'frames'. A list is asked for")]
    [InlineData("POST", "/v1/sessions", """["a boat"]""", "An object is asked for")]
    [InlineData("POST", "/v1/sessions", """{"prompt":"a boat","style":"realistic"}""", "One of Realistic, Artistic")]
    [InlineData("GET", "/v1/sessions?limit=many", null, "limit is of another kind. A whole number is asked for")]
    [InlineData("GET", "/v1/sessions/req_1_a/events?after=x", null, "after is of another kind. A whole number is asked for")]
    public async Task What_a_beginner_gets_wrong_is_told_with_what_to_do(string method, string path, string? body, string words)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json") };
        var (_, _, problem) = await _http.SendAsync(request).RefusalAsync();
        Assert.Contains(words, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_without_a_content_type_is_told_which_one_to_send()
    {
        var (status, _, problem) = await _http.PostAsync("/v1/sessions", new StringContent("""{"prompt":"a boat"}""", Encoding.UTF8, "application/x-www-form-urlencoded")).RefusalAsync();
        Assert.Equal(415, status);
        Assert.Contains("Content-Type: application/json", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
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
    public async Task A_frame_of_a_canceled_session_is_not_left_generating()
    {
        using var taken = await _http.PostAsync("/v1/sessions", new { prompt = "a lighthouse in a storm", frameCount = 20 });
        var id = JsonSerializer.Deserialize<JsonElement>(await taken.Content.ReadAsStringAsync()).GetProperty("id").GetString();
        for (var i = 0; i < 200 && (await _http.GetAsync<Session>($"/v1/sessions/{id}")).Frames!.All(frame => frame.Status == FrameStatus.Pending); i++) await Task.Delay(20);
        using var canceled = await _http.PostAsync($"/v1/sessions/{id}/cancel", null);
        Assert.Equal(200, (int)canceled.StatusCode);
        Assert.DoesNotContain((await _http.GetAsync<Session>($"/v1/sessions/{id}")).Frames!, frame => frame.Status == FrameStatus.Generating);
    }

    [Fact]
    public async Task A_session_without_an_ID_of_its_own_begins_while_the_store_is_down()
    {
        service.App.StoreIsDown = true;
        try
        {
            // Under an ID that is made now nothing can lie in the store.
            using var taken = await _http.PostAsync("/v1/sessions", new { prompt = "a boat", frameCount = 1 });
            Assert.Equal(202, (int)taken.StatusCode);
        }
        finally
        {
            service.App.StoreIsDown = false;
        }
    }
}
