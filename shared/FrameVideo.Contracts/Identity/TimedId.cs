using System.Security.Cryptography;

namespace FrameVideo.Contracts;

/// <summary>The common form of request and video IDs: a prefix, 1-16 digits of Unix milliseconds, <c>_</c>, 1-16 characters of <c>[0-9a-z]</c>.</summary>
internal static class TimedId
{
    private const string Alphabet = "0123456789abcdefghijklmnopqrstuvwxyz";
    private const int MaxDigits = 16;
    private const int MaxSuffix = 16;
    private const int NewSuffix = 9;

    public static string New(string prefix, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(clock);
        return $"{prefix}{clock.GetUtcNow().ToUnixTimeMilliseconds():D13}_{RandomNumberGenerator.GetString(Alphabet, NewSuffix)}";
    }

    // Longer than the prefix: 0 is how the length says "none", and would equal the nothing that follows a bare prefix.
    public static bool IsWellFormed(ReadOnlySpan<char> text, ReadOnlySpan<char> prefix) =>
        text.StartsWith(prefix, StringComparison.Ordinal) && text.Length > prefix.Length && LengthAfterPrefix(text[prefix.Length..]) == text.Length - prefix.Length;

    /// <summary>How many characters <c>&lt;digits&gt;_&lt;suffix&gt;</c> takes at the start of the text, as many as there are; 0 where it does not stand there whole.</summary>
    public static int LengthAfterPrefix(ReadOnlySpan<char> text)
    {
        var digits = text.IndexOfAnyExceptInRange('0', '9');
        if (digits is < 1 or > MaxDigits || text[digits] != '_') return 0;
        var rest = text[(digits + 1)..];
        var suffix = 0;
        while (suffix < rest.Length && char.IsAsciiLetterLower(rest[suffix]) | char.IsAsciiDigit(rest[suffix])) suffix++;
        return suffix is < 1 or > MaxSuffix ? 0 : digits + 1 + suffix;
    }

    public static long Milliseconds(string text, string prefix) =>
        long.Parse(text.AsSpan(prefix.Length, text.IndexOf('_', prefix.Length) - prefix.Length), System.Globalization.NumberStyles.None);

    public static bool TryWrite(string? text, Span<char> destination, out int written)
    {
        var ok = text.AsSpan().TryCopyTo(destination);
        written = ok ? text?.Length ?? 0 : 0;
        return ok;
    }
}
