using System.ComponentModel.DataAnnotations;

namespace FrameVideo.Hosting;

/// <summary>How events are sent to the <c>callbackUrl</c> of a session or a video. Section <c>Callbacks</c>; both services are given the same secrets.</summary>
public sealed class CallbackOptions
{
    /// <summary>The section of the configuration that binds to this.</summary>
    public const string Section = "Callbacks";

    /// <summary>
    /// What deliveries are signed with: one secret, <c>whsec_</c> and 24-64 bytes in base64, or two while receivers change from one to the other. Default none: then nobody can give
    /// a <c>callbackUrl</c>, since nothing is sent unsigned. Read again as the configuration changes.
    /// </summary>
    public IList<string> Secrets { get; init; } = [];

    /// <summary>Users whose deliveries are signed with secrets of their own in place of <see cref="Secrets"/>: who knows a secret can forge what all that share it receive. Default none.</summary>
    public IList<UserSecrets> Users { get; init; } = [];

    /// <summary>
    /// A JSON file, <c>{"secrets": ["whsec_..."], "users": [{"userId", "secrets": [...]}]}</c>, whose entries count beside those above. Default none. Read again as it changes; one that is not
    /// there or is broken refuses the start, and changes nothing under way.
    /// </summary>
    public string? SecretsFile { get; set; }

    /// <summary>
    /// Receivers that may be called although their addresses are not of the public Internet: networks (<c>10.1.0.0/16</c>), addresses, or host names. Default none, also on a machine of one's own:
    /// <c>127.0.0.0/8</c> lets callers name whatever listens there.
    /// </summary>
    public IList<string> AllowPrivate { get; init; } = [];

    /// <summary>The longest that one attempt takes, from the look-up of the name to the answer's headers: 1 s to 1 minute, default 15 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Attempts at a time by one instance: 2 to 1,000, default 64. Hosts that have not answered lately get half of them at the most.</summary>
    [Range(2, 1000)]
    public int MaxConcurrency { get; set; } = 64;

    /// <summary>Attempts at a time for one host: 1 to 100, default 8. A host that does not answer gets one.</summary>
    [Range(1, 100)]
    public int MaxConcurrencyPerHost { get; set; } = 8;

    /// <summary>How long records of ended deliveries are kept, as long as their session or video is there: 1 h to 10 years, default 30 days.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "3650.00:00:00")]
    public TimeSpan KeepRecords { get; set; } = TimeSpan.FromDays(30);
}

/// <summary>The secrets of one user.</summary>
public sealed class UserSecrets
{
    /// <summary>Whose they are.</summary>
    public string UserId { get; set; } = "";

    /// <summary>One or two, as <see cref="CallbackOptions.Secrets"/>.</summary>
    public IList<string> Secrets { get; init; } = [];
}
