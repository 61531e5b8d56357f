using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace FrameVideo.Contracts;

/// <summary>Names one film of one session: <c>vid_&lt;unix milliseconds&gt;_&lt;suffix&gt;</c>, nine characters of <c>[0-9a-z]</c>.</summary>
/// <remarks>Read, compared and formatted as <see cref="RequestId"/> is.</remarks>
[JsonConverter(typeof(IdJsonConverter<VideoId>))]
public readonly struct VideoId : IEquatable<VideoId>, IComparable<VideoId>, IComparable, ISpanParsable<VideoId>, ISpanFormattable
{
    /// <summary>The form of one, as a regular expression.</summary>
    public const string Pattern = "^vid_[0-9]{1,16}_[0-9a-z]{1,16}$";

    /// <summary>The most characters that one has.</summary>
    public const int MaxLength = 37;

    internal const string Prefix = "vid_";
    private readonly string? _text;

    private VideoId(string text) => _text = text;

    /// <summary>Whether this is the default value, which names nothing.</summary>
    public bool IsEmpty => _text is null;

    /// <summary>The moment that the ID carries, in Unix milliseconds (0 to 9,999,999,999,999,999).</summary>
    public long UnixMilliseconds => _text is null ? 0 : TimedId.Milliseconds(_text, Prefix);

    /// <summary>Makes a new ID from the clock's present millisecond and a cryptographic suffix (36^9, about 10^14, values).</summary>
    public static VideoId New(TimeProvider clock) => new(TimedId.New(Prefix, clock));

    /// <inheritdoc cref="TryParse(ReadOnlySpan{char}, IFormatProvider?, out VideoId)"/>
    /// <exception cref="FormatException">The text is not a video ID.</exception>
    public static VideoId Parse(ReadOnlySpan<char> s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out var id) ? id : throw new FormatException("A video ID looks like vid_1700000000000_ab12cd34e.");

    /// <inheritdoc cref="Parse(ReadOnlySpan{char}, IFormatProvider?)"/>
    public static VideoId Parse(string s, IFormatProvider? provider = null)
    {
        ArgumentNullException.ThrowIfNull(s);
        return Parse(s.AsSpan(), provider);
    }

    /// <summary>Reads an ID; the whole text must be one, byte for byte, without white space.</summary>
    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out VideoId result)
    {
        var ok = TimedId.IsWellFormed(s, Prefix);
        result = ok ? new VideoId(s.ToString()) : default;
        return ok;
    }

    /// <inheritdoc cref="TryParse(ReadOnlySpan{char}, IFormatProvider?, out VideoId)"/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out VideoId result) => TryParse(s.AsSpan(), provider, out result);

    /// <inheritdoc cref="TryParse(ReadOnlySpan{char}, IFormatProvider?, out VideoId)"/>
    public static bool TryParse([NotNullWhen(true)] string? s, out VideoId result) => TryParse(s.AsSpan(), null, out result);

    /// <inheritdoc/>
    public int CompareTo(VideoId other)
    {
        var byTime = UnixMilliseconds.CompareTo(other.UnixMilliseconds);
        return byTime != 0 ? byTime : string.CompareOrdinal(_text, other._text);
    }

    /// <inheritdoc/>
    public int CompareTo(object? obj) => obj is null ? 1 : obj is VideoId other ? CompareTo(other) : throw new ArgumentException("Not a video ID.", nameof(obj));

    /// <inheritdoc/>
    public bool Equals(VideoId other) => string.Equals(_text, other._text, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is VideoId other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _text is null ? 0 : string.GetHashCode(_text, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => _text ?? "";

    /// <inheritdoc/>
    public string ToString(string? format, IFormatProvider? formatProvider) => ToString();

    /// <inheritdoc/>
    public bool TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider) =>
        TimedId.TryWrite(_text, destination, out charsWritten);

    /// <summary>Whether both name the same film.</summary>
    public static bool operator ==(VideoId left, VideoId right) => left.Equals(right);

    /// <summary>Whether the two name different films.</summary>
    public static bool operator !=(VideoId left, VideoId right) => !left.Equals(right);

    /// <summary>Whether the left one is older.</summary>
    public static bool operator <(VideoId left, VideoId right) => left.CompareTo(right) < 0;

    /// <summary>Whether the left one is older or the same.</summary>
    public static bool operator <=(VideoId left, VideoId right) => left.CompareTo(right) <= 0;

    /// <summary>Whether the left one is newer.</summary>
    public static bool operator >(VideoId left, VideoId right) => left.CompareTo(right) > 0;

    /// <summary>Whether the left one is newer or the same.</summary>
    public static bool operator >=(VideoId left, VideoId right) => left.CompareTo(right) >= 0;
}
