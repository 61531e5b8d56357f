using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using FrameService;
using FrameVideo.Contracts;
using FrameVideo.Hosting;
using FrameVideo.TestKit;
using Microsoft.AspNetCore.Routing;

namespace FrameVideo.Api.Tests.Hardening;

/// <summary>Requests that are slow, endless, too large or two in one, at the service itself and through the front door.</summary>
public sealed class BrokenRequestTests(DoorAndService pair) : IClassFixture<DoorAndService>
{
    private const string Host = "Host: localhost\r\n";
    private const string Post = "POST /v1/sessions HTTP/1.1\r\n" + Host + "Content-Type: application/json\r\n";

    public static TheoryData<string, string, int, string?> Shapes()
    {
        var shapes = new (string Request, int Status, string? Code)[]
        {
            (Post + "Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}", 400, null),
            (Post + "Content-Length: 2\r\nContent-Length: 20\r\n\r\n{}", 400, null),
            (Post + "Content-Length: 2, 2\r\n\r\n{}", 400, null),
            (Post + "Content-Length: -1\r\n\r\n{}", 400, null),
            (Post + "Content-Length: 0x2\r\n\r\n{}", 400, null),
            (Post + "Content-Length: 99999999999999999999999\r\n\r\n{}", 400, null),
            (Post + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", 400, "invalid-request"),
            (Post + "Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n0\r\n\r\n", 400, "invalid-request"),
            (Post.Replace("1.1", "1.0", StringComparison.Ordinal) + "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", 400, "invalid-request"),
            (Post + "Transfer-Encoding: identity\r\n\r\n{}", 400, null),
            (Post + "Transfer-Encoding: chunked, identity\r\n\r\n2\r\n{}\r\n0\r\n\r\n", 400, null),
            (Post + "Transfer-Encoding: xchunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", 400, null),
            (Post + "Transfer-Encoding : chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", 400, null),
            (Post + "Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n", 400, "invalid-request"),
            (Post + "Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFFF\r\n{}\r\n0\r\n\r\n", 400, "invalid-request"),
            (Post + "Transfer-Encoding: chunked\r\n\r\n2;a\n{}\r\n0\r\n\r\n", 400, "invalid-request"),
            ("GET /v1/sessions HTTP/1.1\r\n" + Host + "X-A: b\r\n c\r\n\r\n", 400, null),
            ("GET /v1/sessions HTTP/1.1\nHost: localhost\n\n", 400, null),
            ("GET /v1/sessions HTTP/1.1\r\nHost: localhost\nX-A: b\r\n\r\n", 400, null),
            ("GET /v1/sessions HTTP/1.1\r\nHost: localhost\rX-A: b\r\n\r\n", 400, null),
            ("GET /v1/sessions HTTP/1.1\r\n" + Host + "X-A: b\0c\r\n\r\n", 400, null),
            ("GET /v1/sessions HTTP/1.1\r\n\r\n", 400, null),
            ("GET /v1/sessions HTTP/1.1\r\n" + Host + Host + "\r\n", 400, null),
            ("GET /v1/sessions\r\n\r\n", 400, null),
            ($"GET /v1/sessions?a={new string('a', 10_000)} HTTP/1.1\r\n{Host}\r\n", 414, "uri-too-long"),
            ($"GET /v1/sessions?a={new string('a', 100_000)} HTTP/1.1\r\n{Host}\r\n", 414, null),
            ($"GET /v1/sessions HTTP/1.1\r\n{Host}{string.Concat(Enumerable.Range(0, 150).Select(i => $"X-{i}: a\r\n"))}\r\n", 431, "headers-too-large"),
            ($"GET /v1/sessions HTTP/1.1\r\n{Host}X-A: {new string('a', 60_000)}\r\n\r\n", 431, "headers-too-large"),
            ($"GET /v1/sessions HTTP/1.1\r\n{Host}{string.Concat(Enumerable.Range(0, 400).Select(i => $"X-{i}: a\r\n"))}\r\n", 431, null),
            ($"GET /v1/sessions?{string.Join('&', Enumerable.Repeat("a=1", 150))} HTTP/1.1\r\n{Host}\r\n", 400, "invalid-request"),
            (Post + "Content-Length: 1073741824\r\n\r\n{", 413, "body-too-large"),
            ("PUT /v1/sessions/req_1_a/frames/1 HTTP/1.1\r\n" + Host + "Content-Length: 1073741824\r\n\r\nx", 413, "image-too-large"),
            ("PATCH /v1/sessions/req_1_a/frames/1 HTTP/1.1\r\n" + Host + "Content-Type: application/json\r\nContent-Length: 300000\r\n\r\n{", 413, "body-too-large"),
            ("DELETE /v1/sessions/req_1_a HTTP/1.1\r\n" + Host + "Content-Length: 2000000\r\n\r\nx", 413, "body-too-large"),
        };
        var data = new TheoryData<string, string, int, string?>();
        foreach (var who in new[] { "service", "door" })
        {
            foreach (var (request, status, code) in shapes) data.Add(who, request, status, code);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task What_two_servers_could_read_in_two_ways_or_is_too_much_is_refused_before_it_is_read(string who, string request, int status, string? code) =>
        Assert.Equal(new RawAnswer(status, code), await RawAnswer.OfAsync(pair.AddressOf(who), request));

    [Fact]
    public void The_front_door_knows_how_much_each_address_takes()
    {
        using var table = JsonDocument.Parse(File.ReadAllText(Repository.Combine("deploy/FrontDoor/routes.json")));
        var routes = table.RootElement.GetProperty("ReverseProxy").GetProperty("Routes").EnumerateObject().Select(route => route.Value).ToList();
        using var data = new TempFolder();
        var app = FrameApp.Build(["--urls=http://127.0.0.1:0", $"--Data:Folder={data.Path}"]);
        var limited = ((IEndpointRouteBuilder)app).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>().Where(endpoint => endpoint.Metadata.GetMetadata<BodyLimitAttribute>() is not null).ToList();
        Assert.True(limited.Count > 4);
        foreach (var endpoint in limited.Where(endpoint => !endpoint.RoutePattern.RawText!.StartsWith("/internal", StringComparison.Ordinal)))
        {
            var (path, method) = (Bare(endpoint.RoutePattern.RawText!), endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods.Single());
            var route = routes.Where(route => Bare(route.GetProperty("Match").GetProperty("Path").GetString()!) == path)
                .OrderBy(route => route.GetProperty("Match").TryGetProperty("Methods", out _) ? 0 : 1)
                .First(route => !route.GetProperty("Match").TryGetProperty("Methods", out var methods) || methods.EnumerateArray().Any(one => one.GetString() == method));
            var limit = endpoint.Metadata.GetMetadata<BodyLimitAttribute>()!;
            Assert.Equal((path, limit.MaxRequestBodySize), (path, route.GetProperty("MaxRequestBodySize").GetInt64()));
            Assert.Equal((path, limit.Carried is not null), (path, route.TryGetProperty("Metadata", out _)));
        }

        static string Bare(string path) => Regex.Replace(path.TrimEnd('/'), "{[^}]+}", "{}");
    }

    [Theory]
    [InlineData("service")]
    [InlineData("door")]
    public async Task Endless_chunks_are_cut_at_the_limit_of_their_address(string who)
    {
        foreach (var (head, code) in new[] { ("PUT /v1/sessions/req_1_a/frames/1 HTTP/1.1\r\n" + Host, "image-too-large"), (Post, "body-too-large") })
        {
            var answer = await RawAnswer.OfAsync(pair.AddressOf(who), async stream =>
            {
                await stream.WriteAsync(Encoding.ASCII.GetBytes(head + "Transfer-Encoding: chunked\r\n\r\n"));
                var chunk = Encoding.ASCII.GetBytes($"10000\r\n{new string(' ', 0x10000)}\r\n");
                while (true) await stream.WriteAsync(chunk);
            });
            Assert.Equal(new RawAnswer(413, code), answer);
        }

        Assert.Empty(pair.Spooled());
        Assert.Empty(pair.Objects());
    }

    [Theory]
    [InlineData("service")]
    [InlineData("door")]
    public async Task Slow_headers_and_slow_bodies_are_cut_and_leave_nothing(string who)
    {
        using var http = Http.Client(pair.AddressOf(who));
        var id = RequestId.New(TimeProvider.System);
        string[] heads =
        [
            $"PUT /v1/sessions/{id}/frames/1 HTTP/1.1\r\n{Host}Content-Length: 100000\r\n\r\n", $"PUT /v1/sessions/{id}/frames/1 HTTP/1.1\r\n{Host}Transfer-Encoding: chunked\r\n\r\n10000\r\n",
            Post + "Content-Length: 100000\r\n\r\n",
        ];
        var bodies = heads.Select(head => RawAnswer.OfAsync(pair.AddressOf(who), stream => TrickleAsync(stream, head, new string(' ', 10_000))));
        var headers = RawAnswer.OfAsync(pair.AddressOf(who), stream => TrickleAsync(stream, "GET /v1/sessions HTTP/1.1\r\nX-A: ", new string('a', 10_000)));
        Assert.All(await Task.WhenAll(bodies), answer => Assert.Equal(new RawAnswer(408, "request-timeout"), answer));
        // Nothing is known of such a request, so there is nothing to say.
        Assert.Equal(new RawAnswer(408, null), await headers);
        await Wait.UntilAsync(() => !pair.Spooled().Any(), "the spooled files to go");
        Assert.Empty(pair.Objects());
        Assert.Equal((404, "session-not-found"), await CodeAsync(http.GetAsync($"/v1/sessions/{id}")));
    }

    [Theory]
    [InlineData("service")]
    [InlineData("door")]
    public async Task An_upload_that_breaks_off_leaves_nothing(string who)
    {
        using var http = Http.Client(pair.AddressOf(who));
        var id = RequestId.New(TimeProvider.System);
        using (var client = await RawAnswer.ConnectAsync(pair.AddressOf(who)))
        {
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"PUT /v1/sessions/{id}/frames/1 HTTP/1.1\r\n{Host}Content-Length: 1000000\r\n\r\n"));
            await client.GetStream().WriteAsync(new byte[500_000]);
            await Wait.UntilAsync(() => Directory.Exists(pair.Data.Combine("data", "spool")), "the upload to begin");
        }

        await Wait.UntilAsync(() => !pair.Spooled().Any(), "the spooled file to go");
        Assert.Empty(pair.Objects());
        Assert.Equal((404, "session-not-found"), await CodeAsync(http.GetAsync($"/v1/sessions/{id}")));
    }

    /// <summary>A byte at a time, far below any line's speed.</summary>
    private static async Task TrickleAsync(Stream stream, string head, string rest)
    {
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head));
        foreach (var one in Encoding.ASCII.GetBytes(rest))
        {
            await stream.WriteAsync(new[] { one });
            await Task.Delay(100);
        }
    }

    private static async Task<(int Status, string Code)> CodeAsync(Task<HttpResponseMessage> sent)
    {
        var (status, code, _) = await sent.RefusalAsync();
        return (status, code);
    }
}
