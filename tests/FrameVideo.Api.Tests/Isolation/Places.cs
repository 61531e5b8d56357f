using FrameVideo.Contracts;
using FrameVideo.Hosting;
using FrameVideo.TestKit;

namespace FrameVideo.Api.Tests.Isolation;

/// <summary>The cells whose foreign name stands neither in a path nor in a header.</summary>
internal static class Places
{
    private static readonly byte[] Picture = Pictures.Png(59, 41, 0xff0a0b0c);

    /// <summary>A body's <c>userId</c>.</summary>
    public static async Task UsersInBodiesAsync(Matrix matrix, World world)
    {
        var (anna, berta) = (world.Anna, world.Berta);
        (RunningApp App, string Path, Func<string, object> Body)[] all =
        [
            (world.Frames, "/v1/sessions", user => new { userId = user, requestId = anna.Request, prompt = "x" }),
            (world.Frames, "/v1/sessions", user => new { userId = user, requestId = anna.Request, frames = new[] { new { number = 1 } } }),
            (world.Frames, "/v1/sessions/plan", user => new { userId = user, prompt = "x" }),
            (world.Frames, "/api/save_frames", user => new { userId = user, sessionId = anna.Request, frames = new[] { new { id = 1 } } }),
            (world.Frames, "/api/upload_image_s3", user => new { userId = user, imageData = Convert.ToBase64String(Picture), frameId = "1" }),
            (world.Frames, "/api/upload_image_s3", user => new { userId = user, imageData = anna.FrameLink, frameId = "1" }),
            (world.Videos, "/v1/videos", user => new { userId = user, requestId = anna.Request }),
        ];
        foreach (var (app, path, body) in all)
        {
            foreach (var caller in world.Strangers)
                await matrix.HiddenAsync($"{caller}: {path}, userId", app, caller, names => Post(path, body(names.User)), anna, ErrorCodes.UserMismatch);
            await matrix.AnsweredAsync($"reader: {path}, userId", app, "reader", Post(path, body(berta.User)), [403], ErrorCodes.InsufficientScope);
        }

        using var form = new MultipartFormDataContent { { new StringContent(anna.User), "userId" }, { new StringContent("1"), "frameId" }, { new ByteArrayContent(Picture), "image", "a.png" } };
        await matrix.AnsweredAsync("berta: a form's userId", world.Frames, "berta", new HttpRequestMessage(HttpMethod.Post, "/api/upload_image_s3") { Content = form }, [403], ErrorCodes.UserMismatch);
    }

    /// <summary>A frame's <c>imageUrl</c>, in every form in which an object of ours can be written down.</summary>
    public static async Task AddressesAsync(Matrix matrix, World world)
    {
        var (anna, shared) = (world.Anna, world.AnnasShared);
        foreach (var (form, write) in Addresses(world))
        {
            foreach (var caller in world.Strangers)
            {
                await SameAsync(matrix, world.Frames, caller, $"save {form}", names => Post("/v1/sessions", new { frames = new[] { new { number = 1, imageUrl = write(names) } } }), anna);
                await SameAsync(matrix, world.Frames, caller, $"save {form} under her ID", names => Post("/v1/sessions", new { requestId = names.Request, frames = new[] { new { number = 1, imageUrl = write(names) } } }), anna);
            }

            // A link to a frame of the ID that both have is a link to the caller's own.
            if (form.StartsWith("a frame's link", StringComparison.Ordinal))
                await matrix.SaysAsync($"berta: save {form} under an ID of both", world.Frames, "berta", Post("/v1/sessions", new { requestId = shared.Request, frames = new[] { new { number = 1, imageUrl = write(shared) } } }), text => text.Contains(world.BertasShared.FrameKey, StringComparison.Ordinal));
            else await SameAsync(matrix, world.Frames, "berta", $"save {form} under an ID of both", _ => Post("/v1/sessions", new { requestId = shared.Request, frames = new[] { new { number = 1, imageUrl = write(shared) } } }), shared);
            foreach (var caller in world.Strangers) await SameAsync(matrix, world.Frames, caller, $"reference {form}", names => Post("/v1/sessions", new { prompt = "x", referenceImage = write(names) }), anna);
            await SameAsync(matrix, world.Frames, "berta", $"save_frames {form}", names => Post("/api/save_frames", new { sessionId = names.Request, frames = new[] { new { id = 1, imageUrl = write(names) } } }), anna);
            await SameAsync(matrix, world.Frames, "berta", $"upload_image_s3 {form}", names => Post("/api/upload_image_s3", new { imageData = write(names), frameId = "1" }), anna);
            await SameAsync(matrix, world.Frames, "berta", $"save {form} among own ones", names => Post("/v1/sessions", new { frames = new object[] { new { number = 1, imageUrl = world.Berta.FrameLink }, new { number = 2, imageUrl = write(names) } } }), anna);
        }
    }

    /// <summary>A film's <c>audio</c>, by key and by link.</summary>
    public static async Task SoundsAsync(Matrix matrix, World world)
    {
        var (anna, berta, shared) = (world.Anna, world.Berta, world.AnnasShared);
        foreach (var path in new[] { "/v1/videos", "/v1/videos/plan" })
        {
            foreach (var caller in world.Strangers)
            {
                await matrix.HiddenAsync($"{caller}: {path}, her sound", world.Videos, caller, names => Post(path, new { requestId = berta.Request, audio = new { objectKey = SoundOf(names) } }), anna, ErrorCodes.ForeignObject);
                await matrix.HiddenAsync($"{caller}: {path}, a link to her sound", world.Videos, caller, names => Post(path, new { requestId = berta.Request, audio = new { url = $"/v1/objects/{SoundOf(names)}" } }), anna, ErrorCodes.ForeignObject);
                await matrix.HiddenAsync($"{caller}: {path}, her frame as a sound", world.Videos, caller, names => Post(path, new { requestId = berta.Request, audio = new { objectKey = names.FrameKey } }), anna, ErrorCodes.ValidationFailed);
            }

            await matrix.HiddenAsync($"berta: {path}, her sound under an ID of both", world.Videos, "berta", names => Post(path, new { requestId = shared.Request, audio = new { objectKey = SoundOf(names) } }), shared, ErrorCodes.ForeignObject);
            await matrix.AnsweredAsync($"berta: {path}, a sound of another ID", world.Videos, "berta", Post(path, new { requestId = berta.Request, audio = new { objectKey = SoundOf(world.BertasShared) } }), [409], ErrorCodes.RequestIdMismatch);
        }

        static string SoundOf(Names names) => $"{names.User}/{names.Request}/user-uploads/theme_0123456789ab.mp3";
    }

    /// <summary><c>folderPath</c> and <c>X-Request-Id</c> of the older upload.</summary>
    public static async Task FoldersAsync(Matrix matrix, World world)
    {
        var (anna, berta, shared) = (world.Anna, world.Berta, world.AnnasShared);
        foreach (var folder in new[] { "", "/reference-frames", "/user-uploads" })
        {
            foreach (var caller in world.Strangers)
            {
                foreach (var around in new[] { "{0}", "/{0}", "{0}/", "/{0}/" })
                    await matrix.HiddenAsync($"{caller}: folderPath {around} {folder}", world.Frames, caller, names => Upload(string.Format(null, around, $"{names.User}/{names.Request}{folder}"), null), anna, ErrorCodes.UserMismatch);
                await matrix.AnsweredAsync($"{caller}: folderPath and userId {folder}", world.Frames, caller, Upload($"{anna.User}/{anna.Request}{folder}", berta.User), [403], ErrorCodes.UserMismatch);
            }

            await matrix.AnsweredAsync($"berta: own folderPath under an ID of both {folder}", world.Frames, "berta", Upload($"{berta.User}/{shared.Request}{folder}", null), [200]);
            foreach (var bent in new[] { "../{0}", "./{0}", "{1}/../{0}", "{1}/%2e%2e/{0}", "{1}%2f{0}", "{1}\\..\\{0}", "{1}//{0}", "{0}/../{1}", "{1}\u0000/{0}", "\u200b{0}", "{0}\u202e", "{1}\uff0f{0}" })
                await matrix.AnsweredAsync($"berta: folderPath {bent} {folder}", world.Frames, "berta", Upload(string.Format(null, bent, $"{anna.User}/{anna.Request}{folder}", berta.User), null), [400, 403, 422]);
        }

        var request = Upload(null, null);
        request.Headers.Add("X-Request-Id", shared.Request);
        await matrix.AnsweredAsync("berta: an X-Request-Id of both", world.Frames, "berta", request, [200]);
    }

    /// <summary>Lists by another's cursor and request ID.</summary>
    public static async Task ListsAsync(Matrix matrix, World world)
    {
        var (anna, berta, shared) = (world.Anna, world.Berta, world.AnnasShared);
        foreach (var caller in new[] { "berta", "backend", "admin", "reader" })
        {
            foreach (var cursor in new[] { anna.Cursor, shared.Cursor, Paging.Write(DateTimeOffset.MaxValue, "req_9_z"), Paging.Write(TimeProvider.System.GetUtcNow(), anna.Request), Paging.Write(TimeProvider.System.GetUtcNow(), "' OR 1=1 --") })
                await matrix.SaysAsync($"{caller}: sessions from {cursor}", world.Frames, caller, new(HttpMethod.Get, $"/v1/sessions?limit=100&cursor={cursor}"), text => !text.Contains(anna.User, StringComparison.Ordinal));
            foreach (var cursor in new[] { Paging.Write(TimeProvider.System.GetUtcNow(), anna.Video), Paging.Write(DateTimeOffset.MaxValue, shared.Video) })
                await matrix.SaysAsync($"{caller}: videos from {cursor}", world.Videos, caller, new(HttpMethod.Get, $"/v1/videos?limit=100&cursor={cursor}"), text => text.Contains("\"items\"", StringComparison.Ordinal) && !text.Contains(anna.Video, StringComparison.Ordinal));
            await matrix.SaysAsync($"{caller}: films of her session", world.Videos, caller, new(HttpMethod.Get, $"/v1/videos?requestId={anna.Request}"), text => text.Contains("\"items\":[]", StringComparison.Ordinal));
            await matrix.SaysAsync($"{caller}: films of the ID of both", world.Videos, caller, new(HttpMethod.Get, $"/v1/videos?requestId={shared.Request}"), text => text.Contains(world.BertasShared.Video, StringComparison.Ordinal) && !text.Contains(shared.Video, StringComparison.Ordinal));
            await matrix.SaysAsync($"{caller}: sessions", world.Frames, caller, new(HttpMethod.Get, "/v1/sessions?limit=100"), text => text.Contains(berta.Request, StringComparison.Ordinal) && !text.Contains(anna.User, StringComparison.Ordinal));
            await matrix.SaysAsync($"{caller}: the session of both", world.Frames, caller, new(HttpMethod.Get, $"/v1/sessions/{shared.Request}"), text => text.Contains(berta.User, StringComparison.Ordinal) && !text.Contains(anna.User, StringComparison.Ordinal));
            await matrix.SaysAsync($"{caller}: the events of the session of both", world.Frames, caller, new(HttpMethod.Get, $"/v1/sessions/{shared.Request}/events?limit=100"), text => text.Contains("\"items\"", StringComparison.Ordinal));
            await matrix.SaysAsync($"{caller}: deliveries of the session of both", world.Frames, caller, new(HttpMethod.Get, $"/v1/sessions/{shared.Request}/deliveries?limit=100&cursor={Paging.Write('d', 999)}"), text => text.Contains("\"items\"", StringComparison.Ordinal));
        }
    }

    /// <summary>The same key with the same body is another user's affair.</summary>
    public static async Task IdempotencyKeysAsync(Matrix matrix, World world)
    {
        var shared = world.AnnasShared;
        var metadata = new Dictionary<string, string> { ["note"] = "thistle" };
        foreach (var caller in new[] { "berta", "backend" })
        {
            await matrix.SaysAsync($"{caller}: her key for a session", world.Frames, caller, Keyed("/v1/sessions", world.SessionBody(world.Anna.Request, World.Canary, metadata), world.Anna.IdempotencyKey),
                text => !text.Contains("Idempotent-Replayed", StringComparison.Ordinal) && text.StartsWith("422", StringComparison.Ordinal));
            await matrix.SaysAsync($"{caller}: her key for a film", world.Videos, caller, Keyed("/v1/videos", world.VideoBody(world.Anna.Request, metadata), world.Anna.IdempotencyKey),
                text => !text.Contains("Idempotent-Replayed", StringComparison.Ordinal) && text.StartsWith("404", StringComparison.Ordinal));
        }

        // A key that both have used, for the ID that both have: each is shown its own.
        await matrix.SaysAsync("berta: a key of both", world.Frames, "berta", Keyed("/v1/sessions", world.SessionBody(shared.Request, "thistle", metadata), shared.IdempotencyKey),
            text => text.Contains("Idempotent-Replayed: true", StringComparison.Ordinal) && text.Contains(world.Berta.User, StringComparison.Ordinal));
        await matrix.SaysAsync("berta: a key of both for a film", world.Videos, "berta", Keyed("/v1/videos", world.VideoBody(shared.Request, metadata), shared.IdempotencyKey),
            text => text.Contains("Idempotent-Replayed: true", StringComparison.Ordinal) && text.Contains(world.BertasShared.Video, StringComparison.Ordinal));
    }

    private static IEnumerable<(string Form, Func<Names, string> Write)> Addresses(World world)
    {
        yield return ("her own link", names => names.FrameLink);
        yield return ("her own link without its query", names => names.FrameLink.Split('?')[0]);
        yield return ("her own link with a fragment", names => $"{names.FrameLink}#x");
        yield return ("her own link in capitals", names => names.FrameLink.Replace("http://", "HTTP://", StringComparison.Ordinal));
        yield return ("her film's link", names => names.FilmLink);
        yield return ("a path", names => $"/v1/objects/{names.FrameKey}");
        yield return ("a path of another place", names => $"/anywhere/{names.FrameKey}");
        yield return ("an absolute path", names => $"{world.Frames.Address}/v1/objects/{names.FrameKey}");
        yield return ("an escaped path", names => $"{world.Frames.Address}/v1/objects/{Uri.EscapeDataString(names.FrameKey)}");
        yield return ("the other service's path", names => $"{world.Videos.Address}/v1/objects/{names.FrameKey}");
        yield return ("a proxy's link", names => $"/api/proxy_s3_image?key={Uri.EscapeDataString(names.FrameKey)}&token=x");
        yield return ("an absolute proxy's link", names => $"{world.Frames.Address}/api/proxy_s3_image?key={names.FrameKey}");
        yield return ("a manifest", names => $"/v1/objects/{names.User}/{names.Request}/manifest.json");
        yield return ("a film's record", names => $"/v1/objects/{names.User}/{names.Request}/video-clips/{names.Video}/video.json");
        yield return ("a frame's link", names => $"{world.Frames.Address}/v1/sessions/{names.Request}/frames/1/image");
        yield return ("a frame's link as a path", names => $"/v1/sessions/{names.Request}/frames/1/image?token=x");
        yield return ("a frame's link with a user", names => $"/v1/sessions/{names.Request}/frames/1/image?userId={names.User}");
        yield return ("the bare key", names => names.FrameKey);
        foreach (var root in world.BucketRoots) yield return (root, names => $"{root}{names.FrameKey}");
    }

    /// <summary>Whatever is answered, it is no success, and is the same for what never was.</summary>
    private static async Task SameAsync(Matrix matrix, RunningApp app, string caller, string name, Func<Names, HttpRequestMessage> make, Names target) =>
        await matrix.RefusedAsync($"{caller}: {name}", app, caller, make, target);

    private static HttpRequestMessage Post(string path, object body) => new(HttpMethod.Post, path) { Content = Operation.ContentOf(body) };

    private static HttpRequestMessage Keyed(string path, object body, string key)
    {
        var request = Post(path, body);
        request.Headers.Add("Idempotency-Key", key);
        return request;
    }

    private static HttpRequestMessage Upload(string? folderPath, string? userId) => Post("/api/upload_image_s3", new { imageData = Convert.ToBase64String(Picture), frameId = "1", folderPath, userId });
}
