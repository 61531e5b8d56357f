namespace FrameService.Sessions;

/// <summary>Places in a film as people write them: minutes and seconds, <c>0:05</c>.</summary>
internal static class Timestamps
{
    /// <summary>The place at so many seconds, rounded down.</summary>
    public static string Of(double seconds)
    {
        var whole = (int)seconds;
        return $"{whole / 60}:{whole % 60:D2}";
    }

    /// <summary>Whether a text is a place or a span of two: digits, colons, points and dashes, at most 32 characters.</summary>
    public static bool IsOne(string text) => text.Length is > 0 and <= 32 && text.All(c => char.IsAsciiDigit(c) || c is ':' or '.' or '-' or ' ' or 's' or '–');
}
