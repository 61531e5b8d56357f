using System.ComponentModel.DataAnnotations;

namespace FrameVideo.Storage;

/// <summary>How uploads to the object store are tried again. Section <c>Storage:Upload</c>.</summary>
/// <remarks>
/// With the defaults an upload of a frame ends within a minute: four attempts of at most 15 s, between them about 0.2, 0.4 and 0.8 s. Then a frame is parked and a
/// film waits, so patience beyond this is theirs, not the pipeline's.
/// </remarks>
public sealed class UploadOptions : IValidatableObject
{
    /// <summary>Attempts in all, the first one counted: 1 to 10, default 4.</summary>
    [Range(1, 10)]
    public int MaxAttempts { get; set; } = 4;

    /// <summary>The pause after the first attempt, doubled after each further one and jittered: 0 to 1 minute, default 0.2 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan BaseDelay { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The longest pause: 0 to 5 minutes, default 5 s; at least <see cref="BaseDelay"/>.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan MaxDelay { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The longest that one attempt takes, before the allowance of <see cref="MinBytesPerSecond"/>: 0.1 s to 10 minutes, default 15 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:10:00")]
    public TimeSpan AttemptTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// The longest that all attempts and pauses take together, before the allowance of <see cref="MinBytesPerSecond"/> for each attempt: 0.1 s to 1 hour, default 1 minute;
    /// at least <see cref="AttemptTimeout"/>.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "01:00:00")]
    public TimeSpan TotalTimeout { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// The slowest line that is still waited for, in bytes a second: both time-outs grow by the upload's length divided by this, so a film of 500 MB is not held to the time of a
    /// frame. 1 KiB to 1 GiB, default 1 MiB.
    /// </summary>
    [Range(1L << 10, 1L << 30)]
    public long MinBytesPerSecond { get; set; } = 1L << 20;

    /// <summary>The part of attempts that fail, from which the breaker opens: 0.1 to 1, default 0.5.</summary>
    [Range(0.1, 1.0)]
    public double BreakerFailureRatio { get; set; } = 0.5;

    /// <summary>How many attempts within <see cref="BreakerSampling"/> it takes before the breaker may open: 2 to 1000, default 10.</summary>
    [Range(2, 1000)]
    public int BreakerMinAttempts { get; set; } = 10;

    /// <summary>How far back the breaker looks: 1 s to 10 minutes, default 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan BreakerSampling { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long an open breaker answers for the store without asking it, before one attempt may try: 0.5 s to 10 minutes, default 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.5", "00:10:00")]
    public TimeSpan BreakerPause { get; set; } = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (TotalTimeout < AttemptTimeout) yield return new ValidationResult("TotalTimeout is at least AttemptTimeout.", [nameof(TotalTimeout)]);
        if (MaxDelay < BaseDelay) yield return new ValidationResult("MaxDelay is at least BaseDelay.", [nameof(MaxDelay)]);
    }
}
