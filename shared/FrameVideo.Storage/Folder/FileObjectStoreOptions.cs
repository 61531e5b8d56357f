using System.ComponentModel.DataAnnotations;

namespace FrameVideo.Storage;

/// <summary>How objects are kept in a folder. Section <c>Storage</c>.</summary>
public sealed class FileObjectStoreOptions : IValidatableObject
{
    /// <summary>
    /// The folder; made where it is not there. Default <c>objects</c> in the data folder. Both services share it. Its file system should know hard links
    /// and locks; every local one does.
    /// </summary>
    [Required(AllowEmptyStrings = false)]
    public string Folder { get; set; } = "data/objects";

    /// <summary>What links begin with: an absolute http or https URL at which <c>/v1/objects</c> is served, without query. Default <c>http://127.0.0.1:8080</c>.</summary>
    [Required(AllowEmptyStrings = false)]
    public string PublicUrl { get; set; } = "http://127.0.0.1:8080";

    /// <summary>
    /// How long a link works, 2 minutes to 7 days; default 1 hour, and never less than 48 for segments of films. The same link is given again until half of it is over, so that browsers cache: whoever
    /// gets one has at least half of this.
    /// </summary>
    [Range(typeof(TimeSpan), "00:02:00", "7.00:00:00")]
    public TimeSpan LinkLifetime { get; set; } = TimeSpan.FromHours(1);

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!Uri.TryCreate(PublicUrl, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || url.Query.Length > 0 || url.Fragment.Length > 0)
            yield return new ValidationResult("PublicUrl is an absolute http or https URL without query.", [nameof(PublicUrl)]);
    }
}
