using System.Globalization;
using System.Text;

namespace FrameService.Generation.Writing;

/// <summary>The user's words, made fit to be quoted: nothing is translated, re-cased inside or reordered.</summary>
internal static class PromptText
{
    private const int MaxLength = 20_000;

    /// <summary>Without control characters, directional overrides and lone surrogates; white space is one blank, line ends stay as breaks.</summary>
    public static string Clean(string prompt)
    {
        var clean = new StringBuilder(Math.Min(prompt.Length, MaxLength));
        var blank = true;
        foreach (var rune in (prompt.Length > MaxLength ? prompt[..MaxLength] : prompt).EnumerateRunes())
        {
            if (rune.Value is '\n' or 0x2028 or 0x2029)
            {
                if (clean.Length > 0 && clean[^1] == ' ') clean.Length--;
                if (clean.Length > 0 && clean[^1] != '\n') clean.Append('\n');
                blank = true;
            }
            else if (Rune.IsWhiteSpace(rune) || Rune.IsControl(rune))
            {
                if (!blank) clean.Append(' ');
                blank = true;
            }
            else if (!IsHidden(rune))
            {
                clean.Append(rune.ToString());
                blank = false;
            }
        }

        return clean.ToString().Trim();
    }

    /// <summary>At most so many characters, cut between words, with an ellipsis where something is missing.</summary>
    public static string Shortened(string text, int length)
    {
        if (text.Length <= length) return text;
        var starts = StringInfo.ParseCombiningCharacters(text[..length]);
        var cut = starts.Length > 1 ? starts[^1] : length;
        var blank = text.LastIndexOf(' ', cut - 1, Math.Min(cut, 40));
        return text[..(blank > 0 ? blank : cut)].TrimEnd(' ', ',', ';', ':', '-', '–') + "…";
    }

    /// <summary>As a sentence: a capital first where the script has them, a full stop last where none stands.</summary>
    public static string AsSentence(string text)
    {
        text = text.Trim(' ', ',', ';', ':', '，', '、', '؛', '،', '\n');
        if (text.Length == 0) return text;
        if (char.IsLower(text[0])) text = char.ToUpperInvariant(text[0]) + text[1..];
        if (!Rune.TryGetRuneAt(text, LastRuneAt(text), out var last)) return text;
        if (!Rune.IsLetterOrDigit(last) && last.Value is not (')' or '"' or '\'' or '”' or '’' or '»')) return text;
        return text + (IsEastAsian(last) ? "。" : IsIndic(last) ? "।" : IsWithoutStops(last) ? "" : ".");
    }

    public static bool IsEastAsian(Rune rune) => rune.Value is (>= 0x3040 and <= 0x30FF) or (>= 0x3400 and <= 0x9FFF) or (>= 0x20000 and <= 0x3FFFF);

    private static int LastRuneAt(string text) => text.Length > 1 && char.IsLowSurrogate(text[^1]) ? text.Length - 2 : text.Length - 1;

    private static bool IsIndic(Rune rune) => rune.Value is >= 0x0900 and <= 0x09FF;

    private static bool IsWithoutStops(Rune rune) => rune.Value is >= 0x0E00 and <= 0x0EFF;

    // Joiners belong to emoji and to scripts; overrides and the like only mislead a reader.
    private static bool IsHidden(Rune rune) =>
        rune.Value is 0xFFFD or 0xFEFF or (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned;
}
