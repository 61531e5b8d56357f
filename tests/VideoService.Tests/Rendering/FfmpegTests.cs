using System.Diagnostics;
using FrameVideo.Contracts;
using VideoService.Rendering;

namespace VideoService.Tests.Rendering;

/// <summary>However a render ends, no encoder is left behind.</summary>
public sealed class FfmpegTests : IDisposable
{
    private readonly TestFilm _film = new(TestFilm.Small with { DurationSeconds = 600 }, 1);

    public void Dispose() => _film.Dispose();

    [Fact]
    public async Task A_canceled_render_ends_its_encoder_at_once()
    {
        using var cancel = new CancellationTokenSource();
        var watch = new Stopwatch();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => RenderAsync(
            frame =>
            {
                if (frame != 5) return;
                Assert.Single(_film.EncodersAtWork());
                watch.Start();
                cancel.Cancel();
            },
            cancellationToken: cancel.Token));
        // The film would take far longer; the figure itself is the latency campaign's.
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(20));
        Assert.Empty(_film.EncodersAtWork());
    }

    [Fact]
    public async Task A_killed_encoder_is_a_failed_render()
    {
        var problem = await Assert.ThrowsAsync<EncoderException>(() => RenderAsync(frame =>
        {
            if (frame != 5) return;
            using var encoder = Process.GetProcessById(_film.EncodersAtWork().Single());
            encoder.Kill();
        }));
        Assert.Equal(ErrorCodes.RenderFailed, problem.Code);
        Assert.Contains("137", problem.Message, StringComparison.Ordinal);
        Assert.Empty(_film.EncodersAtWork());
    }

    [Fact]
    public async Task A_failure_while_drawing_ends_the_encoder_too()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => RenderAsync(frame =>
        {
            if (frame == 5) throw new InvalidOperationException("Something of the caller's.");
        }));
        Assert.Empty(_film.EncodersAtWork());
    }

    [Fact]
    public async Task The_encoders_last_words_are_told()
    {
        var problem = await Assert.ThrowsAsync<EncoderException>(() => RenderAsync(_ => { }, _film.PathOf("no/such/folder.mp4")));
        Assert.Contains("No such file", problem.Details, StringComparison.Ordinal);
        Assert.DoesNotContain(_film.Folder, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_encoder_says_so()
    {
        using var ffmpeg = new Ffmpeg(new RenderingOptions { Ffmpeg = "no-such-ffmpeg" });
        Assert.Equal(ErrorCodes.EncoderMissing, (await Assert.ThrowsAsync<EncoderMissingException>(() => ffmpeg.VersionAsync(default))).Code);

        // A file that is no program.
        using var other = new Ffmpeg(new RenderingOptions { Ffmpeg = _film.Folder });
        await Assert.ThrowsAsync<EncoderMissingException>(() => other.VersionAsync(default));
    }

    [Fact]
    public async Task The_version_is_asked_once()
    {
        var program = Script("echo asked >> \"$(dirname \"$0\")/log\"; echo 'ffmpeg version 9.9-test Copyright (c) someone'");
        using var ffmpeg = new Ffmpeg(new RenderingOptions { Ffmpeg = program });
        Assert.Equal(["9.9-test", "9.9-test"], await Task.WhenAll(ffmpeg.VersionAsync(default), ffmpeg.VersionAsync(default)));
        Assert.Single(await File.ReadAllLinesAsync(_film.PathOf("log")));
    }

    [Fact]
    public async Task An_encoder_that_hangs_is_killed()
    {
        var program = Script("exec tail -f \"$0\"");
        using var ffmpeg = new Ffmpeg(new RenderingOptions { Ffmpeg = program });
        using var cancel = new CancellationTokenSource(300);
        var watch = Stopwatch.StartNew();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ffmpeg.RunAsync([_film.Folder], (input, _) => input.WriteAsync(new byte[1_000_000], default).AsTask(), cancel.Token));
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromMinutes(1));
        Assert.Empty(_film.EncodersAtWork());
    }

    [Fact]
    public async Task An_encoder_without_a_sign_of_life_is_ended_and_says_why()
    {
        var program = Script("echo the end >&2; exec tail -f \"$0\" > /dev/null");
        using var ffmpeg = new Ffmpeg(new RenderingOptions { Ffmpeg = program, EncoderTimeout = TimeSpan.FromSeconds(0.3) });
        var problem = await Assert.ThrowsAsync<EncoderSilentException>(() => ffmpeg.RunAsync([_film.Folder], (input, token) => input.WriteAsync(new byte[1_000_000], token).AsTask(), default));
        Assert.Contains("no sign of life for 0.3 s", problem.Message, StringComparison.Ordinal);
        Assert.Equal("the end", problem.Details);
        Assert.Empty(_film.EncodersAtWork());
    }

    [Fact]
    public async Task A_slow_encoder_that_lives_is_let_be()
    {
        var program = Script("for i in 1 2 3 4 5 6 7 8; do sleep 0.2; echo alive; done");
        using var ffmpeg = new Ffmpeg(new RenderingOptions { Ffmpeg = program, EncoderTimeout = TimeSpan.FromSeconds(1) });
        Assert.StartsWith("alive", await ffmpeg.RunAsync([], null, default), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_talkative_encoder_does_not_stop()
    {
        var program = Script("i=0; while [ $i -lt 20000 ]; do echo 'a line of complaint'; i=$((i+1)); done >&2; cat > /dev/null; echo the end >&2; exit 3");
        using var ffmpeg = new Ffmpeg(new RenderingOptions { Ffmpeg = program });
        var problem = await Assert.ThrowsAsync<EncoderException>(() => ffmpeg.RunAsync([], (input, _) => input.WriteAsync(new byte[1_000_000], default).AsTask(), default));
        Assert.EndsWith("the end", problem.Details, StringComparison.Ordinal);
        Assert.Equal(20, problem.Details.Split('\n').Length);
    }

    [Fact]
    public async Task An_encoder_that_takes_too_much_memory_fails()
    {
        if (!OperatingSystem.IsLinux()) return;
        using var film = new TestFilm(TestFilm.Small with { Width = 1920, Height = 1080 }, 1, new RenderingOptions { MaxEncoderBytes = 64 << 20 });
        var plan = await film.PlanAsync();
        using var pictures = film.Pictures(plan);
        var problem = await Assert.ThrowsAsync<EncoderException>(() => film.Renderer.RenderPieceAsync(plan, plan.Pieces[0], pictures, film.PathOf("piece.mp4"), null, default));
        Assert.Contains("malloc", problem.Details, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_encoder_that_writes_too_much_is_ended_and_the_film_has_failed()
    {
        if (!OperatingSystem.IsLinux()) return;
        var program = Script("cat > /dev/null; exec head -c 3000000 /dev/zero > \"$0.out\"");
        using var ffmpeg = new Ffmpeg(new RenderingOptions { Ffmpeg = program, MaxTemporaryBytes = 1 << 20 });
        var problem = await Assert.ThrowsAsync<TemporarySpaceException>(() => ffmpeg.RunAsync([], null, default));
        Assert.Contains("1 MiB", problem.Message, StringComparison.Ordinal);
        Assert.Equal(1 << 20, new FileInfo($"{program}.out").Length);
    }

    [Fact]
    public void The_pieces_of_a_film_are_counted_twice_since_the_film_holds_them_again()
    {
        var space = new TemporarySpace(new RenderingOptions { MaxTemporaryBytes = 1 << 20 });
        File.WriteAllBytes(_film.PathOf("piece"), new byte[200_000]);
        space.Take(_film.PathOf("piece"));
        space.Take(_film.PathOf("piece"));
        Assert.Equal(ErrorCodes.RenderFailed, Assert.Throws<TemporarySpaceException>(() => space.Take(_film.PathOf("piece"))).Code);
    }

    private async Task RenderAsync(Action<int> told, string? output = null, CancellationToken cancellationToken = default)
    {
        var plan = await _film.PlanAsync();
        using var pictures = _film.Pictures(plan);
        await _film.Renderer.RenderPieceAsync(plan, plan.Pieces[0], pictures, output ?? _film.PathOf("piece.mp4"), new Told(told), cancellationToken);
    }

    private string Script(string body)
    {
        var path = _film.PathOf("program.sh");
        File.WriteAllText(path, $"#!/bin/sh\n{body}\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }

    private sealed class Told(Action<int> tell) : IProgress<int>
    {
        public void Report(int value) => tell(value);
    }
}
