using System.Net;
using System.Net.Http.Headers;
using System.Text;
using FrameVideo.TestKit.Providers;

namespace FrameVideo.TestKit.Tests;

/// <summary>The stand-in refuses what the service refuses, so that whoever passes here passes there.</summary>
public sealed class RunwayStandInTests
{
    private static readonly string Picture = $"data:image/jpeg;base64,{Convert.ToBase64String(Pictures.Jpeg(128, 72))}";

    [Theory]
    [InlineData("", 200)]
    [InlineData("\"model\":\"gen3\"", 400)]
    [InlineData("\"ratio\":\"16:9\"", 400)]
    [InlineData("\"duration\":1", 400)]
    [InlineData("\"duration\":11", 400)]
    [InlineData("\"duration\":2.5", 400)]
    [InlineData("\"seed\":-1", 400)]
    [InlineData("\"seed\":4294967296", 400)]
    [InlineData("\"promptText\":\"\"", 400)]
    [InlineData("\"promptImage\":\"http://example.org/a.png\"", 400)]
    [InlineData("\"promptImage\":\"data:image/gif;base64,R0lGODlh\"", 400)]
    [InlineData("\"promptImage\":\"data:image/png;base64,AAAA\"", 400)]
    [InlineData("\"quality\":\"high\"", 400)]
    public async Task It_takes_what_is_documented_and_nothing_else(string wish, int status)
    {
        await using var runway = await RunwayStandIn.StartAsync();
        var fields = new Dictionary<string, string>(StringComparer.Ordinal) { ["model"] = "\"gen4_turbo\"", ["promptImage"] = $"\"{Picture}\"", ["ratio"] = "\"1280:720\"", ["duration"] = "2" };
        if (wish.Length > 0) fields[wish.Split('"')[1]] = wish[(wish.IndexOf(':', StringComparison.Ordinal) + 1)..];
        var body = $"{{{string.Join(',', fields.Select(field => $"\"{field.Key}\":{field.Value}"))}}}";
        Assert.Equal((HttpStatusCode)status, (await SendAsync(runway, body)).StatusCode);
        Assert.Equal(status == 200 ? 1 : 0, runway.Paid);
    }

    [Fact]
    public async Task It_wants_its_key_and_its_version_and_a_picture_that_is_neither_too_large_nor_too_wide()
    {
        await using var runway = await RunwayStandIn.StartAsync();
        string Body(string picture) => $"{{\"model\":\"gen4_turbo\",\"promptImage\":\"{picture}\",\"ratio\":\"1280:720\",\"duration\":2}}";
        Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(runway, Body(Picture), key: "key_wrong")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync(runway, Body(Picture), version: "2024-09-13")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync(runway, Body($"data:image/jpeg;base64,{Convert.ToBase64String(Pictures.Jpeg(300, 100))}"))).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync(runway, Body($"data:image/jpeg;base64,{Convert.ToBase64String(new byte[4 << 20])}"))).StatusCode);
        Assert.Empty(runway.Tasks);
    }

    private static async Task<HttpResponseMessage> SendAsync(RunwayStandIn runway, string body, string? key = null, string version = "2024-11-06")
    {
        using var http = Http.Client(runway.Address);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/image_to_video") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key ?? RunwayStandIn.Key);
        request.Headers.Add("X-Runway-Version", version);
        return await http.SendAsync(request);
    }
}
