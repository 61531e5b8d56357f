using System.Globalization;
using System.Text.RegularExpressions;

namespace VideoService.Rendering;

/// <summary>Measures loudness as EBU R 128 does (ITU-R BS.1770), by ffmpeg's ebur128.</summary>
internal sealed partial class LoudnessMeter(Ffmpeg ffmpeg)
{
    /// <summary>LUFS of the whole, -70 or less where nothing is to be heard, and dBTP of its highest peak.</summary>
    public async Task<(double Loudness, double Peak)> MeasureAsync(LoopedSamples samples, IReadOnlyList<string> filters, CancellationToken cancellationToken)
    {
        var said = await ffmpeg.HearAsync(
            ["-hide_banner", "-nostats", "-v", "info", .. LoopedSamples.Input, "-af", string.Join(',', [.. filters, "ebur128=peak=true:framelog=verbose"]), "-f", "null", "-"], samples.WriteAsync, cancellationToken);
        return (ValueOf(Integrated().Match(said), said), ValueOf(Peak().Match(said), said));
    }

    private static double ValueOf(Match match, string said) => !match.Success ? throw new EncoderException("The encoder does not say how loud the sound is.", said)
        : match.Groups["value"].Value is "-inf" or "nan" ? double.NegativeInfinity : double.Parse(match.Groups["value"].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex("I: +(?<value>-?[0-9.]+|-inf|nan) LUFS", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Integrated();

    [GeneratedRegex("Peak: +(?<value>-?[0-9.]+|-inf|nan) dBFS", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Peak();
}
