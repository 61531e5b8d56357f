using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using FrameVideo.Contracts;
using FrameVideo.TestKit;
using VideoService.Rendering;

namespace VideoService.Tests.Rendering;

/// <summary>Sounds as ffmpeg and ffprobe hear them.</summary>
public sealed class SoundtrackTests : IDisposable
{
    private static readonly SoundPlan Plain = new("wav", 0, Loop: true, 0, null, Normalize: true, 0);
    private readonly TestFilm _film = new(TestFilm.Small, 2);

    public void Dispose() => _film.Dispose();

    [Theory]
    [InlineData("mp3", "libmp3lame")]
    [InlineData("m4a", "aac")]
    [InlineData("aac", "aac")]
    [InlineData("wav", "pcm_s24le")]
    [InlineData("flac", "flac")]
    [InlineData("ogg", "libopus")]
    [InlineData("ogg", "libvorbis")]
    public async Task Every_kind_becomes_as_long_as_the_film_and_as_loud_as_films_are(string kind, string codec)
    {
        var path = await BringAsync(Sounds.Wav(2, amplitude: 0.02), kind, codec);
        var made = await MakeAsync(Plain with { Kind = kind }, path);
        Assert.Equal(5, await LengthAsync(made), 0.0001);
        var (loudness, peak) = await HearAsync(made);
        Assert.InRange(loudness, -15, -13);
        Assert.InRange(peak, -40, -0.5);
    }

    [Theory]
    [InlineData(VideoFormat.Mp4)]
    [InlineData(VideoFormat.WebM)]
    public async Task Film_and_sound_are_of_one_length_and_the_film_keeps_its_pictures(VideoFormat format)
    {
        using var film = new TestFilm(TestFilm.Small with { Format = format }, 2);
        var plan = await film.PlanAsync();
        var silent = await film.RenderAsync(plan, "film");
        var made = film.PathOf("sound");
        await film.Renderer.MakeSoundAsync(Plain, plan, await BringAsync(Sounds.Wav(3)), made, default);
        var paths = plan.Pieces.Select((_, i) => film.PathOf($"film-{i}.{film.Settings.Extension}")).ToArray();
        var whole = film.PathOf($"sounding.{film.Settings.Extension}");
        await film.Renderer.MergeAsync(plan, paths, new FilmTracks(made), whole, default);

        Assert.Equal(5, await LengthAsync(whole, "a:0"), 0.0201);
        Assert.Equal(5, await LengthAsync(whole, "v:0"), 0.0011);
        Assert.Equal(await PicturesAsync(silent), await PicturesAsync(whole));
        if (format == VideoFormat.Mp4) Assert.True(Ffprobe.IsFastStart(await File.ReadAllBytesAsync(whole)));
        var (_, errors) = await TestFilm.RunAsync("ffmpeg", "-v", "error", "-xerror", "-err_detect", "explode", "-i", whole, "-f", "null", "-");
        Assert.Equal("", errors);
        var (loudness, _) = await HearAsync(whole);
        Assert.InRange(loudness, -15, -13);
    }

    [Fact]
    public async Task Peaks_that_stand_in_the_way_are_limited_and_the_whole_is_as_loud_all_the_same()
    {
        // Soft, with a click of nearly full scale each half second.
        var wav = Sounds.Wav(5, hertz: 300, amplitude: 0.03);
        var samples = MemoryMarshal.Cast<byte, short>(wav.AsSpan(44));
        for (var i = 0; i < samples.Length; i += 48_000) samples.Slice(i, 96).Fill(30_000);
        var made = await MakeAsync(Plain, await BringAsync(wav));
        var (loudness, peak) = await HearAsync(made);
        Assert.InRange(loudness, -15, -13);
        Assert.InRange(peak, -6, 0);
    }

    [Fact]
    public async Task Gain_counts_from_the_loudness_and_without_normalising_from_the_sound()
    {
        var path = await BringAsync(Sounds.Wav(5, amplitude: 0.1));
        var (own, _) = await HearAsync(path);
        Assert.InRange((await HearAsync(await MakeAsync(Plain with { Gain = -10 }, path))).Loudness, -24.5, -23.5);
        Assert.InRange((await HearAsync(await MakeAsync(Plain with { Normalize = false }, path))).Loudness, own - 0.7, own + 0.5);
        Assert.InRange((await HearAsync(await MakeAsync(Plain with { Normalize = false, Gain = -6 }, path))).Loudness, own - 6.7, own - 5.5);
    }

    [Fact]
    public async Task A_sound_is_looped_or_ends_and_begins_where_it_is_said()
    {
        // Half a second of silence before half a second of a tone.
        var wav = Sounds.Wav(1);
        wav.AsSpan(44, 4 * 24_000).Clear();
        var path = await BringAsync(wav);

        var looped = await LevelsAsync(await MakeAsync(Plain with { FadeOut = 0 }, path));
        Assert.All(Enumerable.Range(0, 5), second => Assert.True(looped[4 * second] < looped[(4 * second) + 2] / 10, $"second {second}"));
        var once = await LevelsAsync(await MakeAsync(Plain with { Loop = false }, path));
        Assert.True(once[2] > 0.05 && once[5..].All(level => level < 0.001));
        var later = await LevelsAsync(await MakeAsync(Plain with { Start = 0.5, FadeOut = 0 }, path));
        Assert.True(later[..^1].All(level => level > 0.05));
    }

    [Fact]
    public async Task A_sound_rises_and_falls_and_what_the_film_cuts_off_falls_by_itself()
    {
        var path = await BringAsync(Sounds.Wav(8));
        var faded = await LevelsAsync(await MakeAsync(Plain with { FadeIn = 2, FadeOut = 2 }, path));
        Assert.True(faded[0] < faded[4] / 3 && faded[4] < faded[9] && faded[^1] < faded[^5] / 3 && faded[^5] < faded[9]);
        var cut = await LevelsAsync(await MakeAsync(Plain, path));
        Assert.True(cut[0] > cut[8] * 0.9 && cut[^1] < cut[8] / 3);
        var whole = await LevelsAsync(await MakeAsync(Plain with { FadeOut = 0 }, path));
        Assert.True(whole[^1] > whole[8] * 0.9);
    }

    [Fact]
    public async Task Of_a_film_the_sound_alone_is_taken()
    {
        var plan = await _film.PlanAsync();
        var silent = await _film.RenderAsync(plan, "film");
        var with = _film.PathOf("with.m4a");
        await TestFilm.RunAsync("ffmpeg", "-v", "error", "-i", silent, "-i", await BringAsync(Sounds.Wav(5)), "-c:v", "copy", "-c:a", "aac", "-f", "mp4", with);
        await _film.Renderer.CheckSoundAsync(with, "m4a", 0, default);
        Assert.Equal(5, await LengthAsync(await MakeAsync(Plain with { Kind = "m4a" }, with)), 0.0001);
        Assert.Equal(ErrorCodes.AudioUnreadable, (await Assert.ThrowsAsync<SoundException>(() => _film.Renderer.CheckSoundAsync(silent, "m4a", 0, default))).Code);
    }

    [Theory]
    [InlineData("mp3")]
    [InlineData("m4a")]
    [InlineData("aac")]
    [InlineData("wav")]
    [InlineData("flac")]
    [InlineData("ogg")]
    public async Task What_is_no_sound_is_told_so_and_so_is_a_beginning_past_the_end(string kind)
    {
        var noise = _film.PathOf("noise");
        var bytes = new byte[4000];
        new Random(7).NextBytes(bytes);
        await File.WriteAllBytesAsync(noise, bytes);
        var refused = await Assert.ThrowsAsync<SoundException>(() => _film.Renderer.CheckSoundAsync(noise, kind, 0, default));
        Assert.Equal(ErrorCodes.AudioUnreadable, refused.Code);
        Assert.DoesNotContain(_film.Folder, refused.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<SoundException>(() => MakeAsync(Plain with { Kind = kind }, noise));

        var path = await BringAsync(Sounds.Wav(1));
        await _film.Renderer.CheckSoundAsync(path, "wav", 0.5, default);
        Assert.Contains("after 2 s", (await Assert.ThrowsAsync<SoundException>(() => _film.Renderer.CheckSoundAsync(path, "wav", 2, default))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Silence_stays_silence()
    {
        var made = await MakeAsync(Plain, await BringAsync(Sounds.Wav(2, amplitude: 0)));
        Assert.All(await LevelsAsync(made), level => Assert.True(level < 0.001));
    }

    [Fact]
    public async Task Samples_that_are_no_numbers_are_silence_and_the_rest_is_heard()
    {
        // A second of a tone, then half a second that is no number and half a second beyond all measure.
        var samples = new float[2 * 96_000];
        for (var i = 0; i < samples.Length; i++) samples[i] = i < 96_000 ? 0.1f * MathF.Sin(i / 2 / 20f) : i < 144_000 ? (i % 3 == 0 ? float.NaN : float.PositiveInfinity) : 0;
        samples[^1] = 1e30f;
        var path = await BringAsync(Wav(48_000, 2, isFloat: true, MemoryMarshal.AsBytes<float>(samples).ToArray()));
        await _film.Renderer.CheckSoundAsync(path, "wav", 0, default);
        var made = await MakeAsync(Plain with { Loop = false }, path);
        Assert.Equal(5, await LengthAsync(made), 0.0001);
        Assert.True((await LevelsAsync(made))[1] > 0.0001);
    }

    [Fact]
    public async Task A_sound_of_a_sample_is_looped_by_the_bufferful()
    {
        var path = _film.PathOf("sample");
        await File.WriteAllBytesAsync(path, MemoryMarshal.AsBytes<float>(new[] { 0.25f, -0.5f, 1f, 0f, 0.5f, 0.75f }).ToArray());
        var output = new CountedStream();
        await new LoopedSamples(path, 3, 1_000_001, loop: true).WriteAsync(output, default);
        Assert.Equal(8_000_008, output.Length);
        Assert.InRange(output.Writes, 1, 200);
        var written = MemoryMarshal.Cast<byte, float>(output.ToArray());
        for (var i = 0; i < written.Length; i++) Assert.Equal((i % 6) switch { 0 => 0.25f, 1 => -0.5f, 2 => 1f, 3 => 0f, 4 => 0.5f, _ => 0.75f }, written[i]);
    }

    [Fact]
    public async Task A_file_that_claims_one_sample_a_second_takes_no_gigabytes()
    {
        var path = await BringAsync(Wav(1, 1, isFloat: false, new byte[20_000]));
        var refused = await Assert.ThrowsAsync<SoundException>(() => _film.Renderer.CheckSoundAsync(path, "wav", 0, default));
        Assert.Equal(ErrorCodes.AudioUnreadable, refused.Code);
        Assert.Contains("decoded", refused.Message, StringComparison.Ordinal);
    }

    private static byte[] Wav(int rate, short channels, bool isFloat, byte[] data)
    {
        var bits = isFloat ? 32 : 8;
        using var wav = new MemoryStream();
        using var writer = new BinaryWriter(wav);
        writer.Write("RIFF"u8);
        writer.Write(36 + data.Length);
        writer.Write("WAVEfmt "u8);
        writer.Write(16);
        writer.Write((short)(isFloat ? 3 : 1));
        writer.Write(channels);
        writer.Write(rate);
        writer.Write(rate * channels * bits / 8);
        writer.Write((short)(channels * bits / 8));
        writer.Write((short)bits);
        writer.Write("data"u8);
        writer.Write(data.Length);
        writer.Write(data);
        return wav.ToArray();
    }

    private sealed class CountedStream : MemoryStream
    {
        public int Writes { get; private set; }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Writes++;
            Write(buffer.Span);
            return ValueTask.CompletedTask;
        }
    }

    private async Task<string> BringAsync(byte[] wav, string kind = "wav", string? codec = null)
    {
        var path = _film.PathOf($"brought-{Guid.NewGuid():n}.wav");
        await File.WriteAllBytesAsync(path, wav);
        if (codec is null) return path;
        var other = Path.ChangeExtension(path, $"brought.{kind}");
        var (_, errors) = await TestFilm.RunAsync("ffmpeg", "-v", "error", "-i", path, "-c:a", codec, other);
        Assert.Equal("", errors);
        return other;
    }

    private async Task<string> MakeAsync(SoundPlan sound, string path)
    {
        var output = _film.PathOf($"made-{Guid.NewGuid():n}.mp4");
        await _film.Renderer.MakeSoundAsync(sound, await _film.PlanAsync(), path, output, default);
        Assert.False(File.Exists($"{output}.f32"));
        return output;
    }

    /// <summary>From the beginning of the first packet that is heard to the end of the last one, as the file's edit list has it.</summary>
    private static async Task<double> LengthAsync(string path, string stream = "a:0")
    {
        var (output, _) = await TestFilm.RunAsync("ffprobe", "-v", "error", "-select_streams", stream, "-show_entries", "packet=pts_time,duration_time", "-of", "csv=p=0", path);
        var packets = System.Text.Encoding.ASCII.GetString(output).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(',')).Select(parts => (Start: double.Parse(parts[0], CultureInfo.InvariantCulture), End: double.Parse(parts[0], CultureInfo.InvariantCulture) + double.Parse(parts[1], CultureInfo.InvariantCulture))).ToList();
        return packets.Max(packet => packet.End) - Math.Max(0, packets.Min(packet => packet.Start));
    }

    // Decoded: the encoder's program repeats the parameters of decoding in front of each piece.
    private static async Task<string> PicturesAsync(string path) => System.Text.Encoding.ASCII.GetString((await TestFilm.RunAsync("ffmpeg", "-v", "error", "-copyts", "-i", path, "-map", "0:v", "-f", "framehash", "-")).Output);

    private static async Task<(double Loudness, double Peak)> HearAsync(string path)
    {
        var (_, said) = await TestFilm.RunAsync("ffmpeg", "-hide_banner", "-nostats", "-i", path, "-map", "0:a", "-af", "ebur128=peak=true:framelog=verbose", "-f", "null", "-");
        return (double.Parse(Value("I").Match(said).Groups["value"].Value, CultureInfo.InvariantCulture), double.Parse(Value("Peak").Match(said).Groups["value"].Value, CultureInfo.InvariantCulture));

        static Regex Value(string name) => new($"{name}: +(?<value>-?[0-9.]+)", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));
    }

    /// <summary>The level of each quarter of a second, 0-1.</summary>
    private static async Task<double[]> LevelsAsync(string path)
    {
        var (output, _) = await TestFilm.RunAsync("ffmpeg", "-v", "error", "-i", path, "-ac", "1", "-ar", "48000", "-f", "f32le", "pipe:1");
        return [.. MemoryMarshal.Cast<byte, float>(output).ToArray().Take(240_000).Chunk(12_000).Select(part => Math.Sqrt(part.Average(sample => (double)sample * sample)))];
    }
}
