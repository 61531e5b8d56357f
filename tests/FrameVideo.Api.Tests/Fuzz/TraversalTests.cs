using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FrameService;
using FrameVideo.Contracts;
using FrameVideo.TestKit;
using VideoService;
using Xunit.Abstractions;

namespace FrameVideo.Api.Tests.Fuzz;

/// <summary>Every field that takes a name, an ID or a key, with names that lead elsewhere: nothing outside of the store's layout is written, changed, removed or read.</summary>
public sealed class TraversalTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const string Secret = "the-secret-outside";
    private TempFolder Around { get; } = new();

    private TempFolder Data { get; } = new();

    private RunningApp _frames = null!;
    private RunningApp _videos = null!;

    public async Task InitializeAsync()
    {
        _frames = await RunningApp.StartAsync(args => FrameApp.Build(args), Data);
        _videos = await RunningApp.StartAsync(args => VideoApp.Build(args), Data, $"FrameService:Url={_frames.Address}");
    }

    public async Task DisposeAsync()
    {
        await _videos.DisposeAsync();
        await _frames.DisposeAsync();
        Data.Dispose();
        Around.Dispose();
    }

    [Fact]
    [Trait("Campaign", "fuzz")]
    public async Task No_name_leads_out_of_its_folder()
    {
        // Something to find, beside the objects and above them, and behind links in a folder of a session.
        Directory.CreateDirectory(Data.Combine("objects"));
        foreach (var place in new[] { Data.Combine("secret.txt"), Data.Combine("objects", "secret.txt"), Around.Combine("secret.txt"), Around.Combine("frame_02_0123456789ab.png") }) await File.WriteAllTextAsync(place, Secret);
        using var http = _frames.Client("anna");
        var id = RequestId.New(TimeProvider.System);
        var frame = await http.PutPictureAsync(id, 1, Pictures.Png()).ReadAsync<Frame>();
        var token = frame.ImageUrl!.Split("token=")[1];
        var folder = Data.Combine("objects", "anna", id.ToString(), "reference-frames");
        File.CreateSymbolicLink(Path.Combine(folder, "frame_02_0123456789ab.png"), Around.Combine("frame_02_0123456789ab.png"));
        Directory.CreateSymbolicLink(Path.Combine(folder, "elsewhere"), Around.Path);
        var before = Outside();

        var (count, failures) = (0, new List<string>());
        var isLong = Environment.GetEnvironmentVariable("FRAMEVIDEO_LONG") == "1";
        foreach (var (index, name) in Hostile.Names.Index())
        {
            // Each name meets a fourth of the fields, and each field a fourth of the names; all meet in the campaign.
            foreach (var (service, request) in Requests(name, id.ToString(), token).Where((_, field) => isLong || (field + index) % 4 == 0))
            {
                count++;
                var answer = await RawHttp.SendAsync(new Uri(service == 0 ? _frames.Address : _videos.Address), request, hangsUp: false, TimeSpan.FromSeconds(60));
                var line = Encoding.Latin1.GetString(request).Split('\r')[0];
                if (answer.Text.Contains(Secret, StringComparison.Ordinal) || answer.Text.Contains("root:x:0", StringComparison.Ordinal)) failures.Add($"{line}: read");
                if (answer.Status >= 500) failures.Add($"{line}: {answer.Status} {answer.Text}");
            }

            if (Outside() is var now && now != before) failures.Add($"{name}: changed\n{string.Join('\n', now.Split('\n').Except(before.Split('\n')))}");
        }

        // Whoever deletes a session deletes links in its folder, and not what they lead to.
        (await http.DeleteAsync($"/v1/sessions/{id}")).Dispose();
        (await http.DeleteAsync("/v1/users/anna/data")).Dispose();
        if (Outside() != before) failures.Add("A deletion followed a link.");
        foreach (var file in Directory.GetFiles(Data.Combine("objects"), "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint }))
        {
            var parts = Path.GetRelativePath(Data.Combine("objects"), file).Split(Path.DirectorySeparatorChar);
            if (parts[0] is ".tmp" or ".framevideo" or "secret.txt") continue;
            if (parts.Length < 3 || !RequestId.TryParse(parts[1], out _)) failures.Add($"{file} lies outside of the layout.");
        }

        output.WriteLine($"{count} names in fields, {failures.Count} escapes");
        Assert.True(failures.Count == 0, string.Join('\n', failures.Take(30)));
    }

    private static IEnumerable<(int Service, byte[] Bytes)> Requests(string name, string id, string token)
    {
        var (raw, escaped) = (new string([.. name.Where(c => c is > ' ' and < '\x7f' and not '#')]), Uri.EscapeDataString(name));
        var picture = Pictures.Png();
        foreach (var text in new[] { raw, escaped }.Distinct(StringComparer.Ordinal))
        {
            yield return (0, Raw("GET", $"/v1/objects/{text}?token={token}"));
            yield return (0, Raw("GET", $"/v1/objects/anna/{id}/reference-frames/{text}?token={token}"));
            yield return (1, Raw("GET", $"/v1/objects/anna/{id}/video-clips/{text}?token={token}"));
            yield return (0, Raw("GET", $"/api/proxy_s3_image?key={text}&token={token}"));
            yield return (0, Raw("GET", $"/api/proxy_s3_image?key=anna/{id}/{text}&token={token}"));
            yield return (1, Raw("GET", $"/api/proxy_s3_video?key={text}&token={token}"));
            yield return (0, Raw("GET", $"/v1/sessions/{text}"));
            yield return (0, Raw("PUT", $"/v1/sessions/{text}/frames/1", picture, "image/png"));
            yield return (0, Raw("PUT", $"/v1/sessions/{id}/frames/{text}", picture, "image/png"));
            yield return (0, Raw("GET", $"/v1/sessions/{id}/deliveries/{text}"));
            yield return (0, Raw("DELETE", $"/v1/sessions/{text}"));
            yield return (0, Raw("DELETE", $"/v1/users/{text}/data"));
            yield return (1, Raw("DELETE", $"/v1/users/{text}/data"));
            yield return (1, Raw("GET", $"/v1/videos/{text}/content?variant={text}"));
            yield return (0, Raw("GET", $"/v1/sessions?userId={text}&cursor={text}"));
            yield return (0, Raw("PUT", $"/v1/sessions/{id}/frames/3?userId={text}", picture, "image/png"));
            yield return (0, Raw("GET", $"/swagger/{text}"));
            yield return (0, Raw("GET", $"/openapi/{text}"));
            yield return (0, Raw("GET", $"/{text}"));
        }

        yield return (0, Raw("PUT", $"/v1/sessions/{id}/frames/3", picture, "image/png", $"X-User-Id: {raw}\r\n"));
        yield return (0, Raw("PUT", $"/v1/sessions/{id}/frames/3", picture, "image/png", $"X-Request-Id: {raw}\r\nIdempotency-Key: {raw}\r\n"));
        foreach (var body in new object[]
        {
            new { requestId = name, prompt = "a boat" }, new { sessionId = name, frames = new[] { new { number = 1 } } }, new { userId = name, requestId = id, frames = new[] { new { number = 1 } } },
            new { requestId = id, frames = new[] { new { number = 1, imageUrl = name } } }, new { requestId = id, frames = new[] { new { number = 1, imageUrl = $"/v1/objects/anna/{id}/reference-frames/{name}" } } },
            new { requestId = id, frames = new[] { new { number = 1, imageUrl = $"/api/proxy_s3_image?key={escaped}" } } }, new { prompt = "a boat", referenceImage = name }, new { prompt = "a boat", referenceImage = $"/v1/objects/anna/{id}/user-uploads/{name}" },
        }) yield return (0, Raw("POST", "/v1/sessions", JsonSerializer.SerializeToUtf8Bytes(body), "application/json"));
        foreach (var body in new object[]
        {
            new { imageData = Convert.ToBase64String(picture), frameId = name, isUserUpload = true }, new { imageData = Convert.ToBase64String(picture), frameId = "1", folderPath = name },
            new { imageData = Convert.ToBase64String(picture), frameId = "1", folderPath = $"anna/{name}" }, new { imageData = Convert.ToBase64String(picture), frameId = "1", folderPath = $"{name}/{id}" },
            new { imageData = Convert.ToBase64String(picture), frameId = "1", folderPath = $"anna/{id}/{name}" }, new { imageData = Convert.ToBase64String(picture), frameId = "1", userId = name }, new { imageData = name, frameId = "1" },
        }) yield return (0, Raw("POST", "/api/upload_image_s3", JsonSerializer.SerializeToUtf8Bytes(body), "application/json"));
        yield return (1, Raw("POST", "/v1/videos", JsonSerializer.SerializeToUtf8Bytes(new { requestId = name }), "application/json"));
        foreach (var (field, file, value) in new[] { ("image", name, "1"), (name, "a.png", "1"), ("image", "a.png", name) })
        {
            var form = new List<byte>(Encoding.UTF8.GetBytes($"--b\r\nContent-Disposition: form-data; name=\"folderPath\"\r\n\r\nanna/{id}/user-uploads\r\n--b\r\nContent-Disposition: form-data; name=\"frameId\"\r\n\r\n{value}\r\n--b\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{file}\"\r\n\r\n"));
            form.AddRange(picture);
            form.AddRange("\r\n--b--\r\n"u8);
            yield return (0, Raw("POST", "/api/upload_image_s3", [.. form], "multipart/form-data; boundary=b"));
        }
    }

    private static byte[] Raw(string method, string target, byte[]? body = null, string? type = null, string headers = "")
    {
        var user = headers.Contains("X-User-Id", StringComparison.Ordinal) || target.Contains("userId=", StringComparison.Ordinal) || target.Contains("/users/", StringComparison.Ordinal) ? "" : "X-User-Id: anna\r\n";
        return [.. Encoding.Latin1.GetBytes($"{method} {target} HTTP/1.1\r\nHost: 127.0.0.1\r\n{user}{headers}{(type is null ? "" : $"Content-Type: {type}\r\n")}Content-Length: {body?.Length ?? 0}\r\nConnection: close\r\n\r\n"), .. body ?? []];
    }

    /// <summary>What lies where nothing of the services' own does, with its content.</summary>
    private string Outside()
    {
        var files = Directory.GetFiles(Around.Path, "*", SearchOption.AllDirectories)
            .Concat(Directory.GetFileSystemEntries(Data.Path).Where(path => Path.GetFileName(path) is not ("objects" or "spool" or "render" or "renders") && !Path.GetFileName(path).Contains(".db", StringComparison.Ordinal)))
            .Concat(Directory.GetFiles(Data.Combine("objects")));
        return string.Join('\n', files.Order(StringComparer.Ordinal).Select(path => $"{path} {(File.Exists(path) ? Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path))) : "folder")}"));
    }
}
