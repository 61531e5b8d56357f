using System.Globalization;
using System.Text;

namespace FrameService.Generation.Reading;

/// <summary>Text as lower-case words in their singular, with the plural remembered.</summary>
internal static class SceneWords
{
    private const string Accented = "ÀÁÂÃÄÅÇÈÉÊËÌÍÎÏÑÒÓÔÕÖÙÚÛÜÝàáâãäåçèéêëìíîïñòóôõöùúûüýÿ";
    private const string Plainly = "AAAAAACEEEEIIIINOOOOOUUUUYaaaaaaceeeeiiiinooooouuuuyy";

    /// <summary>A word as it is looked up.</summary>
    /// <param name="Text">As written, in lower case, without accents on Latin letters.</param>
    /// <param name="Singulars">What it may be the plural of.</param>
    internal readonly record struct Word(string Text, IReadOnlyList<string> Singulars);

    public static IReadOnlyList<Word> Split(string text)
    {
        var words = new List<Word>();
        var word = new StringBuilder();
        foreach (var rune in Plain(text).EnumerateRunes())
        {
            if (Rune.IsLetterOrDigit(rune))
            {
                word.Append(Rune.ToLowerInvariant(rune).ToString());
                continue;
            }

            Flush();
        }

        Flush();
        return words;

        void Flush()
        {
            if (word.Length is > 0 and < 40) words.Add(new Word(word.ToString(), Singulars(word.ToString())));
            word.Clear();
        }
    }

    // The runtime's own decomposition needs culture data, which the services do without.
    private static string Plain(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            var at = Accented.IndexOf(c, StringComparison.Ordinal);
            if (at >= 0) plain.Append(Plainly[at]);
            else if (c == 'ß') plain.Append("ss");
            else if (char.GetUnicodeCategory(c) is not (UnicodeCategory.NonSpacingMark or UnicodeCategory.Format)) plain.Append(c);
        }

        return plain.ToString();
    }

    private static List<string> Singulars(string word)
    {
        var singulars = new List<string>();
        if (word.Length < 4) return singulars;
        if (word.EndsWith("ies", StringComparison.Ordinal)) singulars.Add(word[..^3] + "y");
        if (word.EndsWith("ves", StringComparison.Ordinal))
        {
            singulars.Add(word[..^3] + "f");
            singulars.Add(word[..^3] + "fe");
        }

        if (word.EndsWith("es", StringComparison.Ordinal)) singulars.Add(word[..^2]);
        if (word.EndsWith('s') && !word.EndsWith("ss", StringComparison.Ordinal)) singulars.Add(word[..^1]);
        return singulars;
    }
}
