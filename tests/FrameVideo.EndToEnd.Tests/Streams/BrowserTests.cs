using FrameVideo.Contracts;
using FrameVideo.TestKit;
using FrameVideo.TestKit.Servers;

namespace FrameVideo.EndToEnd.Tests.Streams;

/// <summary>A browser's own EventSource in front of the front door in front of the service.</summary>
[Needs(TestServers.Chromium)]
public sealed class BrowserTests
{
    [ServerFact]
    public async Task A_browser_goes_on_by_itself_after_cuts_misses_and_repeats_nothing_and_stops_at_the_end()
    {
        using var data = new TempFolder();
        await using var frames = new ServiceProcess("FrameService", data.Combine("frames.log"), new Dictionary<string, string> { ["Data__Folder"] = data.Combine("data") });
        await using var door = new ServiceProcess("FrontDoor", data.Combine("door.log"), new Dictionary<string, string> { ["FrameService__Url"] = frames.Address, ["VideoService__Url"] = frames.Address });
        await Task.WhenAll(frames.StartAsync(), door.StartAsync());
        await using var proxy = await CuttingProxy.StartAsync(door.Address, cuts: 3);

        // A user whom a browser cannot name in a header, so that the link has to do it.
        using var http = Http.Client(door.Address, "anna");
        var session = await http.PostAsync("/v1/sessions", new { prompt = "a lighthouse in a storm", frameCount = 3 }).ReadAsync<Session>();
        Assert.Contains("?token=", session.Links.Events, StringComparison.Ordinal);
        using (Chromium.Open($"{proxy.Address}/#{new Uri(session.Links.Events).PathAndQuery["/v1/".Length..]}"))
        {
            const string Closed = "2";
            await Wait.UntilAsync(() => proxy.Reports.Any(report => report is { Type: "error", Data: Closed }), "the browser to stop");
        }

        var log = (await http.GetAsync<Page<Event>>($"/v1/sessions/{session.Id}/events?limit=100")).Items;
        var seen = proxy.Reports.Where(report => report.Type is not ("error" or "progress")).ToList();
        Assert.Equal(5, log.Count);
        Assert.Equal(log.Select(entry => (entry.Number.ToString(), entry.Type)), seen.Select(report => (report.Id, report.Type)));
        // Cut three times, ended once by the service, and then told that nothing more is to come.
        Assert.Equal([("", 200), ("1", 200), ("2", 200), ("3", 200), ("5", 204)], proxy.Connections);
    }
}
