using System.ComponentModel.DataAnnotations;

namespace FrameVideo.Storage;

/// <summary>Where uploads are written while they are checked.</summary>
public sealed class SpoolOptions
{
    /// <summary>The folder of temporary files, at configuration key <c>Storage:SpoolFolder</c>; default <c>spool</c> in the data folder. Processes may share it.</summary>
    [Required(AllowEmptyStrings = false)]
    public string Folder { get; set; } = "data/spool";

    /// <summary>
    /// The most bytes that all spooled files of this process have together, 1 MiB to 1 TiB; default 4 GiB; at <c>Storage:SpoolMaxBytes</c>. Past it uploads are told that the
    /// store does not answer, and to come again. It has to be larger than the largest single upload.
    /// </summary>
    [Range(1L << 20, 1L << 40)]
    public long MaxTotalBytes { get; set; } = 4L << 30;
}
