using System.Net;
using System.Net.Http.Headers;
using FrameVideo.Contracts;
using FrameVideo.TestKit;

namespace FrameService.Tests.Uploads;

/// <summary>Sounds that a person brings.</summary>
public sealed class UploadSoundTests(RunningFrameService service) : IClassFixture<RunningFrameService>
{
    private static readonly byte[] Wav = Sounds.Wav(0.05);

    public static TheoryData<string, string, byte[]> Kinds => new()
    {
        { "wav", "audio/wav", Wav },
        { "mp3", "audio/mpeg", Long([0xff, 0xfb, 0x90, 0x64]) },
        { "mp3", "audio/mpeg", Long([.. "ID3"u8, 4, 0, 0, 0, 0, 0, 4, 1, 2, 3, 4, 0xff, 0xfb, 0x90, 0x64]) },
        { "aac", "audio/aac", Long([0xff, 0xf1, 0x50, 0x80]) },
        { "flac", "audio/flac", Long([.. "fLaC"u8]) },
        { "flac", "audio/flac", Long([.. "ID3"u8, 4, 0, 0, 0, 0, 0, 0, .. "fLaC"u8]) },
        { "ogg", "audio/ogg", Long([.. "OggS"u8, 0, 2, .. new byte[22], .. "OpusHead"u8]) },
        { "ogg", "audio/ogg", Long([.. "OggS"u8, 0, 2, .. new byte[22], 1, .. "vorbis"u8]) },
        { "m4a", "audio/mp4", Long([0, 0, 0, 24, .. "ftypM4A "u8]) },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_sound_is_known_by_its_bytes_and_lies_under_its_hash(string extension, string type, byte[] bytes)
    {
        var id = RequestId.New(TimeProvider.System);
        var (first, again) = (await PutAsync(id, "My-theme.old.xyz", bytes), await PutAsync(id, "My-theme.old.xyz", bytes));
        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.OK), (first.StatusCode, again.StatusCode));
        var (sound, same) = (await Task.FromResult(first).ReadAsync<Upload>(), await Task.FromResult(again).ReadAsync<Upload>());
        var sha256 = Pictures.Sha256(bytes);
        Assert.Equal(($"local/{id}/user-uploads/My-theme.old_{sha256[..12]}.{extension}", type, (long)bytes.Length, sha256), (sound.ObjectKey.ToString(), sound.ContentType, sound.Bytes, sound.Sha256));
        Assert.Equal(sound.ObjectKey, same.ObjectKey);
        using var read = await service.Http.GetAsync(sound.Url);
        Assert.Equal((type, bytes.Length), (read.Content.Headers.ContentType!.ToString(), (await read.Content.ReadAsByteArrayAsync()).Length));

        // The session goes, and the sound with it.
        Assert.Equal(SessionStatus.Draft, (await service.Http.GetAsync<Session>($"/v1/sessions/{id}")).Status);
        await service.Http.DeleteAsync($"/v1/sessions/{id}").ReadAsync<SessionDeletion>();
        Assert.Equal(HttpStatusCode.NotFound, (await service.Http.GetAsync(sound.Url)).StatusCode);
        Assert.Equal("session-deleted", (await PutAsync(id, "theme", bytes).RefusalAsync()).Code);
    }

    public static TheoryData<byte[]> Others => new()
    {
        Pictures.Png(8, 8),
        Pictures.Webp(64, 64),
        Long([0, 0, 0, 24, .. "ftypavif"u8]),
        Long([.. "OggS"u8, 0, 2, .. new byte[22], .. "\u0080theora"u8]),
        Long([0x1a, 0x45, 0xdf, 0xa3]),
        Long([0xff, 0xd8, 0xff, 0xe0]),
        "#!/bin/sh\necho this is no sound at all\n"u8.ToArray(),
        new byte[5],
        Array.Empty<byte>(),
    };

    [Theory]
    [MemberData(nameof(Others))]
    public async Task What_is_no_sound_is_refused_whatever_it_says_it_is(byte[] bytes)
    {
        var id = RequestId.New(TimeProvider.System);
        Assert.Equal((415, "unsupported-audio"), Told(await PutAsync(id, "theme.mp3", bytes).RefusalAsync()));
        Assert.Equal(HttpStatusCode.NotFound, (await service.Http.GetAsync($"/v1/sessions/{id}")).StatusCode);
    }

    [Fact]
    public async Task A_form_serves_as_well_and_odd_names_do_not()
    {
        var id = RequestId.New(TimeProvider.System);
        foreach (var part in new[] { "audio", "file" })
        {
            using var form = new MultipartFormDataContent { { new ByteArrayContent(Wav), part, "other.wav" } };
            Assert.StartsWith($"local/{id}/user-uploads/theme_", (await service.Http.PutAsync($"/v1/sessions/{id}/uploads/theme", form).ReadAsync<Upload>()).ObjectKey.ToString(), StringComparison.Ordinal);
        }

        foreach (var name in new[] { ".theme", "a%20b", new string('a', 101), "t%00" })
            Assert.Equal((name, 400), (name, (int)(await PutAsync(id, name, Wav)).StatusCode));
    }

    [Fact]
    public async Task A_sound_that_is_too_large_is_413_by_what_it_says_and_by_what_it_has()
    {
        var id = RequestId.New(TimeProvider.System);
        using var content = new StreamContent(new MemoryStream(new byte[WireLimits.MaxSoundBytes + 1]));
        var sent = await service.Http.PutAsync($"/v1/sessions/{id}/uploads/theme", content).RefusalAsync();
        Assert.Equal((413, "audio-too-large"), Told(sent));
    }

    private Task<HttpResponseMessage> PutAsync(RequestId id, string name, byte[] bytes) =>
        service.Http.PutAsync($"/v1/sessions/{id}/uploads/{name}", new ByteArrayContent(bytes) { Headers = { ContentType = new MediaTypeHeaderValue("audio/x-something") } });

    private static byte[] Long(byte[] start) => [.. start, .. new byte[64]];

    private static (int Status, string Code) Told((int Status, string Code, System.Text.Json.JsonElement Problem) refusal) => (refusal.Status, refusal.Code);
}
