using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace FrameVideo.Contracts;

/// <summary>
/// Names a user: 1-128 characters of <c>[A-Za-z0-9._@+=:|~-]</c>, not <c>.</c> or <c>..</c>, and no name of a folder of the layout.
/// An e-mail address, a Cognito sub and an auth0 ID all fit. The default value is no user.
/// </summary>
[JsonConverter(typeof(IdJsonConverter<UserId>))]
public readonly struct UserId : IEquatable<UserId>, IComparable<UserId>, ISpanParsable<UserId>, ISpanFormattable
{
    /// <summary>The most characters that a user ID has.</summary>
    public const int MaxLength = 128;

    /// <summary>The form of one, as a regular expression; the names that are none are not told by it.</summary>
    public const string Pattern = "^[A-Za-z0-9._@+=:|~-]+$";

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._@+=:|~-");

    private readonly string? _text;

    private UserId(string text) => _text = text;

    /// <summary>Whether this is the default value, which names nobody.</summary>
    public bool IsEmpty => _text is null;

    /// <inheritdoc cref="TryParse(ReadOnlySpan{char}, IFormatProvider?, out UserId)"/>
    /// <exception cref="FormatException">The text is not a user ID.</exception>
    public static UserId Parse(ReadOnlySpan<char> s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out var id) ? id : throw new FormatException("A user ID has 1-128 characters of A-Z, a-z, 0-9 and ._@+=:|~-");

    /// <inheritdoc cref="Parse(ReadOnlySpan{char}, IFormatProvider?)"/>
    public static UserId Parse(string s, IFormatProvider? provider = null)
    {
        ArgumentNullException.ThrowIfNull(s);
        return Parse(s.AsSpan(), provider);
    }

    /// <summary>Reads a user ID; the whole text must be one.</summary>
    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out UserId result)
    {
        var ok = s.Length is >= 1 and <= MaxLength && !s.ContainsAnyExcept(Allowed)
            && s is not ("." or ".." or ObjectKey.ReferenceFrames or ObjectKey.UserUploads or ObjectKey.VideoClips);
        result = ok ? new UserId(s.ToString()) : default;
        return ok;
    }

    /// <inheritdoc cref="TryParse(ReadOnlySpan{char}, IFormatProvider?, out UserId)"/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out UserId result) => TryParse(s.AsSpan(), provider, out result);

    /// <inheritdoc cref="TryParse(ReadOnlySpan{char}, IFormatProvider?, out UserId)"/>
    public static bool TryParse([NotNullWhen(true)] string? s, out UserId result) => TryParse(s.AsSpan(), null, out result);

    /// <inheritdoc/>
    public int CompareTo(UserId other) => string.CompareOrdinal(_text, other._text);

    /// <inheritdoc/>
    public bool Equals(UserId other) => string.Equals(_text, other._text, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is UserId other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _text is null ? 0 : string.GetHashCode(_text, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => _text ?? "";

    /// <inheritdoc/>
    public string ToString(string? format, IFormatProvider? formatProvider) => ToString();

    /// <inheritdoc/>
    public bool TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider) =>
        TimedId.TryWrite(_text, destination, out charsWritten);

    /// <summary>Whether both name the same user.</summary>
    public static bool operator ==(UserId left, UserId right) => left.Equals(right);

    /// <summary>Whether the two name different users.</summary>
    public static bool operator !=(UserId left, UserId right) => !left.Equals(right);

    /// <summary>Whether the left one comes first in ordinal order.</summary>
    public static bool operator <(UserId left, UserId right) => left.CompareTo(right) < 0;

    /// <summary>Whether the left one comes first in ordinal order or is the same.</summary>
    public static bool operator <=(UserId left, UserId right) => left.CompareTo(right) <= 0;

    /// <summary>Whether the left one comes last in ordinal order.</summary>
    public static bool operator >(UserId left, UserId right) => left.CompareTo(right) > 0;

    /// <summary>Whether the left one comes last in ordinal order or is the same.</summary>
    public static bool operator >=(UserId left, UserId right) => left.CompareTo(right) >= 0;
}
