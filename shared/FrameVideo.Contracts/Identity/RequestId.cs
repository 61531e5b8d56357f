using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace FrameVideo.Contracts;

/// <summary>
/// Names one generation from its first prompt to its last film: <c>req_&lt;unix milliseconds&gt;_&lt;suffix&gt;</c>.
/// The session ID of the database and of a browser's <c>currentSession</c> is this same value.
/// </summary>
/// <remarks>
/// New IDs have 13 digits and nine characters of <c>[0-9a-z]</c> from a cryptographic source. Reading accepts 1-16 digits and a suffix of
/// 1-16 characters of <c>[0-9a-z]</c>, since browsers make shorter ones. The text is the identity: <c>req_01_a</c> and <c>req_1_a</c> are two IDs.
/// Order is by time first, then by text. The default value is no ID: its text is empty and it parses back from nothing.
/// </remarks>
[JsonConverter(typeof(IdJsonConverter<RequestId>))]
public readonly struct RequestId : IEquatable<RequestId>, IComparable<RequestId>, IComparable, ISpanParsable<RequestId>, ISpanFormattable
{
    /// <summary>The form of one, as a regular expression.</summary>
    public const string Pattern = "^req_[0-9]{1,16}_[0-9a-z]{1,16}$";

    /// <summary>The most characters that one has.</summary>
    public const int MaxLength = 37;

    internal const string Prefix = "req_";
    private readonly string? _text;

    private RequestId(string text) => _text = text;

    /// <summary>Whether this is the default value, which names nothing.</summary>
    public bool IsEmpty => _text is null;

    /// <summary>The moment that the ID carries, in Unix milliseconds (0 to 9,999,999,999,999,999).</summary>
    public long UnixMilliseconds => _text is null ? 0 : TimedId.Milliseconds(_text, Prefix);

    /// <summary>Makes a new ID from the clock's present millisecond and a cryptographic suffix (36^9, about 10^14, values).</summary>
    public static RequestId New(TimeProvider clock) => new(TimedId.New(Prefix, clock));

    /// <summary>Whether the text has the former form <c>session_&lt;ms&gt;_&lt;suffix&gt;</c>, which is recognised only to say so.</summary>
    public static bool IsLegacySessionId(ReadOnlySpan<char> text) => TimedId.IsWellFormed(text, "session_");

    /// <summary>The one request ID in a storage URL of any form; see <see cref="StorageUrl"/>. Null where there is none or more than one.</summary>
    public static RequestId? FromUrl(string? url) => StorageUrl.FindRequestId(url);

    /// <inheritdoc cref="TryParse(ReadOnlySpan{char}, IFormatProvider?, out RequestId)"/>
    /// <exception cref="FormatException">The text is not a request ID.</exception>
    public static RequestId Parse(ReadOnlySpan<char> s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out var id) ? id : throw new FormatException("A request ID looks like req_1700000000000_ab12cd34e.");

    /// <inheritdoc cref="Parse(ReadOnlySpan{char}, IFormatProvider?)"/>
    public static RequestId Parse(string s, IFormatProvider? provider = null)
    {
        ArgumentNullException.ThrowIfNull(s);
        return Parse(s.AsSpan(), provider);
    }

    /// <summary>Reads an ID; the whole text must be one, byte for byte, without white space.</summary>
    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out RequestId result)
    {
        var ok = TimedId.IsWellFormed(s, Prefix);
        result = ok ? new RequestId(s.ToString()) : default;
        return ok;
    }

    /// <inheritdoc cref="TryParse(ReadOnlySpan{char}, IFormatProvider?, out RequestId)"/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out RequestId result) => TryParse(s.AsSpan(), provider, out result);

    /// <inheritdoc cref="TryParse(ReadOnlySpan{char}, IFormatProvider?, out RequestId)"/>
    public static bool TryParse([NotNullWhen(true)] string? s, out RequestId result) => TryParse(s.AsSpan(), null, out result);

    /// <inheritdoc/>
    public int CompareTo(RequestId other)
    {
        var byTime = UnixMilliseconds.CompareTo(other.UnixMilliseconds);
        return byTime != 0 ? byTime : string.CompareOrdinal(_text, other._text);
    }

    /// <inheritdoc/>
    public int CompareTo(object? obj) => obj is null ? 1 : obj is RequestId other ? CompareTo(other) : throw new ArgumentException("Not a request ID.", nameof(obj));

    /// <inheritdoc/>
    public bool Equals(RequestId other) => string.Equals(_text, other._text, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is RequestId other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _text is null ? 0 : string.GetHashCode(_text, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => _text ?? "";

    /// <inheritdoc/>
    public string ToString(string? format, IFormatProvider? formatProvider) => ToString();

    /// <inheritdoc/>
    public bool TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider) =>
        TimedId.TryWrite(_text, destination, out charsWritten);

    /// <summary>Whether both name the same generation.</summary>
    public static bool operator ==(RequestId left, RequestId right) => left.Equals(right);

    /// <summary>Whether the two name different generations.</summary>
    public static bool operator !=(RequestId left, RequestId right) => !left.Equals(right);

    /// <summary>Whether the left one is older.</summary>
    public static bool operator <(RequestId left, RequestId right) => left.CompareTo(right) < 0;

    /// <summary>Whether the left one is older or the same.</summary>
    public static bool operator <=(RequestId left, RequestId right) => left.CompareTo(right) <= 0;

    /// <summary>Whether the left one is newer.</summary>
    public static bool operator >(RequestId left, RequestId right) => left.CompareTo(right) > 0;

    /// <summary>Whether the left one is newer or the same.</summary>
    public static bool operator >=(RequestId left, RequestId right) => left.CompareTo(right) >= 0;
}
