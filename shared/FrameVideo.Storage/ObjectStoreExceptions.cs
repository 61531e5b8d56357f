namespace FrameVideo.Storage;

/// <summary>
/// The store did not do what it was asked, whoever's fault that is: nothing is said about what lies in it, nothing is lost, and the same can be asked again when somebody
/// has seen to it. Whoever keeps bytes for the store goes on keeping them.
/// </summary>
public abstract class ObjectStoreException(string message, Exception? inner) : IOException(message, inner);

/// <summary>The store does not answer, or is full: another try later can succeed.</summary>
public sealed class ObjectStoreUnavailableException(string message, Exception? inner = null) : ObjectStoreException(message, inner)
{
    /// <summary>How long the store asks to be left alone, where it said so.</summary>
    public TimeSpan? RetryAfter { get; init; }
}

/// <summary>The store answers that this is not allowed: another try will not help, an operator will.</summary>
public sealed class ObjectStoreForbiddenException(string message, Exception? inner = null) : ObjectStoreException(message, inner);

/// <summary>The store answers, and has no such bucket: another try will not help, an operator will.</summary>
public sealed class BucketNotFoundException(string message, Exception? inner = null) : ObjectStoreException(message, inner);

/// <summary>A range begins past the end of the object.</summary>
public sealed class RangeNotSatisfiableException(long totalLength) : IOException($"The object has {totalLength} bytes.")
{
    /// <summary>Bytes in the object.</summary>
    public long TotalLength { get; } = totalLength;
}
