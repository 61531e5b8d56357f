using System.Diagnostics;
using System.Text.RegularExpressions;
using FrameVideo.Contracts;
using FrameVideo.TestKit;

namespace FrameVideo.Api.Tests.Clients;

/// <summary>The calls of the README, typed as they stand there, with the IDs filled in that they themselves answered.</summary>
[Collection(nameof(ClientPair))]
public sealed class CurlTests(ClientPair pair)
{
    [Fact]
    public async Task The_five_calls_of_the_README_make_a_film()
    {
        using var folder = new TempFolder();
        await File.WriteAllBytesAsync(folder.Combine("one.jpg"), Pictures.Jpeg());
        using var http = Http.Client(pair.Door.Address);
        http.DefaultRequestHeaders.Add("X-API-Key", pair.KeyOf("curl"));
        string request = "", video = "";
        foreach (var line in Readme.Block("## The API in five calls").Split('\n').Where(line => line.StartsWith("curl", StringComparison.Ordinal)))
        {
            var command = line.Replace("localhost:8080", pair.Door.Address, StringComparison.Ordinal).Replace("req_...", request, StringComparison.Ordinal).Replace("vid_...", video, StringComparison.Ordinal)
                // What the README's are takes longer than a test may.
                .Replace("\"videoDuration\": 20", "\"videoDuration\": 2", StringComparison.Ordinal);
            var answer = await ShellAsync(folder.Path, command);
            Assert.DoesNotContain("urn:framevideo:problem", answer, StringComparison.Ordinal);
            if (request.Length == 0) request = Regex.Match(answer, "\"id\":\"(req_[^\"]+)\"").Groups[1].Value;
            // Whoever looked only once waits before the film.
            if (command.Contains(request, StringComparison.Ordinal)) await http.EndedAsync(RequestId.Parse(request));
            if (video.Length == 0) video = Regex.Match(answer, "\"id\":\"(vid_[^\"]+)\"").Groups[1].Value;
        }

        var film = await http.GetAsync<Video>($"/v1/videos/{video}");
        Assert.Equal((VideoStatus.Completed, request), (film.Status, film.RequestId.ToString()));
        Assert.Equal("ftyp"u8.ToArray(), (await File.ReadAllBytesAsync(folder.Combine("film.mp4")))[4..8]);
        Assert.NotEmpty(await File.ReadAllBytesAsync(folder.Combine("one.picture")));
    }

    private async Task<string> ShellAsync(string folder, string command)
    {
        var start = new ProcessStartInfo("bash", ["-c", $$"""curl() { command curl --fail-with-body -H "X-API-Key: $KEY" "$@"; }; {{command}}"""]) { WorkingDirectory = folder, RedirectStandardOutput = true, StandardOutputEncoding = System.Text.Encoding.Latin1, UseShellExecute = false };
        start.Environment["KEY"] = pair.KeyOf("curl");
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{command}: {output}");
    }
}
