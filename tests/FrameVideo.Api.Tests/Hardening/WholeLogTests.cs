using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using FrameVideo.Api.Tests.Isolation;
using FrameVideo.Contracts;
using FrameVideo.TestKit;
using FrameVideo.TestKit.Servers;

namespace FrameVideo.Api.Tests.Hardening;

/// <summary>Everything that both services and the front door write in a busy run, with every category at Trace.</summary>
[Needs(TestServers.Postgres | TestServers.S3)]
public sealed class WholeLogTests
{
    private static readonly string[] Categories = ["Default", "Microsoft", "Microsoft.AspNetCore", "System.Net.Http", "Yarp", "Polly", "Quartz", "Npgsql", "AWSSDK"];

    [ServerFact]
    public async Task No_key_no_token_and_no_signature_stands_in_any_line_and_nobody_writes_a_line_of_its_own()
    {
        using var data = new TempFolder();
        var keyFile = data.Combine("keys.json");
        var key = Keys.Add(keyFile, "anna", "anna", Keys.Everything);
        var backend = await Backend.ServersAsync();
        var settings = Categories.ToDictionary(category => $"Logging:LogLevel:{category}", _ => "Trace", StringComparer.Ordinal);
        settings["Auth:ApiKeysFile"] = keyFile;
        await using var pair = await Pair.StartAsync(backend, settings);
        await using var door = new ServiceProcess("FrontDoor", data.Combine("door.log"), new Dictionary<string, string>(settings.ToDictionary(pair => pair.Key.Replace(":", "__", StringComparison.Ordinal), pair => pair.Value))
        {
            ["FrameService__Url"] = pair.Frames.Address,
            ["VideoService__Url"] = pair.Videos.Address,
        });
        await door.StartAsync();

        var secrets = new HashSet<string>(StringComparer.Ordinal) { key };
        foreach (var address in new[] { pair.Frames.Address, door.Address }) await BeBusyAsync(address, pair.Videos.Address, key, secrets);
        foreach (var (name, value) in backend.Settings)
        {
            if (name.Contains("SECRET", StringComparison.OrdinalIgnoreCase)) secrets.Add(value);
            if (Regex.Match(value, "Password=([^;]+)") is { Success: true } password && password.Groups[1].Length > 7) secrets.Add(password.Groups[1].Value);
        }

        Assert.True(secrets.Count > 8, string.Join('\n', secrets));
        foreach (var log in new[] { pair.Frames.Log, pair.Videos.Log, door.Log })
        {
            Assert.Contains(" trce ", log, StringComparison.Ordinal);
            Assert.All(secrets, secret => Assert.False(log.Contains(secret, StringComparison.Ordinal), $"{secret} stands in the log: {log.Split('\n').FirstOrDefault(line => line.Contains(secret, StringComparison.Ordinal))}"));
            Assert.All(log.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => Assert.Matches("^[0-9]{4}-[0-9-]+T[0-9:.]+Z [a-z]{4} ", line));
            Assert.DoesNotMatch("[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]", log);
        }
    }

    /// <summary>Uses every kind of credential, well and badly, and says what should not be repeated as it is.</summary>
    private static async Task BeBusyAsync(string frames, string videos, string key, HashSet<string> secrets)
    {
        const string Forged = "\r\n2026-01-01T00:00:00.000Z info Forged: line\u001b[2J\u202e\u2028";
        using var http = Http.Client(frames);
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var films = Http.Client(videos);
        films.DefaultRequestHeaders.Add("X-API-Key", key);
        using var nobody = new HttpClient();
        var id = RequestId.New(TimeProvider.System);
        for (var n = 1; n <= 2; n++) await http.PutPictureAsync(id, n, Pictures.Png()).ReadAsync<Frame>();
        using (await http.PostAsync("/v1/sessions", new { requestId = id, prompt = Forged, frames = new[] { new { number = 1, description = Forged } } }))
        {
        }

        var session = await http.PostAsync("/v1/sessions", new { requestId = id, frames = new[] { new { number = 1, description = "a \u202e b" }, new { number = 2, description = "b" } } }).ReadAsync<Session>();
        var links = new List<string> { session.Links.Events };
        links.AddRange(session.Frames!.Select(frame => frame.ImageUrl!));
        foreach (var link in links)
        {
            foreach (Match part in Regex.Matches(link, "(?:token|X-Amz-Signature)=(?<secret>[^&]+)")) secrets.Add(part.Groups["secret"].Value);
            using var answer = await nobody.GetAsync(link.Replace("/events?", "/events?limit=1&", StringComparison.Ordinal));
            using var bent = await nobody.GetAsync(link + "0");
        }

        var image = await http.GetAsync($"/v1/sessions/{id}/frames/1/image");
        foreach (Match part in Regex.Matches(image.Headers.Location!.ToString(), "(?:token|X-Amz-Signature)=(?<secret>[^&]+)")) secrets.Add(part.Groups["secret"].Value);
        // Fetched by the service, and refused, with what somebody else's link opens.
        var foreign = "https://bucket.s3.amazonaws.com/x.png?X-Amz-Signature=5f0e1d2c3b4a59687766554433221100&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE";
        secrets.Add("5f0e1d2c3b4a59687766554433221100");
        using (await http.PostAsync("/v1/sessions", new { frames = new[] { new { number = 1, imageUrl = foreign.Replace("bucket.s3.amazonaws.com", "127.0.0.1", StringComparison.Ordinal) } } }))
        {
        }

        var guess = FrameVideo.Hosting.ApiKey.New().Text;
        secrets.Add(guess);
        using (var request = new HttpRequestMessage(HttpMethod.Get, frames + "/v1/sessions") { Headers = { { "X-API-Key", guess } } })
        using (await nobody.SendAsync(request))
        {
        }

        foreach (var path in new[] { "/v1/sessions/%0d%0aforged", "/v1/sessions/%e2%80%ae%1b[2J", "/v1/sessions?cursor=%0d%0a%c2%85", "/%0aforged?token=v1.1700000000.YQ.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" })
        {
            using var answer = await http.GetAsync(path);
        }

        secrets.Add("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
        using var plan = await films.PostAsync("/v1/videos", new { requestId = id, dryRun = true });
        Assert.Equal(200, (int)plan.StatusCode);
        using var film = await films.PostAsync("/v1/videos", new { requestId = id, metadata = new { note = "a \u202e b" } });
        Assert.Equal(202, (int)film.StatusCode);
    }
}
