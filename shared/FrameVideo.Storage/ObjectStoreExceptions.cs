namespace FrameVideo.Storage;

/// <summary>The store does not answer, or is full: another try later can succeed.</summary>
public sealed class ObjectStoreUnavailableException(string message, Exception? inner = null) : IOException(message, inner);

/// <summary>The store answers that this is not allowed: another try will not help.</summary>
public sealed class ObjectStoreForbiddenException(string message, Exception? inner = null) : IOException(message, inner);

/// <summary>A range begins past the end of the object.</summary>
public sealed class RangeNotSatisfiableException(long totalLength) : IOException($"The object has {totalLength} bytes.")
{
    /// <summary>Bytes in the object.</summary>
    public long TotalLength { get; } = totalLength;
}
