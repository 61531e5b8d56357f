using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using FrameVideo.Contracts;

namespace FrameVideo.TestKit;

/// <summary>What tests say to the services, as any client would.</summary>
public static class Http
{
    public static HttpClient Client(string address, string? user = null)
    {
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(address), Timeout = TimeSpan.FromSeconds(60) };
        if (user is not null) client.DefaultRequestHeaders.Add("X-User-Id", user);
        return client;
    }

    public static Task<HttpResponseMessage> PutPictureAsync(this HttpClient http, RequestId id, int number, byte[] picture, string contentType = "image/png")
    {
        var content = new ByteArrayContent(picture);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        return http.PutAsync($"/v1/sessions/{id}/frames/{number}", content);
    }

    /// <summary>Reads a success as a wire record.</summary>
    public static async Task<T> ReadAsync<T>(this Task<HttpResponseMessage> sent)
    {
        using var response = await sent;
        var text = await response.Content.ReadAsStringAsync();
        if (!response.IsSuccessStatusCode) throw new HttpRequestException($"{(int)response.StatusCode}: {text}", null, response.StatusCode);
        return JsonSerializer.Deserialize<T>(text, WireJson.Options)!;
    }

    public static Task<T> GetAsync<T>(this HttpClient http, string path) => http.GetAsync(path).ReadAsync<T>();

    public static Task<HttpResponseMessage> PostAsync(this HttpClient http, string path, object body) => http.PostAsJsonAsync(path, body);

    /// <summary>POST with an <c>Idempotency-Key</c>.</summary>
    public static Task<HttpResponseMessage> PostOnceAsync(this HttpClient http, string path, string key, object body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        return http.SendAsync(request);
    }

    /// <summary>Whether an answer says that nothing was done for it.</summary>
    public static bool IsReplayed(this HttpResponseMessage answer) => answer.Headers.TryGetValues("Idempotent-Replayed", out var values) && values.Single() == "true";

    /// <summary>Reads a refusal: status and problem+json.</summary>
    public static async Task<(int Status, string Code, JsonElement Problem)> RefusalAsync(this Task<HttpResponseMessage> sent)
    {
        using var response = await sent;
        var text = await response.Content.ReadAsStringAsync();
        if (response.Content.Headers.ContentType?.MediaType != "application/problem+json") throw new InvalidDataException($"{(int)response.StatusCode} is no problem+json: {text}");
        var problem = JsonSerializer.Deserialize<JsonElement>(text);
        return ((int)response.StatusCode, problem.GetProperty("code").GetString()!, problem);
    }

    /// <summary>Waits until a session is in one of the states that do not change any more.</summary>
    public static Task<Session> EndedAsync(this HttpClient http, RequestId id, TimeSpan? limit = null) => Wait.ForAsync(
        async () => await http.GetAsync<Session>($"/v1/sessions/{id}") is { Status: not (SessionStatus.Queued or SessionStatus.InProgress) } session ? session : null, $"the end of session {id}", limit);

    /// <summary>Waits until a video is in one of the states that do not change any more.</summary>
    public static Task<Video> EndedAsync(this HttpClient http, VideoId id, TimeSpan? limit = null) => Wait.ForAsync(
        async () => await http.GetAsync<Video>($"/v1/videos/{id}") is { Status: not (VideoStatus.Queued or VideoStatus.InProgress) } video ? video : null, $"the end of video {id}", limit ?? TimeSpan.FromMinutes(3));
}
