using System.Text.Json;
using FrameVideo.Contracts;
using VideoService.Rendering;
using VideoService.Rendering.Foreign;

namespace VideoService.Tests.Rendering;

/// <summary>Clips of others become parts of one even film, and nothing else of ffmpeg is reached by them.</summary>
public sealed class FootageTests : IDisposable
{
    private readonly TestFilm _film = new(TestFilm.Small with { DurationSeconds = 6, Transition = Transition.Fade }, 3);

    public void Dispose() => _film.Dispose();

    [Fact]
    public async Task Clips_of_any_length_size_and_rate_make_one_even_film_and_move_in_its_joints()
    {
        // 24 a second in its own size and too long; NTSC, larger and upright in need of a cut; 12 a second, small and far too short.
        var clips = new[]
        {
            await MakeAsync("one.mp4", "testsrc2=s=320x180:r=24:d=3", "-c:v", "libx264"),
            await MakeAsync("two.webm", "testsrc2=s=480x360:r=30000/1001:d=2.2", "-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8"),
            await MakeAsync("three.mp4", "testsrc2=s=200x200:r=12:d=0.5", "-c:v", "libx264"),
        };
        var footage = new List<Footage>();
        foreach (var clip in clips) footage.Add(await _film.Renderer.ProbeFootageAsync(clip, default));
        Assert.Equal([("mp4", 320, 180, 72), ("webm", 480, 360, 66), ("mp4", 200, 200, 6)], footage.Select(clip => (clip.Kind, clip.Width, clip.Height, clip.Pictures)));
        Assert.Equal([3, 2.2, 0.5], footage.Select(clip => clip.Seconds), (a, b) => Math.Abs(a - b) < 0.01);

        var plan = await _film.Renderer.PlanAsync(_film.Settings, [.. _film.Frames.Select((frame, i) => frame with { Footage = footage[i] })], default);
        var still = await _film.PlanAsync();
        Assert.Equal(still.Pieces.Select(piece => (piece.StartFrame, piece.FrameCount)), plan.Pieces.Select(piece => (piece.StartFrame, piece.FrameCount)));
        Assert.Empty(plan.Pieces.Select(piece => piece.InputHash).Intersect(still.Pieces.Select(piece => piece.InputHash)));

        using var pictures = _film.Pictures(plan);
        var paths = plan.Pieces.Select((_, i) => _film.PathOf($"piece-{i}.mp4")).ToArray();
        for (var i = 0; i < paths.Length; i++) await _film.Renderer.RenderPieceAsync(plan, plan.Pieces[i], pictures, paths[i], null, default, number => clips[number - 1]);
        var film = _film.PathOf("film.mp4");
        await _film.Renderer.MergeAsync(plan, paths, null, film, default);
        await _film.Renderer.RenderPosterAsync(plan, pictures, _film.PathOf("poster.jpg"), default, number => clips[number - 1]);

        var (output, errors) = await TestFilm.RunAsync("ffprobe", "-v", "error", "-show_entries", "frame=pts", "-of", "json", film);
        Assert.Equal("", errors);
        using var probe = JsonDocument.Parse(output);
        Assert.Equal(Enumerable.Range(0, 150).Select(i => i * 3600L), probe.RootElement.GetProperty("frames").EnumerateArray().Select(frame => frame.GetProperty("pts").GetInt64()));
        var (decoded, said) = await TestFilm.RunAsync("ffmpeg", "-v", "error", "-xerror", "-i", film, "-f", "rawvideo", "-pix_fmt", "yuv420p", "pipe:1");
        Assert.Equal((150 * 320 * 180 * 3 / 2, ""), (decoded.Length, said));

        // Something moves from each picture to the next but one, of clips slower than the film too, and in the joints; the last clip's last picture stays.
        byte[] At(int frame) => decoded[(frame * 86400)..((frame + 1) * 86400)];
        double Change(int frame) => At(frame).Zip(At(frame + 3), (a, b) => Math.Abs(a - b)).Average();
        var held = plan.Shots[2].SeenFrom + (int)Math.Ceiling(0.5 * Footage.MostSlowed * 25);
        for (var i = 0; i < held - 3; i++) Assert.True(Change(i) > 0.3, $"nothing moves at {i}: {Change(i)}");
        for (var i = held + 1; i < 147; i++) Assert.True(Change(i) < (i < plan.Joints[1].StartFrame + plan.Joints[1].FrameCount ? 30 : 0.5), $"something moves at {i}: {Change(i)}");
        if (Environment.GetEnvironmentVariable("FRAMEVIDEO_LOOK") is { } look) File.Copy(film, Path.Combine(look, "footage.mp4"), overwrite: true);
    }

    [Fact]
    public async Task A_clip_of_the_films_size_and_rate_is_shown_picture_by_picture_as_it_is()
    {
        var path = await MakeAsync("same.mp4", "testsrc2=s=320x180:r=25:d=6", "-c:v", "libx264", "-colorspace", "bt709");
        using var film = new TestFilm(_film.Settings, 1);
        var clip = await film.Renderer.ProbeFootageAsync(path, default);
        var plan = await film.Renderer.PlanAsync(film.Settings, [film.Frames[0] with { Footage = clip }], default);
        var (decoded, _) = await TestFilm.RunAsync("ffmpeg", "-v", "error", "-i", path, "-f", "rawvideo", "-pix_fmt", "yuv420p", "pipe:1");
        await using var reader = new FootageDecoder(new Ffmpeg(new RenderingOptions()), new RenderingOptions()).Open(path, clip, film.Settings, plan.Shots[0], 30, 40, default);
        for (var i = 30; i < 40; i++) Assert.True(reader.At(i).SequenceEqual(decoded.AsSpan(i * 86400, 86400)), $"picture {i}");
    }

    [Theory]
    [InlineData("list.mp4", "ffconcat version 1.0\nfile /etc/passwd\n")]
    [InlineData("list.m3u8", "#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n")]
    [InlineData("short.mp4", "x")]
    [InlineData("named.mp4", "????ftypisom and then nothing that anybody could read")]
    public async Task What_is_no_clip_is_refused(string name, string bytes)
    {
        await File.WriteAllTextAsync(_film.PathOf(name), bytes);
        var refusal = await Assert.ThrowsAsync<FootageException>(() => _film.Renderer.ProbeFootageAsync(_film.PathOf(name), default));
        Assert.Equal(ErrorCodes.ClipUnreadable, refusal.Code);
        Assert.DoesNotContain(_film.Folder, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Clips_that_are_cut_off_too_large_too_long_or_without_a_picture_are_refused()
    {
        var whole = await File.ReadAllBytesAsync(await MakeAsync("whole.mp4", "testsrc2=s=320x180:r=24:d=3", "-c:v", "libx264", "-movflags", "+faststart"));
        await File.WriteAllBytesAsync(_film.PathOf("cut.mp4"), whole[..(whole.Length * 2 / 3)]);
        Array.Fill(whole, (byte)0x55, whole.Length / 2, 4000);
        await File.WriteAllBytesAsync(_film.PathOf("damaged.mp4"), whole);
        await MakeAsync("large.mp4", "color=s=4200x3000:r=5:d=0.4", "-c:v", "mpeg4");
        await MakeAsync("long.mp4", "color=s=16x16:r=60:d=61", "-c:v", "mpeg4");
        await TestFilm.RunAsync("ffmpeg", "-v", "error", "-f", "lavfi", "-i", "sine=d=1", "-c:a", "aac", _film.PathOf("sound.mp4"));
        // A demuxer that is not on the list, under a name that is.
        await MakeAsync("other.avi", "testsrc2=s=320x180:r=24:d=1", "-c:v", "mpeg4");
        foreach (var name in new[] { "cut.mp4", "damaged.mp4", "large.mp4", "long.mp4", "sound.mp4", "other.avi" })
        {
            var refusal = await Record.ExceptionAsync(() => _film.Renderer.ProbeFootageAsync(_film.PathOf(name), default));
            Assert.True(refusal is FootageException, $"{name}: {refusal}");
        }
        Assert.Empty(_film.EncodersAtWork());
    }

    [Fact]
    public async Task A_decoder_that_hangs_is_ended()
    {
        var clip = await MakeAsync("clip.mp4", "testsrc2=s=640x360:r=25:d=6", "-c:v", "libx264");
        var program = _film.PathOf("hangs");
        await File.WriteAllTextAsync(program, "#!/bin/sh\nexec sleep 600\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var footage = await _film.Renderer.ProbeFootageAsync(clip, default);
        var plan = await _film.Renderer.PlanAsync(_film.Settings, [_film.Frames[0] with { Footage = footage }], default);
        var options = new RenderingOptions { Ffmpeg = program, EncoderTimeout = TimeSpan.FromSeconds(0.2) };
        await using var hung = new FootageDecoder(new Ffmpeg(options), options).Open(clip, footage, _film.Settings, plan.Shots[0], 0, 10, default);
        Assert.Throws<FootageException>(() => hung.At(0).Length);
    }

    private async Task<string> MakeAsync(string name, string source, params string[] encoder)
    {
        var (_, errors) = await TestFilm.RunAsync("ffmpeg", ["-v", "error", "-y", "-f", "lavfi", "-i", source, "-pix_fmt", "yuv420p", .. encoder, _film.PathOf(name)]);
        Assert.Equal("", errors);
        return _film.PathOf(name);
    }
}
