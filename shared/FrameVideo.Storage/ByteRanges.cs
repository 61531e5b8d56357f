namespace FrameVideo.Storage;

/// <summary>What a <see cref="ByteRange"/> means for an object of a known length, by RFC 9110, section 14.1.2.</summary>
public static class ByteRanges
{
    /// <summary>Sees whether it is a range at all.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A bound is negative, or the end comes before the start.</exception>
    public static void Check(this ByteRange range)
    {
        if (range.From < 0 || range.To < 0 || range.To < range.From) throw new ArgumentOutOfRangeException(nameof(range), range, "No range of bytes.");
    }

    /// <summary>First byte and number of bytes. A last byte past the end means the end; a suffix longer than the object means all of it.</summary>
    /// <exception cref="RangeNotSatisfiableException">The range begins past the end, asks for the last 0 bytes, or the object is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The range is none: a negative bound, or an end before its start.</exception>
    public static (long Offset, long Length) Within(this ByteRange range, long totalLength)
    {
        range.Check();
        var offset = range.From ?? (range.To is { } last ? Math.Max(0, totalLength - last) : 0);
        var end = range is { From: not null, To: { } to } && to < totalLength ? to + 1 : totalLength;
        if (offset >= end && range != default) throw new RangeNotSatisfiableException(totalLength);
        return (offset, end - offset);
    }
}
