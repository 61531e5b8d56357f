using System.Globalization;

namespace VideoService.Rendering.Foreign;

/// <summary>A foreign clip whose every picture has been decoded once.</summary>
/// <param name="Sha256">Of its bytes, 64 lower-case hex digits.</param>
/// <param name="Kind">mp4 or webm, by its bytes: the demuxer that reads it.</param>
/// <param name="Width">Pixels across, square and as seen upright; even.</param>
/// <param name="Height">Pixels down, likewise.</param>
/// <param name="Seconds">How long it is, its last picture included; above 0.</param>
/// <param name="Pictures">How many there are; in any rate, even or not.</param>
/// <param name="Matrix">Its colours: bt709, bt2020 or bt601.</param>
internal sealed record Footage(string Sha256, string Kind, int Width, int Height, double Seconds, int Pictures, string Matrix)
{
    /// <summary>Raised whenever the same clip would give other pictures.</summary>
    private const int Version = 1;

    /// <summary>How many times its own length a clip may be stretched to.</summary>
    public const double MostSlowed = 1.25;

    /// <summary>
    /// How fast it is played in a place of so many seconds, 0.8 to 1. One that is longer is played as it is and left when its place ends; one that is shorter is slowed to fill it, to
    /// 1.25 times its length at most, which is not seen, and where that is not enough its last picture stays.
    /// </summary>
    public double RateIn(double seconds) => Math.Clamp(Seconds / seconds, 1 / MostSlowed, 1);

    /// <summary>Everything of it that pixels hang on.</summary>
    internal string Inputs => string.Create(CultureInfo.InvariantCulture, $"{Version} {Sha256} {Kind} {Width}x{Height} {Seconds:R} {Pictures} {Matrix}");
}
