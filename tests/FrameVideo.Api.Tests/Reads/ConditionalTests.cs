using System.Net;
using FrameVideo.Contracts;
using FrameVideo.TestKit;

namespace FrameVideo.Api.Tests.Reads;

/// <summary>Conditions on everything that is read and changed, as the documents list it.</summary>
[Collection(nameof(ReadablePair))]
public sealed class ConditionalTests(ReadablePair pair)
{
    private const string Stale = "W/\"999999-0\"";

    /// <summary>Changes that no revision guards: what is made new, what is done to many at once, a delivery that is sent again.</summary>
    private static readonly string[] Unguarded =
        ["POST /v1/sessions", "POST /v1/sessions/plan", "POST /v1/videos", "POST /v1/videos/plan", "DELETE /v1/videos", "DELETE /v1/users/{userId}/data", "POST /v1/sessions/{requestId}/deliveries/{deliveryId}/redeliver", "POST /v1/videos/{videoId}/deliveries/{deliveryId}/redeliver", "POST /v1/tokens",
        // Named by its bytes: another sound is another object, and none is ever replaced.
        "PUT /v1/sessions/{requestId}/uploads/{name}"];

    [Fact]
    public async Task Every_GET_has_an_ETag_answers_304_to_it_and_takes_HEAD()
    {
        await pair.SettleAsync();
        var reads = (await Documented.OperationsAsync(pair)).Where(operation => operation.Method == "GET").ToList();
        Assert.InRange(reads.Count, 16, 100);
        foreach (var read in reads)
        {
            using var whole = await read.SendAsync();
            if (whole.StatusCode == HttpStatusCode.Found)
            {
                // To the bytes of an object, which are looked at where they are; who asks for JSON gets the link.
                await HoldAsync(read, whole, ("Accept", "application/json"));
                continue;
            }

            await HoldAsync(read, whole);
        }
    }

    [Fact]
    public async Task What_is_changed_has_another_ETag()
    {
        await pair.SettleAsync();
        var operations = await Documented.OperationsAsync(pair);
        var reads = operations.Where(operation => operation.Method == "GET" && !operation.Template.StartsWith("/v1/objects/", StringComparison.Ordinal)).ToList();
        var before = await TagsAsync(reads);
        using (var put = await pair.Frames.Client().PutPictureAsync(pair.Session.RequestId, 1, Pictures.Png(colour: (uint)Random.Shared.Next()))) Assert.Equal(HttpStatusCode.OK, put.StatusCode);
        foreach (var redeliver in operations.Where(operation => operation.Template.EndsWith("/redeliver", StringComparison.Ordinal))) Assert.True((await redeliver.SendAsync()).IsSuccessStatusCode, redeliver.ToString());
        foreach (var erase in operations.Where(operation => operation.ToString() == "DELETE /v1/users/{userId}/data")) Assert.True((await erase.SendAsync()).IsSuccessStatusCode, erase.ToString());
        await pair.SettleAsync();
        var after = await TagsAsync(reads);
        // A film is the same, and its log, whatever becomes of the session.
        Assert.Equal(
            ["GET /v1/videos/{videoId}/content", "GET /v1/videos/{videoId}/events", "GET /v1/videos/{videoId}/playlist.m3u8"],
            reads.Where((_, i) => before[i] == after[i]).Select(read => read.ToString()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_change_of_one_resource_refuses_an_ETag_that_holds_no_more_and_changes_nothing()
    {
        await pair.SettleAsync();
        var operations = await Documented.OperationsAsync(pair);
        var reads = operations.Where(operation => operation.Method == "GET" && operation.Template is "/v1/sessions/{requestId}" or "/v1/videos/{videoId}").ToList();
        var before = await TagsAsync(reads);
        var changes = operations.Where(operation => operation.Method != "GET" && !Unguarded.Contains(operation.ToString(), StringComparer.Ordinal)).ToList();
        foreach (var change in changes)
        {
            Assert.True(change.Parameters.Contains("If-Match"), $"{change} does not say that it takes If-Match.");
            foreach (var given in new[] { Stale, "\"999999\"", "no tag at all" })
            {
                var (status, code, _) = await change.SendAsync(("If-Match", given)).RefusalAsync();
                Assert.True((status, code) == (412, "precondition-failed"), $"{change} answers {status} {code} to If-Match: {given}");
            }
        }

        Assert.Equal(before, await TagsAsync(reads));
        Assert.InRange(changes.Count, 10, 100);
    }

    [Fact]
    public async Task A_change_answers_with_the_ETag_that_the_next_one_may_name()
    {
        var id = RequestId.New(TimeProvider.System);
        using var http = pair.Frames.Client();
        var path = $"/v1/sessions/{id}/frames/1";
        using var first = await Operation.SendAsync(pair.Frames.Address, "PUT", path, ("If-None-Match", "*"));
        using var second = await Operation.SendAsync(pair.Frames.Address, "PATCH", path, ("If-Match", TagOf(first)));
        using var third = await Operation.SendAsync(pair.Frames.Address, "PUT", path, ("If-Match", $"\"1-0\", {TagOf(second)}"));
        Assert.Equal([HttpStatusCode.Created, HttpStatusCode.OK, HttpStatusCode.OK], new[] { first, second, third }.Select(answer => answer.StatusCode));
        using var read = await http.GetAsync(path);
        Assert.Equal(TagOf(read), TagOf(third));
        Assert.NotEqual(TagOf(second), TagOf(third));

        var refused = await Operation.SendAsync(pair.Frames.Address, "PUT", path, ("If-None-Match", "*")).RefusalAsync();
        Assert.Equal((412, "precondition-failed"), (refused.Status, refused.Code));
        var unknown = await Operation.SendAsync(pair.Frames.Address, "PUT", $"/v1/sessions/{id}/frames/2", ("If-Match", "*")).RefusalAsync();
        Assert.Equal((412, "precondition-failed"), (unknown.Status, unknown.Code));

        using var session = await http.GetAsync($"/v1/sessions/{id}");
        using var deleted = await Operation.SendAsync(pair.Frames.Address, "DELETE", $"/v1/sessions/{id}", ("If-Match", TagOf(session)));
        Assert.Equal(HttpStatusCode.OK, deleted.StatusCode);
        Assert.Equal("no-store", deleted.Headers.CacheControl!.ToString());
    }

    [Fact]
    public async Task Of_two_who_change_the_same_revision_one_is_refused()
    {
        var id = await pair.DraftAsync();
        using var read = await pair.Frames.Client().GetAsync($"/v1/sessions/{id}/frames/1");
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => Operation.SendAsync(pair.Frames.Address, i % 2 == 0 ? "PATCH" : "PUT", $"/v1/sessions/{id}/frames/1", ("If-Match", TagOf(read)))));
        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.OK);
        Assert.Equal(5, answers.Count(answer => answer.StatusCode == HttpStatusCode.PreconditionFailed));
    }

    [Fact]
    public async Task A_film_says_that_it_has_no_captions_and_gives_its_other_parts()
    {
        using var http = pair.Videos.Client();
        var content = $"/v1/videos/{pair.Film.Id}/content";
        foreach (var variant in new[] { "", "?variant=film", "?variant=poster", "?variant=hls", "?variant=clip&clip=2" })
        {
            using var answer = await http.GetAsync(content + variant);
            Assert.Equal(HttpStatusCode.Found, answer.StatusCode);
            using var linked = await Operation.SendAsync(pair.Videos.Address, "GET", content + variant, ("Accept", "application/json"));
            var link = await Task.FromResult(linked).ReadAsync<Link>();
            Assert.Equal(answer.Headers.Location!.OriginalString, link.Url);
        }

        Assert.Equal((404, "captions-not-found"), await CodeAsync("?variant=captions"));
        Assert.Equal((404, "object-not-found"), await CodeAsync("?variant=clip&clip=9"));
        Assert.Equal((422, "validation-failed"), await CodeAsync("?variant=clip"));
        Assert.Equal((422, "validation-failed"), await CodeAsync("?variant=trailer"));

        async Task<(int, string)> CodeAsync(string query)
        {
            var (status, code, _) = await http.GetAsync(content + query).RefusalAsync();
            return (status, code);
        }
    }

    private static string TagOf(HttpResponseMessage answer) => answer.Headers.ETag?.ToString() ?? throw new InvalidDataException($"{answer.RequestMessage!.Method} {answer.RequestMessage.RequestUri} answers {(int)answer.StatusCode} without an ETag.");

    private static async Task<string[]> TagsAsync(IEnumerable<Operation> reads)
    {
        var tags = new List<string>();
        foreach (var read in reads)
        {
            using var answer = await read.SendAsync(("Accept", "application/json"));
            tags.Add(TagOf(answer));
        }

        return [.. tags];
    }

    private static async Task HoldAsync(Operation read, HttpResponseMessage first, params (string Name, string Value)[] headers)
    {
        using var whole = headers.Length == 0 ? null : await read.SendAsync(headers);
        var answer = whole ?? first;
        Assert.True(answer.IsSuccessStatusCode, $"{read} answers {(int)answer.StatusCode}");
        var tag = TagOf(answer);
        Assert.True(answer.Headers.CacheControl is { Private: true, NoStore: false }, $"{read} may be kept by everybody, or by nobody: {answer.Headers.CacheControl}");

        foreach (var condition in new[] { tag, $"\"other\", {tag}", "*" })
        {
            foreach (var method in new[] { "GET", "HEAD" })
            {
                using var current = await Operation.SendAsync(read.App.Address, method, read.Path, [.. headers, ("If-None-Match", condition)]);
                Assert.True(current.StatusCode == HttpStatusCode.NotModified, $"{method} {read.Template} answers {(int)current.StatusCode} to If-None-Match: {condition}");
                Assert.Empty(await current.Content.ReadAsByteArrayAsync());
                Assert.Equal((tag, answer.Headers.CacheControl.ToString(), string.Join(',', answer.Headers.Vary)), (TagOf(current), current.Headers.CacheControl!.ToString(), string.Join(',', current.Headers.Vary)));
            }
        }

        using var other = await Operation.SendAsync(read.App.Address, "GET", read.Path, [.. headers, ("If-None-Match", Stale)]);
        Assert.True(other.IsSuccessStatusCode, $"{read} answers {(int)other.StatusCode} to the ETag of something else");
        using var head = await Operation.SendAsync(read.App.Address, "HEAD", read.Path, headers);
        Assert.Equal((answer.StatusCode, tag, answer.Content.Headers.ContentType?.ToString()), (head.StatusCode, TagOf(head), head.Content.Headers.ContentType?.ToString()));
        Assert.Empty(await head.Content.ReadAsByteArrayAsync());
    }
}
