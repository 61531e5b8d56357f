using System.Globalization;
using FrameVideo.Contracts;

namespace VideoService.Rendering;

/// <summary>Makes the sound of a film: exactly as long as its pictures, 48 kHz, two channels.</summary>
/// <remarks>
/// <code>
/// 1. Decode     the part that is wanted -> a file of floats                              SoundDecoder
/// 2. Feed       those again and again, or once and then silence, as long as the film     LoopedSamples
/// 3. Measure    with its fades: loudness by EBU R 128, true peak                         LoudnessMeter
/// 4. Gain       to -14 LUFS; where peaks would be cut, a limiter, and measured anew
/// 5. Encode     AAC in MP4, or Opus in WebM, to be copied beside the pictures
/// </code>
/// One gain for the whole sound: loud and soft stay as far apart as they were, unless peaks stand in the way.
/// </remarks>
internal sealed class Soundtrack(Ffmpeg ffmpeg)
{
    /// <summary>LUFS, as the large platforms play films.</summary>
    public const double Loudness = -14;

    /// <summary>dBTP: what lossy coding adds to peaks stays below full scale (EBU R 128, section 4).</summary>
    private const double Ceiling = -1;

    /// <summary>Decibels; what is softer is as good as silent, and would be raised as noise.</summary>
    private const double MostGain = 30;

    private const double LeastLoudness = -70;
    private const int Rounds = 4;
    private const double CutOffFade = 1;

    private readonly SoundDecoder _decoder = new(ffmpeg);
    private readonly LoudnessMeter _meter = new(ffmpeg);

    /// <inheritdoc cref="SoundDecoder.CheckAsync"/>
    public Task CheckAsync(string path, string kind, double start, CancellationToken cancellationToken) => _decoder.CheckAsync(path, kind, start, cancellationToken);

    /// <summary>Makes a film's sound.</summary>
    /// <param name="plan">What is wanted.</param>
    /// <param name="film">Its length and rate.</param>
    /// <param name="path">The sound that somebody brought, under a name of ours.</param>
    /// <param name="encoding">What the film's container holds.</param>
    /// <param name="outputPath">A temporary file, written anew; another one beside it is removed.</param>
    /// <param name="cancellationToken">Ends the child at once.</param>
    /// <exception cref="SoundException">It cannot be decoded, or ends before it is to begin.</exception>
    public async Task MakeAsync(SoundPlan plan, FilmPlan film, string path, SoundEncoding encoding, string outputPath, CancellationToken cancellationToken)
    {
        // Whole for every rate that films have.
        var samples = (long)film.FrameCount * SoundDecoder.Rate / film.Settings.Fps;
        var decoded = $"{outputPath}.f32";
        try
        {
            // One more than is needed tells whether the film cuts it off.
            var there = await _decoder.DecodeAsync(path, plan.Kind, plan.Start, plan.Start + ((samples + 1.0) / SoundDecoder.Rate), decoded, cancellationToken);
            var feed = new LoopedSamples(decoded, Math.Min(there, samples), samples, plan.Loop);
            var fades = Fades(plan, Math.Min(there, samples), samples, isCut: there > samples || (plan.Loop && there < samples));
            var level = await LevelAsync(plan, feed, fades, cancellationToken);
            var whole = string.Create(CultureInfo.InvariantCulture, $"apad=whole_len={samples},atrim=end_sample={samples}");
            await ffmpeg.RunAsync(
                ["-hide_banner", "-v", "error", "-y", .. LoopedSamples.Input, "-af", string.Join(',', [.. fades, .. level, whole]), .. Codec(encoding), "-bitexact", $"file:{outputPath}"], feed.WriteAsync, cancellationToken);
        }
        finally
        {
            File.Delete(decoded);
        }
    }

    private async Task<IReadOnlyList<string>> LevelAsync(SoundPlan plan, LoopedSamples feed, IReadOnlyList<string> fades, CancellationToken cancellationToken)
    {
        var heard = await _meter.MeasureAsync(feed, fades, cancellationToken);
        if (heard.Loudness <= LeastLoudness) return Volume(plan.Gain, isLimited: plan.Gain > 0);
        var target = plan.Normalize ? Loudness + plan.Gain : heard.Loudness + plan.Gain;
        var gain = Math.Min(target - heard.Loudness, MostGain + Math.Max(0, plan.Gain));
        var isLimited = heard.Peak + gain > Ceiling;
        // What the limiter takes from the peaks is missing in the whole.
        for (var round = 0; isLimited && plan.Normalize && round < Rounds; round++)
        {
            var (limited, _) = await _meter.MeasureAsync(feed, [.. fades, .. Volume(gain, isLimited)], cancellationToken);
            if (Math.Abs(target - limited) < 0.2) break;
            gain = Math.Min(gain + target - limited, MostGain + Math.Max(0, plan.Gain));
        }

        return Volume(gain, isLimited);
    }

    // Four times the rate, so that peaks between samples are seen, too (ITU-R BS.1770-4, annex 2).
    private static IReadOnlyList<string> Volume(double gain, bool isLimited)
    {
        var volume = string.Create(CultureInfo.InvariantCulture, $"volume={gain:0.###}dB");
        return !isLimited ? [volume]
            : [volume, $"aresample={4 * SoundDecoder.Rate}", string.Create(CultureInfo.InvariantCulture, $"alimiter=level=false:limit={Math.Pow(10, Ceiling / 20):0.####}:attack=5:release=80"), $"aresample={SoundDecoder.Rate}"];
    }

    private static List<string> Fades(SoundPlan plan, long sound, long film, bool isCut)
    {
        var fades = new List<string>(2);
        var end = plan.Loop ? film : sound;
        var rise = Samples(plan.FadeIn, end);
        var fall = Samples(plan.FadeOut ?? (isCut ? CutOffFade : 0), plan.FadeOut is null ? end / 4 : end);
        if (rise > 0) fades.Add(string.Create(CultureInfo.InvariantCulture, $"afade=t=in:ss=0:ns={rise}"));
        if (fall > 0) fades.Add(string.Create(CultureInfo.InvariantCulture, $"afade=t=out:ss={end - fall}:ns={fall}"));
        return fades;
    }

    private static long Samples(double seconds, long most) => Math.Min((long)Math.Round(seconds * SoundDecoder.Rate), most);

    private static string[] Codec(SoundEncoding encoding) => encoding switch
    {
        SoundEncoding.Opus => ["-c:a", "libopus", "-b:a", "160k", "-f", "webm"],
        _ => ["-c:a", "aac", "-b:a", "192k", "-f", "mp4"],
    };
}

/// <summary>How a film's sound is encoded.</summary>
internal enum SoundEncoding
{
    /// <summary>AAC at 192 kbit/s, for MP4.</summary>
    Aac,

    /// <summary>Opus at 160 kbit/s, for WebM.</summary>
    Opus,
}

/// <summary>A sound cannot be used: <see cref="ErrorCodes.AudioUnreadable"/> or <see cref="ErrorCodes.AudioMissing"/>.</summary>
internal sealed class SoundException(ErrorCode code, string message, Exception? inner = null) : RenderException(code, message, inner);
