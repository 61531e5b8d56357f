using System.Net.Http.Headers;
using System.Text.Json;
using FrameVideo.Contracts;
using FrameVideo.TestKit;
using FrameVideo.TestKit.Servers;

namespace FrameService.Tests.Frames;

public abstract class UploadTests(RunningFrameService service)
{
    private readonly HttpClient _http = service.Http;

    [ServerFact]
    public async Task A_picture_is_stored_under_its_hash_and_comes_back_whole_and_in_parts()
    {
        var id = RequestId.New(TimeProvider.System);
        var picture = Pictures.Png(300, 200);
        var frame = await _http.PutPictureAsync(id, 7, picture).ReadAsync<Frame>();
        Assert.Equal($"local/{id}/reference-frames/frame_07_{Pictures.Sha256(picture)[..12]}.png", frame.ObjectKey.ToString());
        Assert.Equal((300, 200, (long)picture.Length), (frame.Width!.Value, frame.Height!.Value, frame.Bytes!.Value));
        using var redirect = await _http.GetAsync($"/v1/sessions/{id}/frames/7/image");
        Assert.Equal(302, (int)redirect.StatusCode);
        Assert.Equal(picture, await _http.GetByteArrayAsync(redirect.Headers.Location));

        using var request = new HttpRequestMessage(HttpMethod.Get, frame.ImageUrl);
        request.Headers.Range = new RangeHeaderValue(8, 15);
        using var part = await _http.SendAsync(request);
        Assert.Equal((206, $"bytes 8-15/{picture.Length}"), ((int)part.StatusCode, part.Content.Headers.ContentRange!.ToString()));
        Assert.Equal(picture[8..16], await part.Content.ReadAsByteArrayAsync());
    }

    [ServerFact]
    public async Task The_same_picture_twice_is_one_object_and_another_one_is_a_new_object()
    {
        var id = RequestId.New(TimeProvider.System);
        using var first = await _http.PutPictureAsync(id, 1, Pictures.Png());
        using var same = await _http.PutPictureAsync(id, 1, Pictures.Png());
        using var other = await _http.PutPictureAsync(id, 1, Pictures.Jpeg(), "image/jpeg");
        Assert.Equal([201, 200, 200], new[] { first, same, other }.Select(response => (int)response.StatusCode));
        var session = await _http.GetAsync<Session>($"/v1/sessions/{id}");
        Assert.Equal(("image/jpeg", SessionStatus.Draft), (Assert.Single(session.Frames!).ContentType, session.Status));
    }

    [ServerFact]
    public async Task A_form_is_taken_and_the_bytes_decide_not_the_name()
    {
        var id = RequestId.New(TimeProvider.System);
        using var form = new MultipartFormDataContent { { new StringContent("hello"), "note" }, { new ByteArrayContent(Pictures.Webp()), "file", "holiday.png" } };
        var frame = await _http.PutAsync($"/v1/sessions/{id}/frames/1", form).ReadAsync<Frame>();
        Assert.Equal("image/webp", frame.ContentType);
    }

    [ServerTheory]
    [InlineData(1, 60, 40)]
    [InlineData(3, 60, 40)]
    [InlineData(6, 40, 60)]
    [InlineData(8, 40, 60)]
    public async Task Sizes_are_told_as_the_picture_is_seen_upright(byte orientation, int width, int height)
    {
        var frame = await _http.PutPictureAsync(RequestId.New(TimeProvider.System), 1, Pictures.TurnedJpeg(60, 40, orientation), "image/jpeg").ReadAsync<Frame>();
        Assert.Equal((width, height), (frame.Width!.Value, frame.Height!.Value));
    }

    [ServerFact]
    public async Task What_is_no_picture_is_refused_and_leaves_nothing()
    {
        var id = RequestId.New(TimeProvider.System);
        Assert.Equal((415, "unsupported-image"), Short(await _http.PutPictureAsync(id, 1, "<svg onload='x'/>"u8.ToArray()).RefusalAsync()));
        Assert.Equal((415, "unsupported-image"), Short(await _http.PutPictureAsync(id, 1, []).RefusalAsync()));
        Assert.Equal((422, "image-too-many-pixels"), Short(await _http.PutPictureAsync(id, 1, Pictures.PngBomb(60000, 60000)).RefusalAsync()));
        Assert.Equal((422, "image-unreadable"), Short(await _http.PutPictureAsync(id, 1, Pictures.Png()[..20]).RefusalAsync()));
        Assert.Equal((400, "invalid-request"), Short(await _http.PutPictureAsync(id, 1001, Pictures.Png()).RefusalAsync()));
        Assert.Equal((404, "session-not-found"), Short(await _http.GetAsync($"/v1/sessions/{id}").RefusalAsync()));
    }

    [ServerFact]
    public async Task More_than_25_MiB_is_refused_with_413()
    {
        using var content = new StreamContent(new Zeros(26L * 1024 * 1024));
        Assert.Equal((413, "image-too-large"), Short(await _http.PutAsync($"/v1/sessions/{RequestId.New(TimeProvider.System)}/frames/1", content).RefusalAsync()));
    }

    [ServerFact]
    public async Task A_link_opens_its_own_object_alone()
    {
        var id = RequestId.New(TimeProvider.System);
        var one = await _http.PutPictureAsync(id, 1, Pictures.Png()).ReadAsync<Frame>();
        var two = await _http.PutPictureAsync(id, 2, Pictures.Jpeg(), "image/jpeg").ReadAsync<Frame>();
        var token = one.ImageUrl!.Split("?token=")[1];
        var crossed = two.ImageUrl!.Split('?')[0] + "?token=" + token;
        Assert.Equal((403, "invalid-token"), Short(await _http.GetAsync(crossed).RefusalAsync()));
        Assert.Equal((403, "invalid-token"), Short(await _http.GetAsync(two.ImageUrl.Split('?')[0]).RefusalAsync()));
    }

    [ServerFact]
    public async Task Fifty_uploads_at_once_are_fifty_frames()
    {
        var id = RequestId.New(TimeProvider.System);
        await Task.WhenAll(Enumerable.Range(1, 50).Select(number => _http.PutPictureAsync(id, number, Pictures.Png(colour: 0xff000000 + (uint)number)).ReadAsync<Frame>()));
        var session = await _http.GetAsync<Session>($"/v1/sessions/{id}");
        Assert.Equal(Enumerable.Range(1, 50), session.Frames!.Select(frame => frame.Number));
        Assert.Equal(50, session.FramesRevision);
    }

    private static (int, string) Short((int Status, string Code, JsonElement Problem) refusal) => (refusal.Status, refusal.Code);

    private sealed class Zeros(long length) : Stream
    {
        private long _left = length;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            var read = (int)Math.Min(count, _left);
            _left -= read;
            return read;
        }

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}

public sealed class UploadOnSqlite(RunningFrameService service) : UploadTests(service), IClassFixture<RunningFrameService>;

[Needs(TestServers.Postgres)]
public sealed class UploadOnPostgres(FrameServiceOnPostgres service) : UploadTests(service), IClassFixture<FrameServiceOnPostgres>;
