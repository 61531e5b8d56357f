using System.Text;

namespace FrameService.Generation.Writing;

internal enum Language
{
    /// <summary>One whose sentences the writer does not add to.</summary>
    Other,
    English, German, French, Spanish, Italian, Portuguese, Russian, Chinese, Japanese,
}

/// <summary>Tells languages by script and by their smallest words.</summary>
internal static class Languages
{
    private static readonly (Language Language, HashSet<string> Words)[] Marks =
    [
        (Language.English, Set("the a an of in on and with to at is are from his her their its into by over under through for that who they she he it")),
        (Language.German, Set("der die das und ein eine einen einem einer mit im am auf ist sich von zu den dem des nicht über durch")),
        (Language.French, Set("le la les un une et des du dans sur avec qui est au aux pour par sous vers elle il")),
        (Language.Spanish, Set("el la los las un una y en del con que es al por para sobre su hacia")),
        (Language.Italian, Set("il lo la gli un una e di del della nel nella con che è sul sulla per verso")),
        (Language.Portuguese, Set("o os um uma e do da no na com que é ao pelo pela sobre em seu sua")),
    ];

    public static Language Of(string text)
    {
        var (latin, cyrillic, han, kana, letters) = (0, 0, 0, 0, 0);
        foreach (var rune in text.EnumerateRunes())
        {
            if (!Rune.IsLetter(rune)) continue;
            letters++;
            if (rune.Value < 0x250) latin++;
            else if (rune.Value is >= 0x400 and <= 0x4FF) cyrillic++;
            else if (rune.Value is >= 0x3040 and <= 0x30FF) kana++;
            else if (rune.Value is >= 0x4E00 and <= 0x9FFF) han++;
        }

        if (letters == 0) return Language.Other;
        if (kana * 6 > letters) return Language.Japanese;
        if (han * 2 > letters) return Language.Chinese;
        // Cyrillic is written for many languages; these letters are not Russian.
        if (cyrillic * 2 > letters) return text.IndexOfAny(['і', 'ї', 'є', 'ґ', 'ў', 'ј', 'љ', 'њ', 'ћ', 'ђ', 'ѓ', 'ќ', 'џ']) >= 0 ? Language.Other : Language.Russian;
        return latin * 4 > letters * 3 ? OfLatin(text) : Language.Other;
    }

    private static Language OfLatin(string text)
    {
        var words = text.ToLowerInvariant().Split([' ', ',', '.', ';', ':', '!', '?', '\n', '\'', '’', '"'], StringSplitOptions.RemoveEmptyEntries);
        var best = Marks.Select(mark => (mark.Language, Count: words.Count(mark.Words.Contains))).MaxBy(m => m.Count);
        if (best.Count > 0) return best.Language == Language.English && words.Any(w => w.Any(c => c > 127)) && best.Count * 8 < words.Length ? Language.Other : best.Language;
        return words.Length <= 4 && text.All(c => c < 128) ? Language.English : Language.Other;
    }

    private static HashSet<string> Set(string words) => new(words.Split(' '), StringComparer.Ordinal);
}
