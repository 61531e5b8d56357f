using FrameVideo.TestKit;
using FrameVideo.TestKit.Servers;

namespace FrameVideo.Api.Tests.Clients;

/// <summary>The TypeScript client in a real browser, on a page of another origin, and in Node as the README shows it.</summary>
[Collection(nameof(ClientPair))]
[Needs(TestServers.Node | TestServers.Chromium)]
public sealed class TypeScriptClientTests(ClientPair pair, TypeScriptClient client) : IClassFixture<TypeScriptClient>
{
    [ServerFact]
    public async Task A_page_of_another_origin_calls_every_operation_with_the_generated_client()
    {
        var settings = new { frames = pair.Door.Address, videos = pair.Videos.Address, key = pair.KeyOf("browser"), user = "browser", hook = $"{pair.Origin}/hook" };
        await using var host = await PageHost.StartAsync(pair.Origin, client.Folder, settings);
        using (Chromium.Open($"{pair.Origin}/"))
        {
            await Wait.UntilAsync(() => host.Reports.Any(report => report.TryGetProperty("done", out _) || report.TryGetProperty("failure", out _)), "the page to have called everything", TimeSpan.FromMinutes(3));
        }

        Assert.All(host.Reports, report => Assert.False(report.TryGetProperty("failure", out var failure), failure.ToString()));
        var called = host.Reports.Where(report => report.TryGetProperty("operation", out _)).Select(report => $"{report.GetProperty("service").GetString()} {report.GetProperty("operation").GetString()}");
        Assert.Equal(DocumentedOperations.All, called.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
    }

    [ServerFact]
    public async Task What_the_README_shows_makes_a_film()
    {
        var said = NodePrograms.Run("node", ["--import", $"data:text/javascript,globalThis.API='{pair.Door.Address}';globalThis.KEY='{pair.KeyOf("readme")}'", Path.Combine(client.Folder, "readme.js")]);
        using var http = Http.Client(pair.Door.Address);
        using var film = await http.GetAsync(said.Trim().Split(' ')[^1]);
        Assert.Equal("video/mp4", film.Content.Headers.ContentType?.MediaType);
    }
}
