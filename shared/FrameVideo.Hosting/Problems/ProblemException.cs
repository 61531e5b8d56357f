using FrameVideo.Contracts;

namespace FrameVideo.Hosting;

/// <summary>A request is refused with an entry of the table of error codes. Thrown where it is noticed, answered in one place as problem+json.</summary>
/// <param name="code">What it is.</param>
/// <param name="detail">A sentence about this occurrence that says what to do; no internals.</param>
/// <param name="errors">What is wrong, by field.</param>
/// <param name="inner">What was caught.</param>
public sealed class ProblemException(ErrorCode code, string detail, IReadOnlyDictionary<string, string[]>? errors = null, Exception? inner = null) : Exception(detail, inner)
{
    /// <summary>The table's entry.</summary>
    public ErrorCode Code { get; } = code;

    /// <summary>What is wrong, by field; null where it is not about fields.</summary>
    public IReadOnlyDictionary<string, string[]>? Errors { get; } = errors;

    /// <summary>When to come again, for what is retryable: null where the code's own pause will do, infinite where nobody can say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The scope that is missing, where one is; told in the challenge, too.</summary>
    public string? Scope { get; init; }

    /// <summary>A refusal that is about one field.</summary>
    public static ProblemException Field(string field, string message) =>
        new(ErrorCodes.ValidationFailed, message, new Dictionary<string, string[]>(StringComparer.Ordinal) { [field] = [message] });
}
