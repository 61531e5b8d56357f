namespace VideoService.Rendering;

/// <summary>Encodes one piece: raw film frames into the encoder's standard input, an MP4 file out.</summary>
internal sealed class Encoder(Ffmpeg ffmpeg)
{
    /// <summary>Encodes film frames one after another; the next is made while the encoder takes and works on the last.</summary>
    /// <param name="film">Size, rate and quality.</param>
    /// <param name="frameCount">How many film frames there are.</param>
    /// <param name="frame">Film frame i, from 0, as packed I420, of a <see cref="FrameRing"/>.</param>
    /// <param name="outputPath">A temporary file, written anew.</param>
    /// <param name="encoded">Told after each film frame how many have gone in.</param>
    /// <param name="cancellationToken">Kills the encoder.</param>
    /// <inheritdoc cref="Ffmpeg.RunAsync" path="/exception"/>
    public Task EncodeAsync(
        FilmSettings film, int frameCount, Func<int, ReadOnlyMemory<byte>> frame, string outputPath, IProgress<int>? encoded, CancellationToken cancellationToken)
    {
        // "file:" keeps a name from being read as a protocol or an option.
        string[] arguments = ["-hide_banner", "-v", "error", "-y", .. EncoderArguments.For(film), $"file:{outputPath}"];
        return ffmpeg.RunAsync(arguments, FeedAsync, cancellationToken);

        async Task FeedAsync(WatchedInput input, CancellationToken canceled)
        {
            var taken = Task.CompletedTask;
            for (var i = 0; i < frameCount; i++)
            {
                canceled.ThrowIfCancellationRequested();
                var next = frame(i);
                await taken;
                if (i > 0) encoded?.Report(i);
                taken = input.GiveAsync(next, canceled);
            }
            await taken;
            encoded?.Report(frameCount);
        }
    }
}
