using FrameVideo.Contracts;

namespace FrameVideo.Hosting;

/// <summary>How a call of an AI service fails; each is met in its own way.</summary>
public enum ProviderFault
{
    /// <summary>No credit is left there: nothing but an operator's payment helps.</summary>
    Credit,

    /// <summary>It does not make this: other words or another picture may do.</summary>
    Moderated,

    /// <summary>It takes no more at present, and may say until when.</summary>
    RateLimited,

    /// <summary>It does not answer, or not in time, or with a failure of its own: another service may.</summary>
    Unavailable,

    /// <summary>It does not take the key, the model or the request: an operator's mistake.</summary>
    Refused,

    /// <summary>It answered with what is of no use.</summary>
    Malformed,
}

/// <summary>A call of an AI service has failed. The message is a sentence for people, made here: what the service itself said stays out, since it may quote keys and prompts.</summary>
/// <param name="kind">How.</param>
/// <param name="provider">The provider's name.</param>
/// <param name="message">A sentence.</param>
/// <param name="inner">What was thrown, where that holds nothing of the service's.</param>
public sealed class ProviderException(ProviderFault kind, string provider, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>How it failed.</summary>
    public ProviderFault Kind { get; } = kind;

    /// <summary>Whose call it was.</summary>
    public string Provider { get; } = provider;

    /// <summary>How long to wait before the next call, as the service said; null where it did not.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Whether the service may have done and charged the work all the same, since the answer alone was lost.</summary>
    public bool MayBeCharged { get; init; }

    /// <summary>What of ours it is about, such as <c>prompt</c> or <c>image</c>; null where that is not known.</summary>
    public string? Field { get; init; }

    /// <summary>The service's own word for it, such as <c>insufficient_quota</c>; for logs.</summary>
    public string? ServiceCode { get; init; }

    /// <summary>The status that it answered with; null where it did not answer.</summary>
    public int? ServiceStatus { get; init; }

    /// <summary>Whether the same again can help.</summary>
    public bool IsRetryable { get; init; } = kind is ProviderFault.RateLimited or ProviderFault.Unavailable or ProviderFault.Malformed;

    /// <summary>Whether another service can be asked in place of this one.</summary>
    public bool IsOutage => Kind is ProviderFault.RateLimited or ProviderFault.Unavailable;

    /// <summary>The documented code.</summary>
    public ErrorCode Code => Kind switch
    {
        ProviderFault.Credit => ErrorCodes.InsufficientCredit,
        ProviderFault.Moderated => ErrorCodes.ContentModerated,
        ProviderFault.RateLimited => ErrorCodes.ProviderRateLimited,
        ProviderFault.Refused => ErrorCodes.ProviderRefused,
        _ => ErrorCodes.ProviderUnavailable,
    };

    /// <summary>As a resource tells of it.</summary>
    public ResourceError ToError(int? frame = null) => new(Code.Code, Message, frame, IsRetryable, Kind == ProviderFault.Moderated ? Field : null);
}
