using VideoService.Rendering;

namespace VideoService.Tests.Rendering;

public sealed class FrameRingTests : IDisposable
{
    private readonly TestFilm _film = new(TestFilm.Small, 1);

    public void Dispose() => _film.Dispose();

    // Smaller than a page, some of which lie in the pipe together, and larger than the pipe.
    [Theory]
    [InlineData(3_456, 2_000)]
    [InlineData(345_600, 40)]
    [InlineData(1_382_400, 12)]
    public async Task A_reader_that_comes_late_sees_every_frame_as_it_was_given(int bytes, int count)
    {
        var ring = new FrameRing(bytes);
        await ReadAsync("sleep 0.3; exec cat > \"$0.read\"", async (input, token) =>
        {
            var taken = Task.CompletedTask;
            for (var i = 0; i < count; i++)
            {
                var frame = ring.Next();
                frame.AsSpan().Fill((byte)i);
                await taken;
                taken = input.GiveAsync(frame, token);
            }
            await taken;
        });
        var read = await File.ReadAllBytesAsync(_film.PathOf("reader.sh.read"));
        Assert.Equal((long)bytes * count, read.Length);
        for (var i = 0; i < count; i++) Assert.Equal(-1, read.AsSpan(i * bytes, bytes).IndexOfAnyExcept((byte)i));
    }

    [Fact]
    public async Task A_reader_that_goes_away_is_an_error() => await Assert.ThrowsAsync<EncoderException>(() => ReadAsync("exec sleep 0.1", async (input, token) =>
    {
        var ring = new FrameRing(1_000_000);
        for (var i = 0; i < 5; i++) await input.GiveAsync(ring.Next(), token);
    }));

    private async Task ReadAsync(string script, Func<WatchedInput, CancellationToken, Task> feed)
    {
        if (OperatingSystem.IsWindows()) return;
        var path = _film.PathOf("reader.sh");
        await File.WriteAllTextAsync(path, $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        using var ffmpeg = new Ffmpeg(new RenderingOptions { Ffmpeg = path });
        await ffmpeg.RunAsync([], feed, default);
    }
}
