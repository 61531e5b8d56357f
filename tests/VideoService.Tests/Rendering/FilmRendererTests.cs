using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using FrameVideo.Contracts;
using SkiaSharp;
using VideoService.Rendering;

namespace VideoService.Tests.Rendering;

/// <summary>Films as ffmpeg and ffprobe see them.</summary>
public sealed class FilmRendererTests : IDisposable
{
    private readonly TestFilm _film = new(TestFilm.Small, 3);

    public void Dispose() => _film.Dispose();

    [Fact]
    public async Task A_film_is_H264_with_exact_frames_even_times_right_tags_and_its_index_in_front()
    {
        var plan = await _film.PlanAsync();
        var path = await _film.RenderAsync(plan, "film");

        var (output, _) = await TestFilm.RunAsync("ffprobe", "-v", "error", "-count_frames", "-show_streams", "-show_format", "-show_frames", "-of", "json", path);
        using var probe = JsonDocument.Parse(output);
        var stream = Assert.Single(probe.RootElement.GetProperty("streams").EnumerateArray());
        string Text(string name) => stream.GetProperty(name).GetString()!;
        Assert.Equal(("h264", "yuv420p", "tv", "left"), (Text("codec_name"), Text("pix_fmt"), Text("color_range"), Text("chroma_location")));
        Assert.Equal(("bt709", "bt709", "bt709"), (Text("color_space"), Text("color_primaries"), Text("color_transfer")));
        Assert.Equal(("25/1", "25/1", "125"), (Text("r_frame_rate"), Text("avg_frame_rate"), Text("nb_read_frames")));
        Assert.Equal((320, 180), (stream.GetProperty("width").GetInt32(), stream.GetProperty("height").GetInt32()));
        Assert.Equal(5, double.Parse(probe.RootElement.GetProperty("format").GetProperty("duration").GetString()!), 0.001);

        var times = probe.RootElement.GetProperty("frames").EnumerateArray().Select(frame => frame.GetProperty("pts").GetInt64());
        Assert.Equal(Enumerable.Range(0, 125).Select(i => i * 3600L), times);
        Assert.Equal(["ftyp", "moov", "mdat"], Boxes(await File.ReadAllBytesAsync(path)));

        var (_, errors) = await TestFilm.RunAsync("ffmpeg", "-v", "error", "-xerror", "-err_detect", "explode", "-i", path, "-f", "null", "-");
        Assert.Equal("", errors);
        Assert.Equal(plan.Pieces.Count + 1, Directory.GetFiles(_film.Folder).Length);
    }

    [Fact]
    public async Task Every_decoded_frame_is_the_drawn_one_across_all_seams()
    {
        var plan = await _film.PlanAsync();
        var path = await _film.RenderAsync(plan, "film");
        using var pictures = _film.Pictures(plan);
        var drawn = await TestFilm.DrawAsync(plan, pictures);
        var (decoded, _) = await TestFilm.RunAsync("ffmpeg", "-v", "error", "-i", path, "-f", "rawvideo", "-pix_fmt", "yuv420p", "pipe:1");
        Assert.Equal(drawn.Count * drawn[0].Length, decoded.Length);
        for (var i = 0; i < drawn.Count; i++) Assert.InRange(Psnr(drawn[i], decoded.AsSpan(i * drawn[0].Length, drawn[0].Length)), 36, 100);

        // Neighbouring frames differ as little across a seam as within a piece: the camera does not jump.
        var steps = drawn.Zip(drawn.Skip(1), (one, next) => Psnr(one, next)).ToList();
        foreach (var piece in plan.Pieces.Skip(1)) Assert.InRange(steps[piece.StartFrame - 1], steps.Order().ElementAt(10) - 3, 100);
    }

    [Fact]
    public async Task Two_runs_give_the_same_bytes()
    {
        var plan = await _film.PlanAsync();
        Assert.Equal(await File.ReadAllBytesAsync(await _film.RenderAsync(plan, "one")), await File.ReadAllBytesAsync(await _film.RenderAsync(plan, "two")));
    }

    [Theory]
    [InlineData(VideoQuality.Draft, Motion.None, Transition.Cut, 60)]
    [InlineData(VideoQuality.High, Motion.KenBurns, Transition.Fade, 24)]
    [InlineData(VideoQuality.Standard, Motion.KenBurns, Transition.Fade, 50)]
    public async Task Every_quality_and_rate_gives_the_frames_of_the_plan(VideoQuality quality, Motion motion, Transition transition, int fps)
    {
        using var film = new TestFilm(TestFilm.Small with { DurationSeconds = 1.1, Fps = fps, Quality = quality, Motion = motion, Transition = transition }, 4);
        var plan = await film.PlanAsync();
        var path = await film.RenderAsync(plan, "film");
        var (output, _) = await TestFilm.RunAsync("ffprobe", "-v", "error", "-count_frames", "-show_entries", "stream=nb_read_frames", "-of", "csv=p=0", path);
        Assert.Equal(plan.FrameCount, int.Parse(Encoding.ASCII.GetString(output).Trim()));
    }

    [Theory]
    [InlineData(24, 0.5, 12)]
    [InlineData(30, 1.0, 30)]
    [InlineData(60, 3.35, 7)]
    public async Task Times_are_even_where_no_piece_lasts_whole_milliseconds(int fps, double duration, int count)
    {
        using var film = new TestFilm(TestFilm.Small with { DurationSeconds = duration, Fps = fps, Width = 64, Height = 36 }, count);
        var path = await film.RenderAsync(await film.PlanAsync(), "film");
        var (output, _) = await TestFilm.RunAsync("ffprobe", "-v", "error", "-show_entries", "frame=pts", "-of", "csv=p=0", path);
        var times = Encoding.ASCII.GetString(output).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => long.Parse(line.TrimEnd(',')));
        Assert.Equal(Enumerable.Range(0, (int)Math.Round(duration * fps)).Select(i => i * 90_000L / fps), times);
    }

    [Fact]
    public async Task Progress_counts_every_frame_of_a_piece()
    {
        var plan = await _film.PlanAsync();
        using var pictures = _film.Pictures(plan);
        var told = new List<int>();
        await _film.Renderer.RenderPieceAsync(plan, plan.Pieces[1], pictures, _film.PathOf("piece.mp4"), new Told(told.Add), default);
        Assert.Equal(Enumerable.Range(1, plan.Pieces[1].FrameCount), told);
    }

    [Fact]
    public async Task The_poster_is_the_films_first_picture()
    {
        var plan = await _film.PlanAsync();
        using var pictures = _film.Pictures(plan);
        await _film.Renderer.RenderPosterAsync(plan, pictures, _film.PathOf("poster.jpg"), default);
        using var poster = SKBitmap.Decode(_film.PathOf("poster.jpg"));
        Assert.Equal((320, 180), (poster.Width, poster.Height));
        using var first = ColourMatrix.ToBitmap((await TestFilm.DrawAsync(plan, pictures))[0], 320, 180);
        Assert.True(first.Pixels.Zip(poster.Pixels).Average(pair => Math.Abs(pair.First.Green - pair.Second.Green)) < 4);
    }

    [Fact]
    public async Task A_film_that_lacks_a_piece_is_not_published()
    {
        var plan = await _film.PlanAsync();
        await _film.RenderAsync(plan, "film");
        var paths = plan.Pieces.Select((_, i) => _film.PathOf($"film-{i}.mp4")).ToArray();
        await File.WriteAllTextAsync(paths[2], "no film");
        await Assert.ThrowsAsync<EncoderException>(() => _film.Renderer.MergeAsync(plan, paths, null, _film.PathOf("out.mp4"), default));
        File.Delete(paths[2]);
        await Assert.ThrowsAsync<EncoderException>(() => _film.Renderer.MergeAsync(plan, paths, null, _film.PathOf("out.mp4"), default));
        await Assert.ThrowsAsync<ArgumentException>(() => _film.Renderer.MergeAsync(plan, paths[1..], null, _film.PathOf("out.mp4"), default));
        Assert.Empty(Directory.GetFiles(_film.Folder, "*.list"));
    }

    [Fact]
    public async Task A_broken_picture_is_named_and_starts_no_encoder()
    {
        var good = TestPictures.Flat(64, 36, SKColors.Green);
        using var film = new TestFilm(TestFilm.Small, 0, pictures: [good, TestPictures.Png(64, 36, 8, 2, _ => new byte[3])]);
        var plan = await film.PlanAsync();
        using var pictures = film.Pictures(plan);
        var problem = await Assert.ThrowsAsync<PictureException>(
            () => film.Renderer.RenderPieceAsync(plan, plan.Pieces[1], pictures, film.PathOf("piece.mp4"), null, default));
        Assert.Equal((ErrorCodes.FrameCorrupt, 2), (problem.Code, problem.Frame));
        Assert.False(File.Exists(film.PathOf("piece.mp4")));
    }

    private static List<string> Boxes(byte[] file)
    {
        var boxes = new List<string>();
        for (var at = 0; at < file.Length; at += BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(at))) boxes.Add(Encoding.ASCII.GetString(file, at + 4, 4));
        return boxes;
    }

    private static double Psnr(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        double sum = 0;
        for (var i = 0; i < a.Length; i++) sum += (a[i] - b[i]) * (a[i] - b[i]);
        return sum == 0 ? 100 : 10 * Math.Log10(255.0 * 255 * a.Length / sum);
    }

    private sealed class Told(Action<int> tell) : IProgress<int>
    {
        public void Report(int value) => tell(value);
    }
}
