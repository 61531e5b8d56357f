using System.Globalization;
using FrameVideo.Contracts;

namespace VideoService.Rendering;

/// <summary>Reads sounds of users. The child is told the one demuxer that the bytes were recognised for, a list of decoders, and no protocol but files: nothing else of ffmpeg is reached by them.</summary>
internal sealed class SoundDecoder(Ffmpeg ffmpeg)
{
    /// <summary>Samples a second, of each channel.</summary>
    public const int Rate = 48_000;

    /// <summary>Bytes of one sample of both channels: two floats.</summary>
    public const int Frame = 8;

    /// <summary>Bytes of memory. It takes 20 MiB; a file that says it has one sample a second would have the resampler take gigabytes.</summary>
    private const long MaxBytes = 512L << 20;

    /// <summary>So that a sound of hours is seen to be worked on.</summary>
    private static readonly string[] SignsOfLife = ["-progress", "pipe:1", "-nostats"];

    private const string Decoders =
        "mp3float,mp3,aac,alac,flac,opus,libopus,vorbis,pcm_s16le,pcm_s24le,pcm_s32le,pcm_u8,pcm_f32le,pcm_f64le,pcm_alaw,pcm_mulaw,adpcm_ms,adpcm_ima_wav";

    private static readonly TimeSpan CheckTime = TimeSpan.FromSeconds(10);

    /// <summary>Whether there is anything to hear from a place on; decodes up to there and a little beyond.</summary>
    /// <exception cref="SoundException">There is no sound in it, it cannot be decoded, or it ends before.</exception>
    /// <exception cref="EncoderMissingException">The program cannot be started.</exception>
    public async Task CheckAsync(string path, string kind, double start, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(CheckTime);
        try
        {
            var said = await DecodeAsync(path, kind, start, start + 0.1, ["-f", "null", "-"], limit.Token);
            var time = said.Split('\n').LastOrDefault(line => line.StartsWith("out_time_us=", StringComparison.Ordinal));
            if (time is null || !long.TryParse(time.AsSpan("out_time_us=".Length).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var heard) || heard == 0) throw Silent(start);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new SoundException(ErrorCodes.AudioUnreadable, "The sound takes too long to be read.");
        }
    }

    /// <summary>Decodes a part to a file of floats, two channels, and answers how many samples each has: no more than was asked for, and as many as there are.</summary>
    /// <exception cref="SoundException">There is no sound in it, it cannot be decoded, or it ends before the part begins.</exception>
    public async Task<long> DecodeAsync(string path, string kind, double start, double end, string outputPath, CancellationToken cancellationToken)
    {
        await DecodeAsync(path, kind, start, end, ["-y", "-f", "f32le", $"file:{outputPath}"], cancellationToken);
        var samples = new FileInfo(outputPath).Length / Frame;
        return samples > 0 ? samples : throw Silent(start);
    }

    private async Task<string> DecodeAsync(string path, string kind, double start, double end, string[] output, CancellationToken cancellationToken)
    {
        // Cut after decoding: a place in an MP3 of changing rate is found by counting alone.
        var filters = string.Create(
            CultureInfo.InvariantCulture,
            $"aresample={Rate},aformat=sample_fmts=flt:channel_layouts=stereo,atrim=start_sample={Samples(start)}:end_sample={Samples(end)},asetpts=N/SR/TB");
        try
        {
            return await ffmpeg.RunAsync(
                [
                    "-hide_banner", "-v", "error", "-protocol_whitelist", "file", "-codec_whitelist", Decoders, "-threads", "1", "-f", DemuxerOf(kind), "-i", $"file:{path}",
                    "-map", "0:a:0", "-vn", "-sn", "-dn", "-map_metadata", "-1", "-af", filters, .. SignsOfLife, .. output,
                ],
                null,
                cancellationToken,
                MaxBytes);
        }
        catch (EncoderException failure) when (failure is not EncoderSilentException && !failure.Details.Contains("No space left on device", StringComparison.Ordinal))
        {
            throw new SoundException(ErrorCodes.AudioUnreadable, "The sound cannot be decoded: its bytes are damaged, or no sound is in them.", failure);
        }
    }

    private static long Samples(double seconds) => (long)Math.Round(seconds * Rate);

    private static string DemuxerOf(string kind) => kind switch
    {
        "mp3" or "aac" or "wav" or "flac" or "ogg" => kind,
        "m4a" => "mov",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "This is no kind of sound."),
    };

    private static SoundException Silent(double start) => start > 0
        ? new SoundException(ErrorCodes.AudioUnreadable, string.Create(CultureInfo.InvariantCulture, $"Nothing of the sound is left after {start:0.###} s."))
        : new SoundException(ErrorCodes.AudioUnreadable, "Nothing can be heard of the sound: its bytes are damaged, or no sound is in them.");
}
