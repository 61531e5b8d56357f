using System.Text;

namespace VideoService.Rendering;

/// <summary>What is written while a frame is seen.</summary>
/// <param name="Text">One paragraph, without control characters; not empty.</param>
/// <param name="Language">A BCP 47 tag: chooses among forms of the same character; null for none.</param>
internal sealed record Caption(string Text, string? Language)
{
    /// <summary>A caption of what somebody wrote: white space becomes single spaces, and what steers text rather than being one is left out; null where nothing is left to be seen.</summary>
    public static Caption? Of(string? text, string? language)
    {
        var clean = new StringBuilder();
        foreach (var rune in (text ?? "").EnumerateRunes())
        {
            // Embeddings, overrides and isolates (UAX 9, 2.1-2.4): each paragraph is laid out by its own letters. Nor has a font what annotates text, formulas and music without being seen.
            if (rune.Value is (>= 0x202A and <= 0x202E) or (>= 0x2061 and <= 0x206F) or (>= 0xFFF9 and <= 0xFFFB) or (>= 0x1D173 and <= 0x1D17A) or 0x180E or 0xFEFF or 0xFFFD || (Rune.IsControl(rune) && !Rune.IsWhiteSpace(rune))) continue;
            if (!Rune.IsWhiteSpace(rune)) clean.Append(rune.ToString());
            else if (clean.Length > 0 && clean[^1] != ' ') clean.Append(' ');
        }

        var words = clean.ToString().TrimEnd();
        // An empty plate is no caption.
        return words.EnumerateRunes().All(rune => rune.Value == ' ' || Graphemes.IsInvisible(rune)) ? null : new Caption(words, language);
    }
}
