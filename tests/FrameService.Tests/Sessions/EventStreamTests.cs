using FrameService.Sessions;
using FrameVideo.Contracts;
using FrameVideo.Hosting;
using FrameVideo.Jobs;
using FrameVideo.TestKit;
using FrameVideo.TestKit.Servers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace FrameService.Tests.Sessions;

public abstract class EventStreamTests(RunningFrameService service)
{
    private readonly HttpClient _http = service.Http;

    [ServerFact]
    public async Task Each_event_of_a_generation_comes_once_and_in_order_also_where_the_stream_is_cut_at_every_one()
    {
        var session = await _http.PostAsync("/v1/sessions", new { prompt = "a lighthouse in a storm", frameCount = 4 }).ReadAsync<Session>();
        var ticks = new List<ProgressTick>();
        var whole = FollowAsync(session.Links.Events, ticks);
        var cut = await EventStream.FollowWithCutsAsync(_http, session.Links.Events);
        var log = (await _http.GetAsync<Page<Event>>($"{session.Links.Events}?limit=100")).Items;
        Assert.Equal(["session.story_ready", "session.frame_stored", "session.frame_stored", "session.frame_stored", "session.frame_stored", "session.completed"], log.Select(entry => entry.Type));
        foreach (var seen in new[] { await whole, cut }) Assert.Equal(log.Select(Text), seen.Select(Text));
        Assert.All(ticks, tick => Assert.Equal(session.Id.ToString(), tick.Id));
        Assert.Equal(ticks.Select(tick => tick.Progress).Order(), ticks.Select(tick => tick.Progress));

        // And afterwards from each number on; the header wins over the address, which browsers keep as it is.
        for (var after = 0; after < log.Count; after++)
        {
            using var rest = await EventStream.OpenAsync(_http, $"{session.Links.Events}?after={(after + 3) % log.Count}", after.ToString());
            Assert.Equal(log.Skip(after).Select(Text), (await ToListAsync(rest!)).Select(Text));
        }

        Assert.Null(await EventStream.OpenAsync(_http, $"{session.Links.Events}?after={log.Count}"));
    }

    [ServerFact]
    public async Task A_completed_session_with_an_inline_frame_stays_open_until_it_is_stored()
    {
        var id = RequestId.New(TimeProvider.System);
        await _http.PutPictureAsync(id, 1, Pictures.Png()).ReadAsync<Frame>();
        service.App.StoreIsDown = true;
        try
        {
            Assert.Equal(FrameStatus.Inline, (await _http.PutPictureAsync(id, 2, Pictures.Png(colour: 0xff445566)).ReadAsync<Frame>()).Status);
            var saved = await _http.PostAsync("/v1/sessions", new { requestId = id, frames = new[] { new { number = 1 }, new { number = 2 } } }).ReadAsync<Session>();
            Assert.Equal(SessionStatus.Completed, saved.Status);
            using var stream = await EventStream.OpenAsync(_http, saved.Links.Events, "3");
            service.App.StoreIsDown = false;
            Assert.Equal([(4, "session.frame_stored")], (await ToListAsync(stream!)).Select(entry => ((int)entry.Number, entry.Type)));
            Assert.Null(await EventStream.OpenAsync(_http, saved.Links.Events, "4"));
        }
        finally
        {
            service.App.StoreIsDown = false;
        }
    }

    [ServerFact]
    public async Task A_deleted_session_ends_its_streams_and_is_not_found_again()
    {
        var draft = await DraftAsync();
        using var stream = await EventStream.OpenAsync(_http, draft);
        var seen = new List<string>();
        await foreach (var entry in stream!.ReadAsync())
        {
            seen.Add(entry.Type);
            using var deleted = await _http.DeleteAsync(draft[..^"/events".Length]);
            Assert.True(deleted.IsSuccessStatusCode);
        }

        Assert.Equal(["session.frame_stored"], seen);
        Assert.Equal((404, "session-not-found"), Short(await EventStream.SendAsync(_http, draft, "1").RefusalAsync()));
    }

    [ServerFact]
    public async Task Only_who_asks_for_a_stream_gets_one_and_what_is_no_number_is_refused()
    {
        var draft = await DraftAsync();
        foreach (var (accept, isStream) in new[] { ("*/*", false), ("application/json", false), ("text/html,text/event-stream;q=0.9", true), ("text/event-stream;q=0.1,application/json", false), ("text/event-stream;q=0", false) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, draft);
            request.Headers.TryAddWithoutValidation("Accept", accept);
            using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            Assert.Equal((accept, isStream ? "text/event-stream" : "application/json"), (accept, answer.Content.Headers.ContentType!.MediaType));
            Assert.Contains("Accept", answer.Headers.Vary);
            if (isStream) Assert.Equal(("no-store", "no"), (answer.Headers.CacheControl!.ToString(), answer.Headers.GetValues("X-Accel-Buffering").Single()));
        }

        foreach (var wrong in new[] { "-1", "x", "1.5", "99999999999999999999", "evt_1" })
        {
            Assert.Equal((400, "invalid-request"), Short(await EventStream.SendAsync(_http, draft, wrong).RefusalAsync()));
            Assert.Equal((400, "invalid-request"), Short(await EventStream.SendAsync(_http, $"{draft}?after={wrong}").RefusalAsync()));
            Assert.Equal((400, "invalid-request"), Short(await _http.GetAsync($"{draft}?after={wrong}").RefusalAsync()));
        }

        Assert.Equal((404, "session-not-found"), Short(await EventStream.SendAsync(_http, $"/v1/sessions/{RequestId.New(TimeProvider.System)}/events").RefusalAsync()));
    }

    /// <summary>The client takes nothing while more events come than the reader keeps; the others do not notice, and it reads on from its own number.</summary>
    [ServerFact]
    public async Task A_slow_client_holds_nobody_up_and_misses_nothing()
    {
        var draft = await DraftAsync();
        var key = new ResourceKey(UserId.Parse("local"), draft.Split('/')[^2]);
        var body = new System.IO.Pipelines.Pipe(new System.IO.Pipelines.PipeOptions(pauseWriterThreshold: 1, resumeWriterThreshold: 0, useSynchronizationContext: false));
        using var gone = new CancellationTokenSource();
        var slow = new DefaultHttpContext { RequestServices = service.App.Services, RequestAborted = gone.Token };
        slow.Request.Headers.Accept = "text/event-stream";
        slow.Features.Set<Microsoft.AspNetCore.Http.Features.IHttpResponseBodyFeature>(new StreamResponseBody(body.Writer));
        var result = await service.App.Services.GetRequiredService<EventFeed>().AnswerAsync(slow, key, new EventQuery(null, null, null, null), _ => throw new InvalidOperationException());
        var running = ((IResult)result.Result).ExecuteAsync(slow);

        using var quick = await EventStream.OpenAsync(_http, draft);
        await AppendAsync(key, 200);
        var numbers = new List<long>();
        await foreach (var entry in quick!.ReadAsync())
        {
            numbers.Add(entry.Number);
            if (entry.Number == 201) break;
        }

        Assert.Equal(Enumerable.Range(1, 201).Select(number => (long)number), numbers);
        var lines = new List<string>();
        using var reader = new StreamReader(body.Reader.AsStream());
        while (lines.LastOrDefault() != "id: 201") lines.Add((await reader.ReadLineAsync())!);
        Assert.Equal(Enumerable.Range(1, 201).Select(number => $"id: {number}"), lines.Where(line => line.StartsWith("id:", StringComparison.Ordinal)));
        await gone.CancelAsync();
        await body.Reader.CompleteAsync();
        await running;
    }

    [ServerFact]
    public async Task A_user_has_so_many_streams_each_says_that_it_is_alive_and_all_end_at_once_with_the_service()
    {
        var app = await service.StartAnotherAsync("Events:KeepAlive=00:00:01", "Events:MaxStreamsPerUser=2");
        using var http = app.Client();
        var draft = await DraftAsync();
        using var first = await EventStream.SendAsync(http, draft);
        using (await EventStream.SendAsync(http, draft))
        {
            var refusal = await EventStream.SendAsync(http, draft).RefusalAsync();
            Assert.Equal((429, "too-many-requests"), Short(refusal));
        }

        // A place is free again as soon as the service sees that the client has gone.
        await Wait.UntilAsync(
            async () =>
            {
                using var again = await EventStream.SendAsync(http, draft);
                return again.IsSuccessStatusCode;
            },
            "the place of who has left");
        using var reader = new StreamReader(await first.Content.ReadAsStreamAsync());
        while (await reader.ReadLineAsync() is { } line && line != ":") Assert.NotNull(line);
        var ending = app.DisposeAsync();
        // A drain waits for requests; it would wait long for these.
        while (await reader.ReadLineAsync() is { } line) Assert.NotNull(line);
        await ending;
    }

    protected static string Text(Event entry) => $"{entry.Id} {entry.Number} {entry.Type} {entry.Attempt} {entry.Time:O} {entry.Data}";

    protected static async Task<IReadOnlyList<Event>> ToListAsync(EventStream stream)
    {
        var seen = new List<Event>();
        await foreach (var entry in stream.ReadAsync()) seen.Add(entry);
        return seen;
    }

    /// <summary>A session with one picture and one event, which goes on until somebody saves it; answers its events' address.</summary>
    protected async Task<string> DraftAsync()
    {
        var id = RequestId.New(TimeProvider.System);
        await _http.PutPictureAsync(id, 1, Pictures.Png()).ReadAsync<Frame>();
        return $"/v1/sessions/{id}/events";
    }

    private async Task AppendAsync(ResourceKey key, int count)
    {
        var (database, sessions) = (service.App.Services.GetRequiredService<System.Data.Common.DbDataSource>(), service.App.Services.GetRequiredService<SessionTable>());
        for (var i = 0; i < count; i++)
        {
            await database.WriteAsync(
                async transaction =>
                {
                    var row = (await sessions.LockAsync(transaction, new SessionKey(key.UserId, RequestId.Parse(key.ResourceId))))!;
                    await sessions.SaveAsync(transaction, await sessions.AppendAsync(transaction, row, "session.frame_stored", new { row.RequestId }));
                },
                CancellationToken.None);
        }
    }

    private async Task<IReadOnlyList<Event>> FollowAsync(string path, ICollection<ProgressTick> ticks)
    {
        using var stream = await EventStream.OpenAsync(_http, path);
        var seen = new List<Event>();
        await foreach (var entry in stream!.ReadAsync(ticks)) seen.Add(entry);
        return seen;
    }

    private static (int Status, string Code) Short((int Status, string Code, System.Text.Json.JsonElement Problem) refusal) => (refusal.Status, refusal.Code);

    /// <summary>A connection whose other end takes nothing until the test reads.</summary>
    private sealed class StreamResponseBody(System.IO.Pipelines.PipeWriter writer) : Microsoft.AspNetCore.Http.Features.IHttpResponseBodyFeature
    {
        public Stream Stream => writer.AsStream();

        public System.IO.Pipelines.PipeWriter Writer => writer;

        public void DisableBuffering()
        {
        }

        public Task StartAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;

        public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public Task CompleteAsync() => Task.CompletedTask;
    }
}

public sealed class EventStreamsOnSqlite(RunningFrameService service) : EventStreamTests(service), IClassFixture<RunningFrameService>;

[Needs(TestServers.Postgres)]
public sealed class EventStreamsOnPostgres(FrameServiceOnPostgres service) : EventStreamTests(service), IClassFixture<FrameServiceOnPostgres>
{
    [ServerFact]
    public async Task What_another_instance_writes_comes_too_in_order_and_once()
    {
        var draft = await DraftAsync();
        var id = RequestId.Parse(draft.Split('/')[^2]);
        await using var other = await service.StartAnotherAsync();
        using var elsewhere = other.Client();
        using var stream = await EventStream.OpenAsync(elsewhere, draft, "1");
        // Both instances write, and the stream is at one of them.
        var writing = Task.WhenAll(Enumerable.Range(2, 12).Select(number => (number % 3 == 0 ? elsewhere : service.Http).PutPictureAsync(id, number, Pictures.Png()).ReadAsync<Frame>()));
        var seen = new List<Event>();
        await foreach (var entry in stream!.ReadAsync())
        {
            seen.Add(entry);
            if (seen.Count == 12) break;
        }

        await writing;
        Assert.Equal(Enumerable.Range(2, 12).Select(number => (long)number), seen.Select(entry => entry.Number));
        Assert.Equal(Enumerable.Range(2, 12), seen.Select(entry => entry.Data.GetProperty("frame").GetInt32()).Order());
    }
}
