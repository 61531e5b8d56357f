namespace FrameVideo.Storage;

/// <summary>What was sent has more bytes than are taken; the rest was not read.</summary>
public sealed class SpoolTooLargeException(long maxBytes) : IOException($"More than {maxBytes} bytes were sent.")
{
    /// <summary>The most bytes that are taken.</summary>
    public long MaxBytes { get; } = maxBytes;
}
