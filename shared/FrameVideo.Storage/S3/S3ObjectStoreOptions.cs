using System.ComponentModel.DataAnnotations;

namespace FrameVideo.Storage;

/// <summary>Which bucket objects are kept in, and how it is spoken to. Section <c>Storage</c>, with <c>Storage:Kind=s3</c>.</summary>
/// <remarks>Credentials are no options: the SDK finds them by its own chain (environment, profile, web identity, container, instance).</remarks>
public sealed class S3ObjectStoreOptions : IValidatableObject
{
    /// <summary>The bucket, by the rules of S3 for names. Both services share it. It is never made by a service.</summary>
    [Required(AllowEmptyStrings = false)]
    public string Bucket { get; set; } = "";

    /// <summary>The region, such as <c>eu-central-1</c>. Needed for AWS; with an <see cref="Endpoint"/> it is what signatures name, default <c>us-east-1</c>.</summary>
    [RegularExpression("[a-z0-9-]{1,64}", ErrorMessage = "Region is a name such as eu-central-1.")]
    public string? Region { get; set => field = Given(value); }

    /// <summary>The server, <c>http(s)://host[:port]</c>; absent for AWS.</summary>
    public string? Endpoint { get; set => field = Given(value); }

    /// <summary>The server as browsers reach it, which links name; default <see cref="Endpoint"/>.</summary>
    public string? PublicEndpoint { get; set => field = Given(value); }

    /// <summary>Whether the bucket stands in the path (<c>host/bucket/key</c>) and not in the host name, as most servers other than AWS want it; default false.</summary>
    public bool ForcePathStyle { get; set; }

    /// <summary>
    /// <c>when-supported</c> (default: AWS) or <c>when-required</c> (other servers): whether uploads carry checksums and downloads ask for them beyond the SHA-256 that the signature covers,
    /// and the one that is kept with each object and checked when it is read.
    /// </summary>
    [AllowedValues("when-supported", "when-required", ErrorMessage = "Checksums is when-supported or when-required.")]
    public string Checksums { get; set; } = "when-supported";

    /// <summary>What the server encrypts new objects with: <c>none</c> (default: whatever the bucket says), <c>AES256</c> or <c>aws:kms</c>.</summary>
    [AllowedValues("none", "AES256", "aws:kms", ErrorMessage = "Encryption is none, AES256 or aws:kms.")]
    public string Encryption { get; set; } = "none";

    /// <summary>The key for <c>aws:kms</c>; absent: the account's own key for S3.</summary>
    public string? KmsKeyId { get; set => field = Given(value); }

    /// <summary>What is put before every key, such as <c>framevideo/</c>; default nothing. Letters, digits and <c>!_.*'()-</c> between single slashes, at most 256 characters, a slash at the end.</summary>
    [RegularExpression("(?!/)(?:(?!\\.{1,2}/)[A-Za-z0-9!_.*'()-]+/)*", ErrorMessage = "KeyPrefix is empty, or folders with a slash at the end, such as framevideo/.")]
    [MaxLength(256)]
    public string KeyPrefix { get; set; } = "";

    /// <summary>Buckets that were used before, whose URLs still count as ours: names (at the same server), or URLs of a server with the bucket as last part of the path.</summary>
#pragma warning disable CA1819 // The binder fills arrays.
    public string[] FormerBuckets { get; set; } = [];
#pragma warning restore CA1819

    /// <summary>
    /// How long a link works, 2 minutes to 7 days; default 1 hour, and never less than 48 for segments of films. The same link is given again until half of it is over. A link that was signed with temporary credentials
    /// ends with these, however long this is.
    /// </summary>
    [Range(typeof(TimeSpan), "00:02:00", "7.00:00:00")]
    public TimeSpan LinkLifetime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>The longest silence: for the answer to any request but an upload, and between two pieces of a download. 0.1 s to 10 minutes, default 15 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:10:00")]
    public TimeSpan ReadTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Connections to the server at a time: 1 to 1000, default 64. Requests past that wait, which counts as the store's silence.</summary>
    [Range(1, 1000)]
    public int MaxConnections { get; set; } = 64;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!BucketName.IsValid(Bucket)) yield return new ValidationResult(BucketName.Rule(Bucket), [nameof(Bucket)]);
        if (Endpoint is null && Region is null) yield return new ValidationResult("Region is needed where no Endpoint is given.", [nameof(Region)]);
        if (Endpoint is not null && !IsOrigin(Endpoint)) yield return new ValidationResult("Endpoint is http(s)://host[:port], nothing more.", [nameof(Endpoint)]);
        if (PublicEndpoint is not null && !IsOrigin(PublicEndpoint)) yield return new ValidationResult("PublicEndpoint is http(s)://host[:port], nothing more.", [nameof(PublicEndpoint)]);
        if (PublicEndpoint is not null && Endpoint is null) yield return new ValidationResult("PublicEndpoint goes with an Endpoint.", [nameof(PublicEndpoint)]);
        if (KmsKeyId is not null && Encryption != "aws:kms") yield return new ValidationResult("KmsKeyId goes with the Encryption aws:kms.", [nameof(KmsKeyId)]);
        foreach (var former in FormerBuckets)
        {
            if (!IsFormer(former)) yield return new ValidationResult($"FormerBuckets has \"{former}\", which is neither a bucket's name nor http(s)://host[:port]/bucket.", [nameof(FormerBuckets)]);
        }
    }

    /// <summary>Composed environments set what they leave out to nothing.</summary>
    private static string? Given(string? value) => string.IsNullOrEmpty(value) ? null : value;

    private static bool IsOrigin(string text) => Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
        && url.UserInfo.Length == 0 && url.AbsolutePath == "/" && url.Query.Length == 0 && url.Fragment.Length == 0;

    private static bool IsFormer(string text)
    {
        if (BucketName.IsValid(text)) return true;
        var slash = text.TrimEnd('/').LastIndexOf('/');
        return slash > 0 && IsOrigin(text[..slash]) && BucketName.IsValid(text[(slash + 1)..].TrimEnd('/'));
    }
}
