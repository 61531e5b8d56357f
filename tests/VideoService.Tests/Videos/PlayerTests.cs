using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using FrameVideo.Contracts;
using FrameVideo.TestKit;
using FrameVideo.TestKit.Servers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace VideoService.Tests.Videos;

/// <summary>A browser with hls.js, on a page of another origin, in front of a film that is being rendered.</summary>
[Needs(TestServers.Chromium)]
public sealed class PlayerTests(RunningVideoService service) : IClassFixture<RunningVideoService>
{
    private const string Page =
        """
        <!doctype html><title>Player</title><video muted autoplay></video><script src="/hls.js"></script><script>
        const video = document.querySelector('video');
        const cues = () => [...video.textTracks].flatMap(track => [...track.cues ?? []].map(cue => `${track.mode} ${track.language} ${cue.startTime}-${cue.endTime} ${cue.text}`)).join('|');
        const report = (type, data) => fetch('/report', { method: 'POST', body: JSON.stringify({ type, data: String(data ?? cues()), time: video.currentTime, end: video.duration, width: video.videoWidth }) });
        for (const type of ['playing', 'ended']) video.addEventListener(type, () => report(type));
        video.textTracks.addEventListener('addtrack', () => setTimeout(() => report('captions'), 500));
        const hls = new Hls();
        hls.on(Hls.Events.ERROR, (_, error) => error.fatal && report('error', error.details));
        hls.loadSource(decodeURIComponent(location.hash.slice(1)));
        hls.attachMedia(video);
        </script>
        """;

    [ServerFact]
    public Task Hls_js_plays_the_beginning_while_the_rest_is_rendered_and_stops_where_the_film_ends() => PlayAsync(hasSound: true);

    [ServerFact]
    [Trait("Campaign", "formats")]
    [Trait("Depth", "long")]
    public Task Hls_js_plays_a_film_without_sound_likewise() => PlayAsync(hasSound: false);

    private async Task PlayAsync(bool hasSound)
    {
        if (NodePrograms.Missing is { } missing) throw new InvalidOperationException(missing);
        var reports = new ConcurrentQueue<Report>();
        var origin = $"http://127.0.0.1:{Ports.Free()}";
        await using var page = await StartAsync(origin, reports);
        await using var app = await service.StartAnotherAsync($"Cors:Origins:0={origin}");
        using var http = app.Client();
        var session = await service.SaveAsync(3);
        var film = await http.PostAsync("/v1/videos", new { requestId = session.RequestId, format = "hls", fps = 60, quality = "high", secondsPerFrame = 20, frames = new[] { new { number = 1, seconds = 1 } }, audio = hasSound ? new { objectKey = await service.BringAsync(session.RequestId, Sounds.Wav(9)) } : null, captions = hasSound ? new { burn = false, track = true, language = "ar", lines = new[] { new { frame = 1, text = "قارب & ورق" }, new { frame = 2, text = "Two" } } } : null }).ReadAsync<Video>();
        using var browser = Chromium.Open($"{origin}/#{Uri.EscapeDataString(film.Links.Playlist!)}");
        await Wait.UntilAsync(() => Task.FromResult(reports.Any(report => report.Type is "playing" or "error") && (!hasSound || reports.Any(report => report.Data.Contains("Two", StringComparison.Ordinal)))), "the browser to play");
        if (hasSound) Assert.Contains("showing ar 0-1 قارب &amp; ورق", reports.Last(report => report.Data.Contains("Two", StringComparison.Ordinal)).Data, StringComparison.Ordinal);
        Assert.Equal(VideoStatus.InProgress, (await http.GetAsync<Video>(film.Links.Self)).Status);
        var playing = reports.First(report => report.Type is "playing" or "error");
        Assert.Equal(("playing", 1280), (playing.Type, playing.Width));
        Assert.InRange(playing.Time, 0, 0.5);

        await http.PostAsync($"/v1/videos/{film.Id}/cancel", new { }).ReadAsync<Video>();
        await Wait.UntilAsync(() => Task.FromResult(reports.Any(report => report.Type is "ended" or "error")), "the browser to come to the end");
        var last = reports.Last(report => report.Type is "ended" or "error");
        Assert.Equal("ended", last.Type);
        var text = await http.GetStringAsync(film.Links.Playlist);
        var seconds = text.Split('\n').Where(line => line.StartsWith("#EXTINF:", StringComparison.Ordinal)).Sum(line => double.Parse(line["#EXTINF:".Length..].TrimEnd(','), CultureInfo.InvariantCulture));
        Assert.InRange(last.End!.Value - seconds, -0.02, hasSound ? 2.1 : 0.02);
    }

    private static async Task<WebApplication> StartAsync(string origin, ConcurrentQueue<Report> reports)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseSetting("urls", origin);
        var app = builder.Build();
        app.MapGet("/", () => Results.Content(Page, "text/html"));
        app.MapGet("/hls.js", () => Results.File(Path.Combine(NodePrograms.Folder, "node_modules", "hls.js", "dist", "hls.min.js"), "text/javascript"));
        app.MapPost("/report", async context => reports.Enqueue((await JsonSerializer.DeserializeAsync<Report>(context.Request.Body, JsonSerializerOptions.Web))!));
        await app.StartAsync();
        return app;
    }

    private sealed record Report(string Type, string Data, double Time, double? End, int Width);
}
