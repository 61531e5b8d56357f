using System.Text;

namespace VideoService.Rendering;

/// <summary>Where a line may end: after a space or a hyphen, and between characters of scripts without spaces, save where Japanese and Chinese forbid it (kinsoku, JLREQ 3.1); and between words of Thai and its like, as far as <see cref="WordBreaks"/> knows. A part of UAX 14.</summary>
internal static class LineBreaks
{
    private const string NotFirst = "、。，．・：；？！゛゜ヽヾゝゞ々ー’”）〕］｝〉》」』】°′″℃％ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ!),.:;?]}%…‥";
    private const string NotLast = "‘“（〔［｛〈《「『【￥＄([{$£€¥";

    /// <summary>The text in parts between which a line may end; each has the spaces that follow it.</summary>
    public static List<string> Parts(string text)
    {
        var parts = new List<string>();
        var part = new StringBuilder();
        var words = WordBreaks.Of(text);
        var place = 0;
        string? before = null;
        foreach (var element in Graphemes.Of(text))
        {
            if (before is not null && (MayBreak(before, element) || IsNextWord(before, element)))
            {
                parts.Add(part.ToString());
                part.Clear();
            }

            part.Append(element);
            before = element;
            place += element.Length;
        }

        if (part.Length > 0) parts.Add(part.ToString());
        return parts;

        bool IsNextWord(string ended, string begun) => words.Contains(place) && WordBreaks.IsNeeded(ended.EnumerateRunes().First()) && WordBreaks.IsNeeded(begun.EnumerateRunes().First());
    }

    private static bool MayBreak(string before, string after)
    {
        if (after == " " || NotFirst.Contains(after, StringComparison.Ordinal) || NotLast.Contains(before, StringComparison.Ordinal)) return false;
        if (before is " " or "\u2014" or "\u200B") return true;
        if (before == "-") return after.EnumerateRunes().First() is var rune && Rune.IsLetter(rune);
        return IsWide(before) || IsWide(after);
    }

    private static bool IsWide(string element) => element.EnumerateRunes().First().Value is (>= 0x2E80 and <= 0xA4CF) or (>= 0xF900 and <= 0xFAFF) or (>= 0xFE30 and <= 0xFE4F) or (>= 0xFF00 and <= 0xFF60) or (>= 0x1F000 and <= 0x1FAFF) or (>= 0x20000 and <= 0x3FFFF);
}
