using System.Text;
using FrameVideo.Contracts;
using FrameVideo.TestKit;
using VideoService.Rendering;
using VideoService.Rendering.Joining;

namespace VideoService.Tests.Rendering;

/// <summary>Joining without the encoder's program, held against what that makes of the same pieces.</summary>
public sealed class Mp4JoinerTests
{
    [Theory]
    [InlineData(24, 2.2, 3, Transition.Fade)]
    [InlineData(60, 3.35, 7, Transition.Cut)]
    // Two or three pictures each, and one: what lasts so short has none that is decoded before its time.
    [InlineData(30, 0.5, 6, Transition.Cut)]
    [InlineData(24, 0.5, 12, Transition.Cut)]
    public async Task A_film_is_the_one_that_the_encoders_program_makes(int fps, double duration, int count, Transition transition)
    {
        using var film = new TestFilm(TestFilm.Small with { DurationSeconds = duration, Fps = fps, Transition = transition }, count);
        var (plan, paths) = await PiecesAsync(film);
        Assert.True(await Mp4Joiner.TryJoinAsync(plan, paths, film.PathOf("ours.mp4"), default));
        await JoinByProgramAsync(film, plan, paths, "theirs.mp4");

        // Every picture with its time, and what players seek by.
        Assert.Equal(await HashesAsync(film.PathOf("theirs.mp4")), await HashesAsync(film.PathOf("ours.mp4")));
        const string shown = "packet=pts,duration,flags:stream=codec_name,profile,level,width,height,pix_fmt,color_range,color_space,color_transfer,color_primaries,chroma_location,duration,nb_frames,time_base:format=duration,start_time";
        Assert.Equal(await SaidAsync("ffprobe", "-v", "error", "-show_entries", shown, film.PathOf("theirs.mp4")), await SaidAsync("ffprobe", "-v", "error", "-show_entries", shown, film.PathOf("ours.mp4")));
        // Of pieces that are too short to be decoded ahead the program's times of decoding are not even.
        var decoded = (await SaidAsync("ffprobe", "-v", "error", "-show_entries", "packet=dts", "-of", "csv=p=0", film.PathOf("ours.mp4"))).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => int.Parse(line.TrimEnd(','))).ToList();
        Assert.All(decoded.Zip(decoded.Skip(1)), pair => Assert.Equal(90_000 / fps, pair.Second - pair.First));
        Assert.True(Ffprobe.IsFastStart(await File.ReadAllBytesAsync(film.PathOf("ours.mp4"))));
    }

    [Fact]
    public async Task Places_of_64_bits_are_read_as_well()
    {
        using var film = new TestFilm(TestFilm.Small with { DurationSeconds = 2 }, 3);
        var (plan, paths) = await PiecesAsync(film);
        Assert.True(await Mp4Joiner.TryJoinAsync(plan, paths, film.PathOf("short.mp4"), default));
        var tracks = paths.Select(Read).ToList();
        await using (var output = File.Create(film.PathOf("long.mp4")))
        {
            await output.WriteAsync(Mp4Joiner.Head(tracks, isLong: true));
            foreach (var (track, path) in tracks.Zip(paths)) await output.WriteAsync((await File.ReadAllBytesAsync(path)).AsMemory((int)track.Data.From, (int)(track.Data.To - track.Data.From)));
        }

        Assert.True((await File.ReadAllBytesAsync(film.PathOf("long.mp4"))).AsSpan().IndexOf("co64"u8) > 0);
        Assert.Equal(await HashesAsync(film.PathOf("short.mp4")), await HashesAsync(film.PathOf("long.mp4")));
    }

    [Fact]
    public async Task What_is_not_of_this_film_or_not_whole_is_left_to_the_program()
    {
        using var film = new TestFilm(TestFilm.Small with { DurationSeconds = 2 }, 3);
        using var other = new TestFilm(TestFilm.Small with { DurationSeconds = 2, Width = 352, Height = 198 }, 3);
        var (plan, paths) = await PiecesAsync(film);
        var (_, others) = await PiecesAsync(other);
        var whole = await File.ReadAllBytesAsync(paths[1]);
        Assert.False(await TryAsync([paths[0], others[1], .. paths[2..]]));
        Assert.False(await TryAsync([paths[0], paths[0], .. paths[2..]]));
        Assert.False(await TryAsync([paths[0], film.PathOf("nothing"), .. paths[2..]]));
        // Cut off anywhere, or with any of the index's bytes turned: refused, or a film of the plan's length, and never a crash.
        foreach (var length in Enumerable.Range(0, 24).Select(i => i * whole.Length / 24)) Assert.False(await TryAsync([paths[0], await SaveAsync(whole[..length]), .. paths[2..]]));
        var index = whole.AsSpan().IndexOf("mdat"u8);
        for (var i = 0; i < index; i += 3)
        {
            var bent = whole.ToArray();
            bent[i] ^= 0x81;
            await TryAsync([paths[0], await SaveAsync(bent), .. paths[2..]]);
        }

        Task<bool> TryAsync(string[] pieces) => Mp4Joiner.TryJoinAsync(plan, pieces, film.PathOf("out.mp4"), default);

        async Task<string> SaveAsync(byte[] piece)
        {
            await File.WriteAllBytesAsync(film.PathOf("bent.mp4"), piece);
            return film.PathOf("bent.mp4");
        }
    }

    private static Mp4Track Read(string path)
    {
        using var file = File.OpenRead(path);
        Assert.True(Mp4Track.TryRead(file, out var track));
        return track;
    }

    private static async Task<(FilmPlan Plan, string[] Paths)> PiecesAsync(TestFilm film)
    {
        var plan = await film.PlanAsync();
        await film.RenderAsync(plan, "film");
        return (plan, [.. plan.Pieces.Select((_, i) => film.PathOf($"film-{i}.mp4"))]);
    }

    private static async Task JoinByProgramAsync(TestFilm film, FilmPlan plan, string[] paths, string name)
    {
        var list = film.PathOf("pieces.list");
        await File.WriteAllLinesAsync(list, plan.Pieces.Zip(paths).Select(pair => $"file '{Path.GetFileName(pair.Second)}'\nduration {(pair.First.FrameCount * 1_000_000L + plan.Settings.Fps / 2) / plan.Settings.Fps}us"));
        await SaidAsync("ffmpeg", "-v", "error", "-f", "concat", "-safe", "0", "-i", list, "-map", "0:v:0", "-c", "copy", "-bitexact", "-video_track_timescale", "90000", "-movflags", "+faststart", film.PathOf(name));
    }

    private static async Task<string> HashesAsync(string path) => await SaidAsync("ffmpeg", "-v", "error", "-i", path, "-f", "framemd5", "-");

    private static async Task<string> SaidAsync(string program, params string[] arguments)
    {
        var (output, errors) = await TestFilm.RunAsync(program, arguments);
        Assert.Equal("", errors);
        return Encoding.UTF8.GetString(output);
    }
}
