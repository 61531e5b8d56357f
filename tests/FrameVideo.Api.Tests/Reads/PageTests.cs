using System.Net;
using System.Text.Json;
using FrameVideo.Contracts;
using FrameVideo.TestKit;

namespace FrameVideo.Api.Tests.Reads;

/// <summary>Every list comes in pages, by the same rules.</summary>
[Collection(nameof(ReadablePair))]
public sealed class PageTests(ReadablePair pair)
{
    [Fact]
    public async Task Every_list_has_bounds_and_refuses_cursors_that_it_did_not_give()
    {
        await pair.DraftAsync();
        var lists = (await Documented.OperationsAsync(pair)).Where(operation => operation.Method == "GET" && operation.Parameters.Contains("cursor")).ToList();
        Assert.Equal(
            ["/v1/sessions", "/v1/sessions/{requestId}/deliveries", "/v1/sessions/{requestId}/events", "/v1/videos", "/v1/videos/{videoId}/deliveries", "/v1/videos/{videoId}/events"],
            lists.Select(list => list.Template).Order(StringComparer.Ordinal));
        var cursors = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var list in lists)
        {
            foreach (var limit in new[] { "0", "101", "-1" }) Assert.Equal((422, "validation-failed"), await CodeAsync(list, $"?limit={limit}"));
            Assert.Equal((400, "invalid-request"), await CodeAsync(list, "?limit=many"));
            foreach (var cursor in new[] { "AAAA", "%25%25", "MQ", "1", new string('A', 5000) }) Assert.Equal((400, "invalid-cursor"), await CodeAsync(list, $"?cursor={cursor}"));
            var all = await PageAsync(list, "?limit=100");
            Assert.Equal(JsonValueKind.Null, all.GetProperty("nextCursor").ValueKind);
            if (all.GetProperty("items").GetArrayLength() > 1) cursors[list.Template] = (await PageAsync(list, "?limit=1")).GetProperty("nextCursor").GetString()!;
        }

        Assert.InRange(cursors.Count, 4, 6);
        foreach (var list in lists)
        {
            foreach (var (_, cursor) in cursors.Where(given => KindOf(given.Key) != KindOf(list.Template))) Assert.Equal((400, "invalid-cursor"), await CodeAsync(list, $"?cursor={cursor}"));
        }
    }

    [Fact]
    public async Task Whatever_is_added_meanwhile_nothing_is_seen_twice_and_nothing_is_missed()
    {
        using var http = pair.Frames.Client("pager");
        var known = new List<RequestId>();
        for (var i = 0; i < 5; i++) known.Add(await pair.DraftAsync("pager"));
        var (seen, cursor) = (new List<RequestId>(), "");
        do
        {
            var page = await http.GetAsync<Page<Session>>($"/v1/sessions?limit=2{cursor}");
            seen.AddRange(page.Items.Select(session => session.RequestId));
            cursor = page.NextCursor is null ? null : $"&cursor={page.NextCursor}";
            await pair.DraftAsync("pager");
        }
        while (cursor is not null);

        Assert.Equal(known.AsEnumerable().Reverse(), seen);
    }

    [Fact]
    public async Task A_cursor_of_somebody_else_leads_into_ones_own_list()
    {
        for (var i = 0; i < 2; i++) await pair.DraftAsync("one");
        var own = await pair.DraftAsync("other");
        var cursor = (await pair.Frames.Client("one").GetAsync<Page<Session>>("/v1/sessions?limit=1")).NextCursor;
        var page = await pair.Frames.Client("other").GetAsync<Page<Session>>($"/v1/sessions?cursor={cursor}");
        Assert.All(page.Items, session => Assert.Equal(own, session.RequestId));
    }

    private static string KindOf(string template) => template[(template.LastIndexOf('/') + 1)..];

    private static async Task<(int, string)> CodeAsync(Operation list, string query)
    {
        var (status, code, _) = await Operation.SendAsync(list.App.Address, "GET", list.Path + query).RefusalAsync();
        return (status, code);
    }

    private static async Task<JsonElement> PageAsync(Operation list, string query)
    {
        using var answer = await Operation.SendAsync(list.App.Address, "GET", list.Path + query);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
    }
}
