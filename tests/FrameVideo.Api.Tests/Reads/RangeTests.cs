using System.Globalization;
using System.Net;
using System.Text.Json;
using FrameVideo.Contracts;
using FrameVideo.TestKit;

namespace FrameVideo.Api.Tests.Reads;

/// <summary>Pictures, films, posters and clips are read whole or in part, at the services and through the front door.</summary>
[Collection(nameof(ReadablePair))]
public sealed class RangeTests(ReadablePair pair)
{
    [Theory]
    [InlineData("picture")]
    [InlineData("film")]
    [InlineData("poster")]
    [InlineData("clip")]
    [InlineData("parked")]
    public async Task Bytes_are_served_whole_and_by_one_range(string what)
    {
        var (app, path) = await FindAsync(what);
        try
        {
            foreach (var address in new[] { app.Address, pair.Door }) await HoldAsync(address, path);
        }
        finally
        {
            pair.Frames.StoreIsDown = false;
        }
    }

    private async Task<(RunningApp App, string Path)> FindAsync(string what)
    {
        if (what == "parked")
        {
            pair.Frames.StoreIsDown = true;
            var id = RequestId.New(TimeProvider.System);
            Assert.Equal(FrameStatus.Inline, (await pair.Frames.Client().PutPictureAsync(id, 1, Pictures.Jpeg(320, 180)).ReadAsync<Frame>()).Status);
            return (pair.Frames, $"/v1/sessions/{id}/frames/1/image");
        }

        var (app, content) = what == "picture" ? (pair.Frames, $"/v1/sessions/{pair.Session.Id}/frames/2/image") : (pair.Videos, $"/v1/videos/{pair.Film.Id}/content?variant={what}&clip=1");
        using var answer = await app.Client().GetAsync(content);
        return (app, answer.Headers.Location!.PathAndQuery);
    }

    private static async Task HoldAsync(string address, string path)
    {
        using var whole = await Operation.SendAsync(address, "GET", path);
        var bytes = await whole.Content.ReadAsByteArrayAsync();
        var (length, tag, modified) = (bytes.Length, whole.Headers.ETag!, whole.Content.Headers.LastModified!.Value);
        Assert.Equal((HttpStatusCode.OK, length, "bytes", false), (whole.StatusCode, whole.Content.Headers.ContentLength, whole.Headers.AcceptRanges.Single(), tag.IsWeak));
        Assert.InRange(length, 100, int.MaxValue);

        await PartAsync("bytes=0-0", 0, 1);
        await PartAsync("bytes=10-59", 10, 50);
        await PartAsync($"bytes={length - 1}-", length - 1, 1);
        await PartAsync("bytes=-10", length - 10, 10);
        await PartAsync($"bytes=-{length + 5}", 0, length);
        await PartAsync($"Bytes=5-{length + 100}", 5, length - 5);
        await PartAsync("bytes=0-9", 0, 10, ("If-Range", tag.ToString()));

        await WholeAsync(("Range", "bytes=0-1,4-5"));
        await WholeAsync(("Range", "bytes=9-5"));
        await WholeAsync(("Range", "bytes=x"));
        await WholeAsync(("Range", "lines=1-2"));
        await WholeAsync(("Range", "bytes=0-9"), ("If-Range", "\"other\""));
        await WholeAsync(("Range", "bytes=0-9"), ("If-Range", $"W/{tag}"));
        await WholeAsync(("If-Match", tag.ToString()));
        await WholeAsync(("If-None-Match", "\"other\""), ("If-Modified-Since", Date(modified)));

        foreach (var range in new[] { $"bytes={length}-", "bytes=-0", $"bytes={length + 7}-{length + 9}" })
        {
            using var refused = await Operation.SendAsync(address, "GET", path, ("Range", range));
            Assert.Equal((HttpStatusCode.RequestedRangeNotSatisfiable, $"bytes */{length}"), (refused.StatusCode, refused.Content.Headers.ContentRange?.ToString()));
            Assert.Equal("range-not-satisfiable", JsonDocument.Parse(await refused.Content.ReadAsStringAsync()).RootElement.GetProperty("code").GetString());
        }

        await StatusAsync(HttpStatusCode.NotModified, ("If-None-Match", tag.ToString()), ("Range", "bytes=0-9"));
        await StatusAsync(HttpStatusCode.NotModified, ("If-None-Match", $"W/{tag}"));
        await StatusAsync(HttpStatusCode.NotModified, ("If-Modified-Since", Date(modified)));
        await StatusAsync(HttpStatusCode.OK, ("If-Modified-Since", Date(modified.AddDays(-1))));
        await StatusAsync(HttpStatusCode.PreconditionFailed, ("If-Match", "\"other\""));
        await StatusAsync(HttpStatusCode.PreconditionFailed, ("If-Unmodified-Since", Date(modified.AddDays(-1))));

        using var head = await Operation.SendAsync(address, "HEAD", path, ("Range", "bytes=0-9"));
        Assert.Equal((HttpStatusCode.OK, length, tag), (head.StatusCode, head.Content.Headers.ContentLength, head.Headers.ETag));
        Assert.Empty(await head.Content.ReadAsByteArrayAsync());

        async Task PartAsync(string range, int from, int count, params (string, string)[] headers)
        {
            using var part = await Operation.SendAsync(address, "GET", path, [("Range", range), .. headers]);
            Assert.Equal((HttpStatusCode.PartialContent, $"bytes {from}-{from + count - 1}/{length}", count, tag), (part.StatusCode, part.Content.Headers.ContentRange?.ToString(), part.Content.Headers.ContentLength, part.Headers.ETag));
            Assert.Equal(bytes[from..(from + count)], await part.Content.ReadAsByteArrayAsync());
        }

        async Task WholeAsync(params (string, string)[] headers)
        {
            using var answer = await Operation.SendAsync(address, "GET", path, headers);
            Assert.Equal((HttpStatusCode.OK, null), (answer.StatusCode, answer.Content.Headers.ContentRange));
            Assert.Equal(bytes, await answer.Content.ReadAsByteArrayAsync());
        }

        async Task StatusAsync(HttpStatusCode status, params (string, string)[] headers)
        {
            using var answer = await Operation.SendAsync(address, "GET", path, headers);
            Assert.Equal(status, answer.StatusCode);
        }
    }

    private static string Date(DateTimeOffset time) => time.ToString("R", CultureInfo.InvariantCulture);
}
