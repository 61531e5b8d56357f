using System.ComponentModel.DataAnnotations;

namespace FrameVideo.Storage;

/// <summary>How links are signed.</summary>
public sealed class LinkTokenOptions
{
    /// <summary>
    /// A file of 32 or more random bytes that both services share, at configuration key <c>Storage:LinkKeyFile</c>; default <c>link.key</c> in the data folder. Whichever process comes
    /// first makes it, readable by its user alone. A new file ends every link that was given.
    /// </summary>
    [Required(AllowEmptyStrings = false)]
    public string KeyFile { get; set; } = "data/link.key";
}
