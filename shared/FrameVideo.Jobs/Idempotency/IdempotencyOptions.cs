using System.ComponentModel.DataAnnotations;

namespace FrameVideo.Jobs;

/// <summary>How long requests that bear an <c>Idempotency-Key</c> are remembered. Section <c>Idempotency</c>.</summary>
public sealed class IdempotencyOptions
{
    /// <summary>The section of the configuration that binds to this.</summary>
    public const string Section = "Idempotency";

    /// <summary>How long the outcome of a request answers to its key: 1 minute to 30 days, default 24 h.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "30.00:00:00")]
    public TimeSpan KeepFor { get; set; } = TimeSpan.FromHours(24);

    /// <summary>
    /// How long a running request holds its key without a sign of life: 1 second to 10 minutes, default 30 s; it is renewed each third of that. So long a key is taken after its
    /// request's process was killed, on PostgreSQL; on SQLite, where there is one process, a restart frees it at once. More than clocks of instances differ.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(30);
}
