using System.Globalization;
using System.Text;
using FrameVideo.TestKit;

namespace FrameVideo.Api.Tests.Fuzz;

/// <summary>One request, byte for byte.</summary>
/// <param name="Service">Whom it is sent to.</param>
/// <param name="Bytes">What is sent.</param>
/// <param name="Operation">What it wants to be; null for an address of its own.</param>
/// <param name="IsBroken">Whether it is no HTTP, so that the connection may end without a word of the service's own.</param>
/// <param name="HangsUp">Whether less is sent than was promised, and then nothing more.</param>
internal sealed record Case(int Service, byte[] Bytes, DocumentedOperation? Operation, bool IsBroken, bool HangsUp)
{
    public string Target => Encoding.Latin1.GetString(Bytes, 0, Math.Min(Bytes.Length, 4096)).Split('\n')[0].Trim();

    public bool IsHead => Bytes.AsSpan().StartsWith("HEAD "u8);
}

/// <summary>Makes requests of operations: paths, queries, headers and bodies, good and bad, in any mixture.</summary>
internal sealed class Cases(IReadOnlyList<ApiDocument> documents, Pool pool, IReadOnlyList<string> keys)
{
    private static readonly string[] Methods = ["GET", "PUT", "POST", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "PROPFIND", "get", "X", "CONNECT"];

    private static readonly string[] Paths =
    [
        "/", "//", "/v1", "/v1/", "/v1/sessions/", "/v1//sessions", "/v1/sessions/../../etc/passwd", "/v1/sessions/%2e%2e/%2e%2e", "/v1/sessions/%00", "/v1/sessions/%2f", "/v1/sessions/%252e", "/v1/sessions/%", "/v1/sessions/%zz", "/v1/sessions/%c0%af",
        "/v1/sessions/%ff", "/v1/sessions;a=b", "/V1/SESSIONS", "/v1/sessions/req_1_a;x=1", "/v1/objects/", "/v1/objects/%2e%2e/%2e%2e/keys.json", "/v1/objects/../../keys.json", "/v1/objects/anna/req_1_a/manifest.json", "/v1/objects//etc/passwd", "/internal/deletions", "/internal/deletions?after=-1",
        "/internal/revisions", "/api/proxy_s3_image", "/api/proxy_s3_image?key=../../keys.json&token=x", "/api/proxy_s3_video?key=%00", "/api/get_frames", "/api/nothing", "/swagger", "/swagger/../x", "/swagger/index.html", "/openapi/v1.json", "/openapi/v2.json", "/openapi/../v1.json", "/health", "/health/live", "/health/ready",
        "/.env", "/appsettings.json", "/v1/users/%2e%2e/data", "/v1/users/anna/data/", "/v1/users//data", "/favicon.ico", "/robots.txt", "/v1/tokens", "*", "http://example.org/v1/sessions", "v1/sessions", "/v1/sessions?", "/v1/sessions??", "/v1/sessions#x", "/v1/sessions?limit=1&limit=2",
    ];

    private static readonly (string Name, string Value)[] OddHeaders =
    [
        ("Range", "bytes=0-"), ("Range", "bytes=-1"), ("Range", "bytes=9999999-"), ("Range", "bytes=5-1"), ("Range", "bytes=0-0,2-3"), ("Range", "bytes=99999999999999999999-"), ("Range", "lines=1-2"), ("If-Range", "\"x\""), ("If-Range", "yesterday"),
        ("If-None-Match", "*"), ("If-None-Match", "\"1\""), ("If-None-Match", "W/\"1\", \"2\""), ("If-None-Match", "1"), ("If-None-Match", "\""), ("If-Match", "*"), ("If-Match", "\"1\""), ("If-Match", "x"), ("If-Match", "\"99999999999999999999\""), ("If-Modified-Since", "never"),
        ("If-Unmodified-Since", "Thu, 01 Jan 1970 00:00:00 GMT"), ("Accept", "text/event-stream"), ("Accept", "application/json"), ("Accept", "text/html"), ("Accept", ";;;"), ("Accept", "*/*;q=9"), ("Accept", "application/json;q=nan, text/event-stream;q=2"), ("Accept-Encoding", "gzip, br"), ("Accept-Encoding", "identity;q=0"),
        ("Accept-Charset", "utf-7"), ("Accept-Language", "xx"), ("Idempotency-Key", "one"), ("Idempotency-Key", "two"), ("Idempotency-Key", ""), ("Idempotency-Key", "a b"), ("Idempotency-Key", "\u00e9"), ("Last-Event-ID", "0"), ("Last-Event-ID", "1"), ("Last-Event-ID", "-1"), ("Last-Event-ID", "99999999999999999999"),
        ("Last-Event-ID", "x"), ("X-User-Id", "anna"), ("X-User-Id", "berta"), ("X-User-Id", ".."), ("X-User-Id", "\u00ff\u00fe"), ("X-User-Id", ""), ("X-API-Key", "fv_x"), ("X-Request-Id", "req_1_a"), ("X-Request-Id", "\u001b[31m"), ("X-Correlation-Id", "\u001b[31mcanary"), ("X-Correlation-Id", "a"),
        ("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"), ("traceparent", "00-00000000000000000000000000000000-0000000000000000-00"), ("traceparent", "ff-x"), ("tracestate", "a=b,,=,c"), ("baggage", "a=\u202ecanary"), ("Content-Encoding", "gzip"), ("Content-Encoding", "x"), ("Expect", "100-continue"),
        ("Expect", "200-ok"), ("Origin", "https://evil.example"), ("Origin", "null"), ("Access-Control-Request-Method", "PUT"), ("Cookie", "a=b; ;;=\u0001"), ("Forwarded", "for=127.0.0.1;host=evil"), ("X-Forwarded-For", "127.0.0.1"), ("X-Forwarded-Host", "evil.example"), ("X-Forwarded-Proto", "gopher"), ("X-Original-URL", "/internal/deletions"),
        ("X-HTTP-Method-Override", "DELETE"), ("Upgrade", "h2c"), ("Upgrade", "websocket"), ("Connection", "Upgrade"), ("Connection", "keep-alive, Authorization"), ("Via", "1.1 x"), ("Max-Forwards", "0"), ("TE", "trailers"), ("Prefer", "respond-async"), ("Content-MD5", "x"), ("Digest", "sha-256=x"), ("Date", "x"), ("User-Agent", "\u001b]0;canary\u0007"),
    ];

    private static readonly string[] ContentTypes =
    [
        "application/json", "application/json; charset=utf-8", "application/json; charset=utf-16", "application/json; charset=utf-7", "application/json; charset=\"x\"", "application/json; charset=", "application/json;;;", "APPLICATION/JSON", "application/problem+json", "application/merge-patch+json", "text/plain", "text/json", "", "x", "/",
        "image/png", "image/jpeg", "image/svg+xml", "multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=\"b\"", "multipart/form-data; boundary=b; boundary=c", "multipart/mixed; boundary=b", "application/x-www-form-urlencoded", "application/octet-stream", "application/json, text/plain", "application/json; charset=iso-8859-1",
        "application/json; charset=us-ascii", "application/json; charset=utf-32",
    ];

    private readonly DocumentedOperation[] _operations = [.. documents.SelectMany(document => document.Operations)];

    public int OperationCount => _operations.Length;

    public Case Make(Random random)
    {
        var operation = _operations[random.Next(_operations.Length)];
        var (method, path, known) = (operation.Method, operation.Path, (DocumentedOperation?)operation);
        if (random.Next(3) == 0) return Tame(random, operation);
        if (random.Next(20) == 0) (path, known) = (Paths[random.Next(Paths.Length)], null);
        if (random.Next(30) == 0) (method, known) = (Methods[random.Next(Methods.Length)], null);
        var isClean = true;
        foreach (var (name, place, _) in operation.Parameters.Where(parameter => parameter.In == "path")) path = path.Replace($"{{{name}}}", PathValue(random, name, ref isClean), StringComparison.Ordinal);
        if (!isClean) known = null;
        path += Query(random, operation);

        var headers = new List<(string, string)> { ("Host", "127.0.0.1") };
        Authorize(random, headers);
        foreach (var (name, place, schema) in operation.Parameters.Where(parameter => parameter.In == "header"))
        {
            if (random.Next(3) == 0) headers.Add((name, Line(new Values(documents[operation.Service], pool, isTame: false).Of(random, schema, name)?.ToString() ?? "")));
        }

        while (random.Next(4) == 0) headers.Add(OddHeaders[random.Next(OddHeaders.Length)]);
        var (type, body) = Body(random, operation);
        if (random.Next(15) == 0) type = ContentTypes[random.Next(ContentTypes.Length)];
        if (type is not null && random.Next(30) > 0) headers.Add(("Content-Type", type));
        return Write(random, operation.Service, method, path, headers, body, known);
    }

    /// <summary>As a well-behaved client asks: what comes after the first checks is only reached by such.</summary>
    private Case Tame(Random random, DocumentedOperation operation)
    {
        var (path, isClean) = (operation.Path, true);
        foreach (var (name, _, _) in operation.Parameters.Where(parameter => parameter.In == "path"))
        {
            var value = name == "number" ? random.Next(1, 3).ToString(CultureInfo.InvariantCulture) : PathValue(random, name, ref isClean);
            path = path.Replace($"{{{name}}}", value, StringComparison.Ordinal);
        }

        var values = new Values(documents[operation.Service], pool, isTame: true);
        var query = operation.Parameters.Where(parameter => parameter.In == "query" && parameter.Name != "token" && random.Next(4) == 0).Select(parameter => $"{parameter.Name}={Uri.EscapeDataString(values.Of(random, parameter.Schema, parameter.Name)?.ToString() ?? "")}").ToList();
        if (query.Count > 0) path += "?" + string.Join('&', query);
        var head = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{operation.Method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {keys[random.Next(8) == 0 ? 2 : 0]}\r\nConnection: close\r\n");
        var (type, body) = operation.Bodies.Count == 0 ? ("", []) : TameBody(random, operation, values);
        if (type.Length > 0) head.Append(CultureInfo.InvariantCulture, $"Content-Type: {type}\r\n");
        head.Append(CultureInfo.InvariantCulture, $"Content-Length: {body.Length}\r\n\r\n");
        return new Case(operation.Service, [.. Encoding.Latin1.GetBytes(head.ToString()), .. body], isClean ? operation : null, IsBroken: IsBrokenPath(path), HangsUp: false);
    }

    private (string Type, byte[] Body) TameBody(Random random, DocumentedOperation operation, Values values)
    {
        var (type, schema) = operation.Bodies.ElementAt(random.Next(operation.Bodies.Count));
        if (type.StartsWith("image/", StringComparison.Ordinal)) return (type, Pictures.Png());
        if (type == "multipart/form-data") return Forms.Make(random, pool);
        return (type, Encoding.UTF8.GetBytes(values.Of(random, schema)?.ToJsonString() ?? "null"));
    }

    private string PathValue(Random random, string name, ref bool isClean)
    {
        if (random.Next(10) == 0)
        {
            isClean = false;
            var text = Odd.Texts[random.Next(Odd.Texts.Length)];
            return random.Next(3) == 0 ? Line(text).Replace(' ', '+') : Uri.EscapeDataString(text.Length > 3000 ? text[..3000] : text);
        }

        return name switch
        {
            "requestId" => pool.Request(random),
            "videoId" => pool.Video(random),
            "userId" => random.Next(4) == 0 ? "carla" : "nobody",
            "deliveryId" => pool.Event(random),
            "name" => "song.mp3",
            "number" => (random.Next(8) switch { 0 => 0, 1 => 1001, 2 => -1, 3 => 1000, _ => random.Next(1, 4) }).ToString(CultureInfo.InvariantCulture),
            _ => pool.Link(random) is var link && link.Contains("/v1/objects/", StringComparison.Ordinal) ? link.Split("/v1/objects/")[1].Split('?')[0] : "a/req_1_a/manifest.json",
        };
    }

    private string Query(Random random, DocumentedOperation operation)
    {
        var parts = new List<string>();
        foreach (var (name, place, schema) in operation.Parameters.Where(parameter => parameter.In == "query"))
        {
            if (random.Next(2) == 0) continue;
            var value = name == "token" && random.Next(3) > 0 && pool.Link(random) is var link && link.Contains("token=", StringComparison.Ordinal) ? link.Split("token=")[1] : Uri.EscapeDataString(Short(new Values(documents[operation.Service], pool, isTame: false).Of(random, schema, name)?.ToString() ?? ""));
            parts.Add($"{name}={value}");
            if (random.Next(12) == 0) parts.Add($"{name}={value}");
        }

        while (random.Next(10) == 0) parts.Add(random.Next(6) switch { 0 => "userId=anna", 1 => "token=x", 2 => "=", 3 => "%", 4 => $"limit={long.MaxValue}", _ => Uri.EscapeDataString(Short(Odd.Texts[random.Next(Odd.Texts.Length)])) });
        return parts.Count == 0 ? "" : "?" + string.Join('&', parts);
    }

    private void Authorize(Random random, List<(string, string)> headers)
    {
        switch (random.Next(24))
        {
            case 0: return;
            case 1: headers.Add(("Authorization", random.Next(5) switch { 0 => "Basic YTpi", 1 => "Bearer", 2 => "Bearer x", 3 => "Bearer eyJhbGciOiJub25lIn0.e30.", _ => "\u00ff" })); return;
            case 2: headers.Add(("X-API-Key", keys[random.Next(keys.Count)])); return;
            case 3: headers.AddRange([("X-API-Key", keys[0]), ("Authorization", $"Bearer {keys[^1]}")]); return;
            default: headers.Add(("Authorization", $"Bearer {keys[random.Next(3) == 0 ? random.Next(keys.Count) : 0]}")); return;
        }
    }

    private (string? Type, byte[]? Body) Body(Random random, DocumentedOperation operation)
    {
        if (operation.Bodies.Count == 0) return random.Next(20) == 0 ? ("application/json", "{}"u8.ToArray()) : (null, null);
        var (type, schema) = operation.Bodies.ElementAt(random.Next(operation.Bodies.Count));
        if (operation.Path.EndsWith("upload_image_s3", StringComparison.Ordinal) && random.Next(2) == 0)
        {
            var text = $$"""{"imageData":"{{Convert.ToBase64String(Odd.Picture(random))}}","frameId":{{random.Next(4)}},"isUserUpload":{{(random.Next(2) == 0 ? "true" : "false")}},"folderPath":"anna/{{pool.Request(random)}}/user-uploads"}""";
            return ("application/json", random.Next(3) == 0 ? Odd.Json(random, Encoding.UTF8.GetBytes(text)) : Encoding.UTF8.GetBytes(text));
        }

        if (type.StartsWith("image/", StringComparison.Ordinal)) return (type, Odd.Picture(random));
        if (type == "multipart/form-data") return Forms.Make(random, pool);
        if (type != "application/json") return (type, Odd.Noise(random, 100));
        var valid = Encoding.UTF8.GetBytes(new Values(documents[operation.Service], pool, isTame: false).Of(random, schema)?.ToJsonString() ?? "null");
        return (type, random.Next(3) == 0 ? Odd.Json(random, valid) : valid);
    }

    private static Case Write(Random random, int service, string method, string path, List<(string, string)> headers, byte[]? body, DocumentedOperation? operation)
    {
        var isBroken = method is "CONNECT" or "TRACE" or "get" || IsBrokenPath(path);
        var isChunked = body is not null && random.Next(6) == 0;
        var (breakage, head) = (random.Next(150), new StringBuilder());
        var version = breakage == 0 ? random.Next(4) switch { 0 => "HTTP/1.0", 1 => "HTTP/2.0", 2 => "HTTP/9.9", _ => "" } : "HTTP/1.1";
        head.Append(method).Append(' ').Append(path).Append(' ').Append(version).Append("\r\n");
        foreach (var (name, value) in headers) head.Append(name).Append(": ").Append(value).Append("\r\n");
        if (isChunked) head.Append("Transfer-Encoding: chunked\r\n");
        else if (body is not null) head.Append(CultureInfo.InvariantCulture, $"Content-Length: {body.Length}\r\n");
        else if (method is "POST" or "PUT" or "PATCH" && random.Next(3) > 0) head.Append("Content-Length: 0\r\n");
        var extra = breakage switch
        {
            1 => "Content-Length: 5\r\n",
            2 => "Content-Length: -1\r\n",
            3 => "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n",
            4 => "Transfer-Encoding: identity, chunked\r\n",
            5 => " folded: x\r\n",
            6 => "No colon\r\n",
            7 => "Nul: \0\r\n",
            8 => $"Big: {new string('x', 40_000)}\r\n",
            9 => string.Concat(Enumerable.Range(0, 150).Select(i => $"H{i}: x\r\n")),
            10 => "Host: other\r\n",
            11 => "Bad Name: x\r\n",
            12 => "X: \r\r\n",
            _ => null,
        };
        head.Append(extra).Append("Connection: close\r\n\r\n");
        isBroken |= extra is not null || version != "HTTP/1.1" || headers.Any(header => header.Item2.Any(c => c is < ' ' or > '~') || header.Item1 == "Expect");
        // The server waits for what was promised, until it is too slow.
        var hangsUp = breakage is 3 or 4;
        var bytes = new List<byte>(Encoding.Latin1.GetBytes(head.ToString()));
        var sent = body ?? [];
        if (random.Next(40) == 0)
        {
            // It breaks off, or goes on for longer than it said.
            sent = random.Next(2) == 0 ? sent[..(sent.Length / 2)] : [.. sent, .. Odd.Noise(random, 20)];
            isBroken = hangsUp = true;
        }

        if (!isChunked) bytes.AddRange(sent);
        else
        {
            for (var at = 0; at < sent.Length;)
            {
                var size = Math.Min(sent.Length - at, 1 + random.Next(2000));
                bytes.AddRange(Encoding.ASCII.GetBytes($"{size:x}\r\n"));
                bytes.AddRange(sent.AsSpan(at, size));
                bytes.AddRange("\r\n"u8);
                at += size;
            }

            bytes.AddRange("0\r\n\r\n"u8);
        }

        return new Case(service, [.. bytes], operation, isBroken, hangsUp);
    }

    private static bool IsBrokenPath(string path) => path.Length > 6000 || path.Any(c => c is <= ' ' or > '~') || !path.StartsWith('/') || path.Contains("%00", StringComparison.Ordinal);

    private static string Line(string text) => new([.. Short(text).Where(c => c is >= ' ' and <= '\xff' and not '\x7f')]);

    private static string Short(string text) => text.Length > 500 ? text[..500] : text;
}
