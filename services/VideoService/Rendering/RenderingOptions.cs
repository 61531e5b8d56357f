using System.ComponentModel.DataAnnotations;

namespace VideoService.Rendering;

/// <summary>What the renderer may be told by configuration.</summary>
internal sealed class RenderingOptions
{
    /// <summary>The section of the configuration that binds to this.</summary>
    public const string Section = "Rendering";

    /// <summary>The encoder's program: a name looked up in the path, or a full path. <c>ffmpeg</c> by default; 5.1 or newer. A wrapper has to <c>exec</c> it: it alone is ended.</summary>
    public string Ffmpeg { get; set; } = "ffmpeg";

    /// <summary>How long the encoder may show no sign of life, neither taking pictures nor saying anything, before it is ended: 0.1 s to 1 hour, default 60 s. The attempt has failed then, and another follows.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "01:00:00")]
    public TimeSpan EncoderTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Bytes of memory that one encoder may write to, on Linux: 64 MiB or more, 4 GiB by default. x264 holds 0.13 GiB for 720p, 0.21 GiB for 1080p and 0.49 GiB for the latter's finest quality. One that asks
    /// for more ends with an error.
    /// </summary>
    [Range(64L << 20, long.MaxValue)]
    public long MaxEncoderBytes { get; set; } = 4L << 30;

    /// <summary>
    /// Bytes that a film's temporary files may have in all, 1 MiB or more; 32 GiB by default. A film needs about twice its own size: its pieces and the film. One that
    /// needs more has failed; no single file grows beyond it either (on Linux).
    /// </summary>
    [Range(1L << 20, long.MaxValue)]
    public long MaxTemporaryBytes { get; set; } = 32L << 30;

    /// <summary>Pixels that a picture may claim in its header, 1 or more; 100 million by default. A decoded PNG takes four bytes for each.</summary>
    public long MaxPixels { get; set; } = 100_000_000;

    /// <summary>Pixels that a film's picture may have, 256 or more; 12 million by default, which every ratio has at most in 2160p. A worker keeps about ten bytes for each, and twenty while a transition lasts.</summary>
    [Range(256, 67_108_864)]
    public long MaxFilmPixels { get; set; } = 12_000_000;

    /// <summary>Bytes that a stored picture may have; 64 MiB by default. Uploads are held to 25 MiB by the other service.</summary>
    public long MaxPictureBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>Decoded pictures that one film keeps, 2 or more; 6 by default. A piece needs two at most, so workers + 2 never decodes twice.</summary>
    public int CachedPictures { get; set; } = 6;

    /// <summary>Folders, and all below them, in which fonts for captions are looked for; <see cref="StandardFontFolders"/> where none is named. Latin, Greek and Cyrillic need none.</summary>
    public IReadOnlyList<string> FontFolders { get; set; } = [];

    /// <summary>Where Linux distributions install fonts.</summary>
    internal static IReadOnlyList<string> StandardFontFolders { get; } = ["/usr/share/fonts", "/usr/local/share/fonts"];

    /// <summary>How hard a poster's JPEG is compressed, 1-100; 88 by default. Higher is finer and larger.</summary>
    public int PosterQuality { get; set; } = 88;
}
