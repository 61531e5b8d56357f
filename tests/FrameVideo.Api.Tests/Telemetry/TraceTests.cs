using FrameVideo.TestKit.Servers;
using FrameVideo.TestKit.Telemetry;

namespace FrameVideo.Api.Tests.Telemetry;

/// <summary>One trace from the client to the store and the rows, and nothing in it that is nobody's business.</summary>
[Needs(TestServers.Postgres | TestServers.S3)]
[Collection(Traced.Name)]
public sealed class TraceTests(TracedPair pair)
{
    [ServerFact]
    public async Task An_upload_is_one_trace_from_the_client_through_the_front_door_to_S3_and_SQL()
    {
        var spans = await TraceAsync(TracedPair.Upload, "S3.PutObject");
        var put = spans.Single(span => span.Name == "S3.PutObject");
        var upload = Parent(spans, put);
        Assert.Equal(("frame upload", "FrameService"), (upload.Name, upload.Service));
        var service = Parent(spans, upload);
        Assert.Equal(("PUT /v1/sessions/{requestId}/frames/{number}/", ExportedSpan.Server, "FrameService"), (service.Name, service.Kind, service.Service));
        var forwarded = Parent(spans, service);
        Assert.Equal((ExportedSpan.Client, "FrontDoor"), (forwarded.Kind, forwarded.Service));
        var door = Parent(spans, forwarded);
        Assert.Equal((ExportedSpan.Server, "FrontDoor", "00f067aa0ba902b7"), (door.Kind, door.Service, door.ParentId));

        Assert.Equal(("aws-api", "S3", "PutObject"), (put["rpc.system"], put["rpc.service"], put["rpc.method"]));
        Assert.Equal("stored", Assert.Single(put.Events).Attributes["framevideo.outcome"]);
        var http = spans.Single(span => span.ParentId == put.Id && span["http.request.method"] == "PUT");
        Assert.Equal(("200", ExportedSpan.Client), (http["http.response.status_code"], http.Kind));
        var sql = spans.Where(span => span.Source == "Npgsql" && IsBelow(spans, span, service)).ToList();
        Assert.Contains(sql, span => span["db.query.text"]!.StartsWith("UPDATE sessions", StringComparison.Ordinal));
        Assert.All(sql, span => Assert.Equal(("postgresql", "frames"), (span["db.system.name"], span["db.npgsql.data_source"])));
        Assert.Equal((pair.Uploaded.ToString(), "1"), (service["framevideo.request_id"], service["framevideo.frame"]));
    }

    [ServerFact]
    public async Task A_request_for_a_film_goes_on_in_both_services_and_its_render_links_back()
    {
        var spans = await TraceAsync(TracedPair.Filming, "GET /v1/sessions/{requestId}");
        var frames = spans.Single(span => span is { Name: "GET /v1/sessions/{requestId}", Service: "FrameService" });
        var asked = Parent(spans, frames);
        var videos = spans.Single(span => span is { Name: "POST /v1/videos", Service: "VideoService" });
        Assert.Equal(("VideoService", ExportedSpan.Client), (asked.Service, asked.Kind));
        Assert.True(IsBelow(spans, asked, videos));
        Assert.Equal((pair.Film.Id.ToString(), pair.Generated.ToString()), (videos["framevideo.video_id"], videos["framevideo.request_id"]));

        var work = await pair.Collector.UntilAsync(seen => seen.Spans.FirstOrDefault(span => span.Name == "work render" && span["framevideo.video_id"] == pair.Film.Id.ToString()), "the span of the render");
        Assert.NotEqual(TracedPair.Filming, work.TraceId);
        Assert.Equal("", work.ParentId);
        Assert.Equal((TracedPair.Filming, videos.Id), Assert.Single(work.Links));
        var render = await TraceAsync(work.TraceId, "work render");
        Assert.Equal(
            ["render clip", "render joint", "render load", "render merge", "render plan", "render poster", "render publish"],
            render.Select(span => span.Name).Where(name => name.StartsWith("render ", StringComparison.Ordinal)).Distinct().Order(StringComparer.Ordinal));
        Assert.Contains(render, span => span.Name == "ffmpeg" && Parent(render, span).Name == "render clip");
        Assert.Contains(render, span => span.Name == "S3.PutObject" && Parent(render, span).Name == "render publish");
        // The looks of the guard, twice a second, are no part of it.
        Assert.DoesNotContain(render, span => span["db.query.text"]?.StartsWith("SELECT count(*) FROM videos WHERE video_id = @VideoId AND attempt", StringComparison.Ordinal) == true);
    }

    [ServerFact]
    public async Task A_generation_links_to_its_request_and_a_callback_is_a_span_of_which_the_receiver_learns_nothing()
    {
        var work = await pair.Collector.UntilAsync(seen => seen.Spans.FirstOrDefault(span => span.Name == "work generate"), "the span of the generation");
        var request = pair.Collector.Spans.Single(span => span is { Name: "POST /v1/sessions/", Service: "FrameService" });
        Assert.Equal((request.TraceId, request.Id), Assert.Single(work.Links));
        var spans = await TraceAsync(work.TraceId, "work generate");
        Assert.Equal(["1", "2"], spans.Where(span => span.Name == "frame draw").Select(span => span["framevideo.frame"]).Order());
        Assert.Single(spans, span => span.Name == "story write");
        var callback = await pair.Collector.UntilAsync(seen => seen.Spans.FirstOrDefault(span => span.Name == "callback"), "the span of a callback");
        Assert.Equal(("127.0.0.1", "delivered", "200"), (callback["server.address"]!.Split(':')[0], callback["framevideo.outcome"], callback["http.response.status_code"]));
        Assert.All(pair.Callbacks, one => Assert.DoesNotContain("traceparent", one.Headers.Keys, StringComparer.OrdinalIgnoreCase));
    }

    [ServerFact]
    public async Task The_trace_ID_stands_in_the_log_and_in_problems()
    {
        await TraceAsync(TracedPair.Upload, "frame upload");
        Assert.Equal(TracedPair.Upload, pair.Problem.GetProperty("traceId").GetString());
        Assert.Contains(pair.Log.Split('\n'), line => line.Contains("Frame 1 uploaded to S3 successfully", StringComparison.Ordinal) && line.Contains($"traceId={TracedPair.Upload}", StringComparison.Ordinal));
    }

    [ServerTheory]
    [InlineData("00-0af7651916cd43dd8448eb211c80319-b7ad6b7169203331-01")]
    [InlineData("00-00000000000000000000000000000000-b7ad6b7169203331-01")]
    [InlineData("|a-hierarchical.id")]
    [InlineData("x")]
    public async Task A_traceparent_that_is_none_begins_a_new_trace(string traceparent)
    {
        using var http = pair.Client(traceparent);
        using var answer = await http.GetAsync($"/v1/sessions/{pair.Uploaded}");
        var trace = answer.Headers.GetValues("X-Correlation-Id").Single();
        Assert.Matches("^[0-9a-f]{32}$", trace);
        Assert.DoesNotContain(trace, traceparent, StringComparison.Ordinal);
        var spans = await TraceAsync(trace, "GET /v1/sessions/{requestId}");
        Assert.Equal("", spans.Single(span => span is { Service: "FrontDoor", Kind: ExportedSpan.Server }).ParentId);
    }

    [ServerFact]
    public async Task No_secret_and_no_text_of_a_user_leaves_the_pair()
    {
        await TraceAsync(TracedPair.Filming, "GET /v1/sessions/{requestId}");
        await pair.Collector.UntilAsync(seen => seen.Spans.FirstOrDefault(span => span.Name == "work render"), "the span of the render");
        Assert.All(pair.Secrets, secret => Assert.False(pair.Collector.Holds(secret), secret));
        Assert.DoesNotContain(pair.Collector.Spans, span => span.Attributes.ContainsKey("url.query") || span.Attributes.Values.Any(value => value.Contains('?', StringComparison.Ordinal)));
        Assert.All(pair.Collector.Headers, headers => Assert.True(headers.ContainsKey("x-collector-key")));
        // Names are few: no span is called by an ID.
        Assert.DoesNotContain(pair.Collector.Spans, span => span.Name.Contains("req_", StringComparison.Ordinal) || span.Name.Contains("vid_", StringComparison.Ordinal));
    }

    private static ExportedSpan Parent(IReadOnlyList<ExportedSpan> spans, ExportedSpan span) => spans.Single(other => other.Id == span.ParentId);

    private static bool IsBelow(IReadOnlyList<ExportedSpan> spans, ExportedSpan span, ExportedSpan above)
    {
        for (var next = span; next is not null; next = spans.FirstOrDefault(other => other.Id == next.ParentId))
        {
            if (next.Id == above.Id) return true;
        }

        return false;
    }

    /// <summary>A trace that is there as far as its root spans in each service, which end last.</summary>
    private async Task<IReadOnlyList<ExportedSpan>> TraceAsync(string trace, string wanted) => await pair.Collector.UntilAsync(
        seen =>
        {
            var spans = seen.Spans.Where(span => span.TraceId == trace).ToList();
            var ids = spans.Select(span => span.Id).ToHashSet(StringComparer.Ordinal);
            return spans.Exists(span => span.Name == wanted) && spans.TrueForAll(span => span.ParentId is "" or "00f067aa0ba902b7" || ids.Contains(span.ParentId)) ? spans : null;
        },
        $"{wanted} of trace {trace}");
}
