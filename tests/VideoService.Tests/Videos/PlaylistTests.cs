using System.Globalization;
using System.Text;
using FrameVideo.Contracts;
using FrameVideo.TestKit;
using FrameVideo.TestKit.Servers;
using Microsoft.Extensions.DependencyInjection;
using VideoService.Tests.Rendering;
using VideoService.Videos;

namespace VideoService.Tests.Videos;

public abstract class PlaylistTests(RunningVideoService service)
{
    private static readonly UserId Local = UserId.Parse("local");

    [ServerFact]
    public async Task The_first_segment_plays_while_the_rest_is_rendered_and_a_canceled_film_ends_its_playlist()
    {
        var session = await service.SaveAsync(3);
        var video = await service.CreateAsync(new { requestId = session.RequestId, format = "hls", fps = 60, quality = "high", secondsPerFrame = 20, frames = new[] { new { number = 1, seconds = 0.5 } } });
        var playlist = await ReadAsync(video.Links.Playlist!);
        Assert.False(playlist.IsEnded);
        Assert.InRange(playlist.Segments.Count, 1, 3);
        Assert.Equal(VideoStatus.InProgress, (await service.Http.GetAsync<Video>(video.Links.Self)).Status);
        Assert.InRange(playlist.Segments[0].Seconds, 0.1, 0.5);

        var first = service.Data.Combine("first.mp4");
        await File.WriteAllBytesAsync(first, [.. await BytesAsync(playlist.Init), .. await BytesAsync(playlist.Segments[0].Url)]);
        var probe = await Ffprobe.ReadAsync(first);
        Assert.Equal(("h264", 1280, 720), (probe.Codec, probe.Width, probe.Height));
        Assert.Equal((int)Math.Round(playlist.Segments[0].Seconds * 60), probe.Times.Count);

        await service.Http.PostAsync($"/v1/videos/{video.Id}/cancel", new { }).ReadAsync<Video>();
        var ended = await ReadAsync(video.Links.Playlist!);
        Assert.True(ended.IsEnded);
        Assert.Equal(playlist.Segments.Select(segment => Path.GetFileName(new Uri(segment.Url).AbsolutePath)), ended.Segments.Take(playlist.Segments.Count).Select(segment => Path.GetFileName(new Uri(segment.Url).AbsolutePath)));
        Assert.NotEmpty(await BytesAsync(ended.Segments[0].Url));
    }

    [ServerFact]
    public async Task A_playlist_holds_the_film_at_even_times_and_its_links_need_no_headers()
    {
        var session = await service.SaveAsync(4);
        var video = await service.FilmAsync(new { requestId = session.RequestId, format = "hls", fps = 24, quality = "draft", secondsPerFrame = 0.75, resolution = "480p" });
        Assert.Equal((VideoStatus.Completed, VideoFormat.Hls, null), (video.Status, video.Format, video.Error));
        var playlist = await ReadAsync(video.Links.Playlist!);
        Assert.True(playlist.IsEnded);
        Assert.Equal(7, playlist.Segments.Count);
        Assert.Equal(3, playlist.Segments.Sum(segment => segment.Seconds), 1e-5);
        Assert.All(playlist.Segments, segment => Assert.InRange(segment.Seconds, 0, playlist.Target));

        // As a player reads it, over HTTP.
        var (times, said) = await TestFilm.RunAsync("ffprobe", "-v", "warning", "-show_entries", "frame=pts", "-of", "csv=p=0", video.Links.Playlist!);
        Assert.Equal("", said);
        Assert.Equal(Enumerable.Range(0, 72).Select(i => i * 3750L), Encoding.ASCII.GetString(times).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => long.Parse(line.TrimEnd(','), CultureInfo.InvariantCulture)));
        Assert.Equal(await HashesAsync(video.Links.Content!), await HashesAsync(video.Links.Playlist!));

        var content = await service.Http.GetAsync($"/v1/videos/{video.Id}/content?variant=hls");
        Assert.Equal(302, (int)content.StatusCode);
        Assert.Contains("/playlist.m3u8?token=", content.Headers.Location!.OriginalString, StringComparison.Ordinal);
        using var nobody = new HttpClient();
        Assert.Equal("application/vnd.apple.mpegurl", (await nobody.GetAsync(content.Headers.Location)).Content.Headers.ContentType!.MediaType);
    }

    [ServerFact]
    public async Task A_film_with_sound_has_a_playlist_for_each_and_both_are_of_one_length()
    {
        var session = await service.SaveAsync(3);
        var sound = await service.BringAsync(session.RequestId, Sounds.Wav(9));
        var video = await service.FilmAsync(new { requestId = session.RequestId, format = "hls", fps = 24, quality = "draft", secondsPerFrame = 3, resolution = "480p", audio = new { objectKey = sound } });
        Assert.Equal((VideoStatus.Completed, null), (video.Status, video.Error));
        using var player = new HttpClient();
        var lead = (await player.GetStringAsync(video.Links.Playlist)).Split('\n');
        Assert.Contains(lead, line => line.Contains("CODECS=\"avc1.64001E,mp4a.40.2\",RESOLUTION=854x480", StringComparison.Ordinal));
        var heard = await ReadAsync(lead.Single(line => line.StartsWith("#EXT-X-MEDIA:", StringComparison.Ordinal)).Split("URI=\"")[1].TrimEnd('"'));
        var seen = await ReadAsync(lead.Last(line => line.Length > 0));
        Assert.Equal((true, true, 5), (heard.IsEnded, seen.IsEnded, heard.Segments.Count));
        Assert.Equal(9, seen.Segments.Sum(segment => segment.Seconds), 1e-5);
        // The encoder's own lead-in is a packet.
        Assert.InRange(heard.Segments.Sum(segment => segment.Seconds) - 9, 0, 2 * 1024 / 48000.0);
        Assert.All(heard.Segments, segment => Assert.InRange(segment.Seconds, 0, heard.Target));

        var (streams, said) = await TestFilm.RunAsync("ffprobe", "-v", "warning", "-count_frames", "-show_entries", "stream=codec_name,nb_read_frames", "-of", "csv=p=0", video.Links.Playlist!);
        Assert.Equal("", said);
        Assert.Contains("h264,216", Encoding.ASCII.GetString(streams), StringComparison.Ordinal);
        Assert.Contains("aac,", Encoding.ASCII.GetString(streams), StringComparison.Ordinal);
        Assert.Equal(await HashesAsync(video.Links.Content!), await HashesAsync(video.Links.Playlist!));
        var (status, code, _) = await service.Http.GetAsync($"/v1/videos/{video.Id}/playlist.m3u8?track=smell").RefusalAsync();
        Assert.Equal((422, "validation-failed"), (status, code));
    }

    [ServerFact]
    public async Task Of_a_long_first_clip_two_seconds_play_before_the_rest_and_the_whole_has_no_gap()
    {
        var session = await service.SaveAsync(2);
        object Asked(string format) => new { requestId = session.RequestId, format, fps = 24, quality = "draft", secondsPerFrame = 6, resolution = "480p" };
        var video = await service.CreateAsync(Asked("hls"));
        var playlist = await ReadAsync(video.Links.Playlist!);
        Assert.Equal(2, playlist.Segments[0].Seconds, 1e-6);
        Assert.Equal((VideoStatus.Completed, null), ((await service.Http.EndedAsync(video.Id, TimeSpan.FromSeconds(60))).Status, video.Error));
        var whole = await ReadAsync(video.Links.Playlist!);
        Assert.Equal([2, 3.583333, 0.833333, 5.583333], whole.Segments.Select(segment => segment.Seconds));
        Assert.Equal(playlist.Target, whole.Target);
        Assert.Equal(Path.GetFileName(new Uri(playlist.Segments[0].Url).AbsolutePath), Path.GetFileName(new Uri(whole.Segments[0].Url).AbsolutePath));
        var (times, said) = await TestFilm.RunAsync("ffprobe", "-v", "warning", "-show_entries", "frame=pts", "-of", "csv=p=0", video.Links.Playlist!);
        Assert.Equal("", said);
        Assert.Equal(Enumerable.Range(0, 288).Select(i => i * 3750L), Encoding.ASCII.GetString(times).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => long.Parse(line.TrimEnd(','), CultureInfo.InvariantCulture)));
        var film = (await service.Http.GetAsync<Video>($"/v1/videos/{video.Id}")).Links.Content!;
        Assert.Equal(await HashesAsync(film), await HashesAsync(video.Links.Playlist!));

        // As an MP4 it is the same but for the first clip, and made again it is found.
        var before = service.EncodedPieces.Count;
        await service.FilmAsync(Asked("mp4"));
        Assert.Equal(["clip_01"], service.EncodedPieces.Skip(before).Select(name => name[..name.LastIndexOf('_')]));
        await service.FilmAsync(Asked("hls"));
        Assert.Equal(before + 1, service.EncodedPieces.Count);
    }

    [Fact]
    public void What_follows_a_piece_of_which_the_beginning_alone_is_there_is_not_named()
    {
        var film = new PlayableFilm(
            new VideoRow { Fps = 24 },
            [new VideoPieceRow { Position = 0, FrameCount = 96 }, new VideoPieceRow { Position = 1, FrameCount = 24 }],
            [new VideoSegmentRow { Position = 0, Part = 0, Seconds = 2 }, new VideoSegmentRow { Position = 1, Part = 0, Seconds = 1 }]);
        Assert.Equal(2, Assert.Single(Playlist.Pictures(film)).Seconds);
        Assert.Equal([2, 2, 1], Playlist.Pictures(film with { Segments = [.. film.Segments, new VideoSegmentRow { Position = 0, Part = 1, Seconds = 2 }] }).Select(segment => segment.Seconds));
    }

    [ServerFact]
    public async Task Captions_are_a_track_of_their_own_from_the_start_and_are_read_as_WebVTT()
    {
        var session = await service.SaveAsync(2);
        var video = await service.FilmAsync(new { requestId = session.RequestId, format = "hls", fps = 24, quality = "draft", secondsPerFrame = 1, resolution = "480p", captions = new { burn = false, track = true, language = "en-GB", lines = new[] { new { frame = 1, text = "One --> & <b>" }, new { frame = 2, text = "Two" } } } });
        Assert.Equal((VideoStatus.Completed, null), (video.Status, video.Error));
        using var player = new HttpClient();
        var lead = (await player.GetStringAsync(video.Links.Playlist)).Split('\n');
        var media = lead.Single(line => line.StartsWith("#EXT-X-MEDIA:", StringComparison.Ordinal));
        Assert.Contains("TYPE=SUBTITLES,GROUP-ID=\"captions\",NAME=\"Captions\",LANGUAGE=\"en-GB\",DEFAULT=YES", media, StringComparison.Ordinal);
        Assert.Contains(lead, line => line.StartsWith("#EXT-X-STREAM-INF:", StringComparison.Ordinal) && line.EndsWith("SUBTITLES=\"captions\"", StringComparison.Ordinal) && !line.Contains("AUDIO", StringComparison.Ordinal));
        var playlist = (await player.GetStringAsync(media.Split("URI=\"")[1].TrimEnd('"'))).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Contains("#EXTINF:2.000000,", playlist);
        Assert.Equal("#EXT-X-ENDLIST", playlist[^1]);
        Assert.DoesNotContain(playlist, line => line.Contains("EXT-X-MAP", StringComparison.Ordinal));
        var answer = await player.GetAsync(playlist.Single(line => line[0] != '#'));
        Assert.Equal("text/vtt", answer.Content.Headers.ContentType!.MediaType);
        const string Cues = "\n1\n00:00:00.000 --> 00:00:01.000\nOne --&gt; &amp; &lt;b&gt;\n\n2\n00:00:01.000 --> 00:00:02.000\nTwo\n";
        Assert.Equal($"WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:0,LOCAL:00:00:00.000\n{Cues}", await answer.Content.ReadAsStringAsync());
        Assert.Equal($"WEBVTT\n{Cues}", await player.GetStringAsync(video.Links.Captions));

        // ffmpeg says that it leaves the captions out, and plays the rest.
        var (frames, said) = await TestFilm.RunAsync("ffprobe", "-v", "error", "-count_frames", "-show_entries", "stream=nb_read_frames", "-of", "csv=p=0", video.Links.Playlist!);
        Assert.Equal(("48", ""), (Encoding.ASCII.GetString(frames).Split('\n')[0].Trim(), said));
    }

    [ServerFact]
    public async Task However_many_wait_for_a_film_it_is_read_once_for_each_step_that_it_goes()
    {
        var session = await service.SaveAsync(1);
        await File.WriteAllTextAsync(service.HungEncoder, "");
        var video = await service.CreateAsync(new { requestId = session.RequestId, format = "hls", fps = 24, quality = "draft", secondsPerFrame = 0.5 });
        var reader = service.App.Services.GetRequiredService<PlaylistReader>();
        var film = await reader.ReadAsync(Local, video.Id, default);
        var waiters = Enumerable.Range(0, 200).Select(_ => reader.WaitAsync(film, now => now.Segments.Count > 0, TimeSpan.FromMinutes(5), default, default)).ToList();
        await service.Http.PostAsync($"/v1/videos/{video.Id}/cancel", new { }).ReadAsync<Video>();
        File.Delete(service.HungEncoder);
        var seen = await Task.WhenAll(waiters);
        // One answer for all of them, unless some began with a look of their own.
        Assert.All(seen, one => Assert.False(one.Row.IsOpen));
        Assert.InRange(seen.Distinct(ReferenceEqualityComparer.Instance).Count(), 1, 2);
    }

    [ServerFact]
    public async Task Segments_can_be_read_for_as_long_as_the_playlist()
    {
        var session = await service.SaveAsync(1);
        var video = await service.FilmAsync(new { requestId = session.RequestId, format = "hls", fps = 24, quality = "draft", secondsPerFrame = 0.5, resolution = "480p" });
        var key = ObjectKey.Parse((await service.Store.ListAsync(ObjectKeys.VideoPrefix(Local, session.RequestId, video.Id), default).ToListAsync()).First(entry => entry.Key.Kind == ObjectKind.Segment).Key.ToString());
        Assert.True(service.Store.Link(key).ExpiresAt - service.Clock.GetUtcNow() > TimeSpan.FromHours(23));
        Assert.True(service.Store.Link(ObjectKeys.Film(Local, session.RequestId, video.Id, "mp4")).ExpiresAt - service.Clock.GetUtcNow() < TimeSpan.FromHours(2));
    }

    [ServerFact]
    public async Task Films_of_other_formats_have_no_playlist_and_a_film_without_a_segment_says_so()
    {
        var film = await service.FilmAsync(RunningVideoService.Quick(await service.SaveAsync(1)));
        Assert.Null(film.Links.Playlist);
        Assert.Equal((404, "playlist-not-found"), await CodeAsync($"/v1/videos/{film.Id}/playlist.m3u8"));
        Assert.Equal((404, "playlist-not-found"), await CodeAsync($"/v1/videos/{film.Id}/content?variant=hls"));

        var session = await service.SaveAsync(1);
        await service.Store.DeleteAsync(session.Frames![0].ObjectKey!.Value, CancellationToken.None);
        var failed = await service.FilmAsync(new { requestId = session.RequestId, format = "hls", secondsPerFrame = 0.5 });
        Assert.Equal(VideoStatus.Failed, failed.Status);
        Assert.Equal((409, "video-not-completed"), await CodeAsync($"/v1/videos/{failed.Id}/playlist.m3u8"));

        async Task<(int, string)> CodeAsync(string path)
        {
            var (status, code, _) = await service.Http.GetAsync(path).RefusalAsync();
            return (status, code);
        }
    }

    [ServerFact]
    public async Task After_a_restart_the_playlist_goes_on_with_what_was_there()
    {
        var session = await service.SaveAsync(3);
        var video = await service.CreateAsync(new { requestId = session.RequestId, format = "hls", fps = 24, secondsPerFrame = 4, frames = new[] { new { number = 1, seconds = 0.5 } } });
        var before = await ReadAsync(video.Links.Playlist!);
        await service.RestartAsync();
        Assert.Equal(VideoStatus.Completed, (await service.Http.EndedAsync(video.Id, TimeSpan.FromSeconds(90))).Status);
        var after = await ReadAsync((await service.Http.GetAsync<Video>($"/v1/videos/{video.Id}")).Links.Playlist!);
        Assert.True(after.IsEnded);
        Assert.Equal(before.Segments.Select(NameOf), after.Segments.Take(before.Segments.Count).Select(NameOf));
        Assert.Equal(8.5, after.Segments.Sum(segment => segment.Seconds), 1e-5);

        static string NameOf(Segment segment) => Path.GetFileName(new Uri(segment.Url).AbsolutePath);
    }

    [ServerFact]
    public Task One_changed_picture_of_an_HLS_film_encodes_one_clip_and_two_joints() => ChangeOneAsync("hls");

    [ServerFact]
    public Task One_changed_picture_of_a_WebM_encodes_one_clip_and_two_joints() => ChangeOneAsync("webm");

    [ServerFact]
    [Trait("Campaign", "formats")]
    [Trait("Depth", "long")]
    public Task One_changed_picture_of_an_MP4_encodes_one_clip_and_two_joints() => ChangeOneAsync("mp4");

    /// <summary>A film of six, the third picture changed, made again: three pieces are encoded, and every frame is that of a film that was made of these pictures from the start.</summary>
    private async Task ChangeOneAsync(string format)
    {
        var session = await service.SaveAsync(6);
        object Asked(RequestId id) => new { requestId = id, format, fps = 24, quality = "draft", secondsPerFrame = 0.5, resolution = "480p" };
        var former = await service.FilmAsync(Asked(session.RequestId));
        Assert.Equal((VideoStatus.Completed, null), (former.Status, former.Error));
        var picture = TestPictures.Scene(160, 90, 77);
        service.Frames.Save(session with { FramesRevision = 7, Frames = [.. session.Frames!.Take(2), await service.StoreAsync(Local, session.RequestId, 3, picture), .. session.Frames!.Skip(3)] });
        var before = service.EncodedPieces.Count;
        var again = await service.Http.EndedAsync((await service.Http.PostAsync($"/v1/videos/{former.Id}/rerender", new { }).ReadAsync<Video>()).Id, TimeSpan.FromSeconds(60));
        Assert.Equal(["clip_03", "joint_02", "joint_03"], service.EncodedPieces.Skip(before).Select(name => name[..name.LastIndexOf('_')]).Order());

        var other = await service.SaveAsync(6);
        service.Frames.Save(other with { Frames = [.. other.Frames!.Take(2), await service.StoreAsync(Local, other.RequestId, 3, picture), .. other.Frames!.Skip(3)] });
        before = service.EncodedPieces.Count;
        var fresh = await service.FilmAsync(Asked(other.RequestId));
        Assert.Equal(11, service.EncodedPieces.Count - before);
        var hashes = await HashesAsync(fresh.Links.Content!);
        Assert.Equal(72, hashes.Count);
        Assert.Equal(hashes, await HashesAsync(again.Links.Content!));
        Assert.NotEqual(hashes, await HashesAsync(former.Links.Content!));
        if (format == "hls") Assert.Equal(hashes, await HashesAsync(again.Links.Playlist!));
    }

    /// <summary>The MD5 of each decoded picture.</summary>
    private static async Task<IReadOnlyList<string>> HashesAsync(string url)
    {
        var (output, said) = await TestFilm.RunAsync("ffmpeg", "-v", "warning", "-xerror", "-i", url, "-map", "0:v", "-fps_mode", "passthrough", "-f", "framemd5", "-");
        Assert.Equal("", said);
        return [.. Encoding.ASCII.GetString(output).Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line[0] != '#').Select(line => line[(line.LastIndexOf(',') + 1)..].Trim())];
    }

    /// <summary>A playlist, asked for as players do: by its address alone.</summary>
    private static async Task<(string Init, IReadOnlyList<Segment> Segments, bool IsEnded, int Target)> ReadAsync(string url)
    {
        using var player = new HttpClient();
        var lines = (await player.GetStringAsync(url)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("#EXTM3U", lines[0]);
        var inits = lines.Where(line => line.StartsWith("#EXT-X-MAP:", StringComparison.Ordinal)).ToList();
        var segments = lines.Zip(lines.Skip(1)).Where(pair => pair.First.StartsWith("#EXTINF:", StringComparison.Ordinal))
            .Select(pair => new Segment(pair.Second, double.Parse(pair.First["#EXTINF:".Length..].TrimEnd(','), CultureInfo.InvariantCulture))).ToList();
        var target = lines.Single(line => line.StartsWith("#EXT-X-TARGETDURATION:", StringComparison.Ordinal));
        return (Assert.Single(inits).Split('"')[1], segments, lines[^1] == "#EXT-X-ENDLIST", int.Parse(target[(target.IndexOf(':', StringComparison.Ordinal) + 1)..], CultureInfo.InvariantCulture));
    }

    private static async Task<byte[]> BytesAsync(string url)
    {
        using var player = new HttpClient();
        return await player.GetByteArrayAsync(url);
    }

    private sealed record Segment(string Url, double Seconds);
}

public sealed class PlaylistsOnSqlite(RunningVideoService service) : PlaylistTests(service), IClassFixture<RunningVideoService>;

[Needs(TestServers.Postgres)]
[Trait("Campaign", "formats")]
[Trait("Depth", "long")]
public sealed class PlaylistsOnPostgres(VideoServiceOnPostgres service) : PlaylistTests(service), IClassFixture<VideoServiceOnPostgres>;
