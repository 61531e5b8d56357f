using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace FrameVideo.Hosting;

/// <summary>
/// Text on its way into a log line, wherever it comes from: what would end the line, steer a terminal or turn the reading direction is escaped, and what opens something (tokens of
/// links, signatures, keys, secrets) is left out.
/// </summary>
internal static partial class LogText
{
    private const int MaxLength = 32 * 1024;

    /// <summary>Appends the text.</summary>
    public static void Append(StringBuilder line, string? text)
    {
        if (string.IsNullOrEmpty(text)) return;
        var cut = text.Length > MaxLength ? text[..MaxLength] : text;
        var plain = Secrets().Replace(cut, static match => match.Groups["name"].Value + "***");
        for (var i = 0; i < plain.Length; i++)
        {
            var c = plain[i];
            if (c == '\n')
            {
                line.Append("\\n");
            }
            else if (char.IsHighSurrogate(c) && i + 1 < plain.Length && char.IsLowSurrogate(plain[i + 1]))
            {
                // Tags (U+E0000 and on) are as invisible as the others of their category.
                if (CharUnicodeInfo.GetUnicodeCategory(plain, i) == UnicodeCategory.Format) Escape(line, c).Append("\\u").Append(((int)plain[i + 1]).ToString("x4", CultureInfo.InvariantCulture));
                else line.Append(c).Append(plain[i + 1]);
                i++;
            }
            else if (IsUnsafe(c))
            {
                Escape(line, c);
            }
            else
            {
                line.Append(c);
            }
        }

        if (cut.Length < text.Length) line.Append("...");
    }

    /// <summary>Control characters of both sets, separators of lines, everything that is not seen (marks of direction, zero widths, a byte order mark), halves of characters.</summary>
    private static bool IsUnsafe(char c) => c >= '\x7f'
        ? char.GetUnicodeCategory(c) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate
            or UnicodeCategory.OtherNotAssigned or UnicodeCategory.PrivateUse
        : c < ' ';

    private static StringBuilder Escape(StringBuilder line, char c) => line.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture));

    // No time-out: each part reads on without ever going back, and a machine that is busy should lose no line. Parameters of URLs, credentials in headers, and keys and secrets by their prefixes wherever they stand.
    [GeneratedRegex(
        """(?<name>\b(?:password|pwd)=)(?:"[^"]*"?|'[^']*'?)|(?<name>(?:token|X-Amz-(?:Signature|Credential|Security-Token)|Signature|AWSAccessKeyId|password|pwd)(?:=|%3D))[^&\s"'<>;,)\]}]+|(?<name>\b(?:Bearer|X-API-Key:?)\s+)[^\s"',;\]]+|(?<name>\bfvt?_)[A-Za-z0-9_.-]{8,}|(?<name>\bwhsec_)[A-Za-z0-9+/=]{8,}|(?<name>\bv1)\.[0-9]{9,11}\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{43}|\beyJ[A-Za-z0-9_-]{6,2048}\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+""",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, Timeout.Infinite)]
    private static partial Regex Secrets();
}
