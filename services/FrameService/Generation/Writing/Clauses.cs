using System.Text;

namespace FrameService.Generation.Writing;

/// <summary>Divides a prompt into what can be scenes: its sentences, and where more are wanted the clauses of its sentences.</summary>
internal static class Clauses
{
    private const string Ends = ".!?…。！？؟।\n";
    private const string Pauses = ",;:—–，、；：؛،";

    /// <summary>The parts in order, at most as many as wanted; their words are the prompt's own.</summary>
    public static IReadOnlyList<string> Of(string text, int wanted, Language language)
    {
        var sentences = Sentences(text);
        if (sentences.Count == 0) return [];
        if (sentences.Count >= wanted) return Grouped(sentences, wanted);
        var parts = sentences.ConvertAll(sentence => new List<string> { sentence });
        var spare = wanted - sentences.Count;
        // The longest sentences are divided first, as far as there are frames for their clauses.
        foreach (var at in Enumerable.Range(0, sentences.Count).OrderByDescending(i => sentences[i].Length))
        {
            var pieces = Pieces(sentences[at]);
            var clauses = language == Language.English ? [.. English.Clauses(pieces)] : pieces;
            if (clauses.Count < 2 || clauses.Count - 1 > spare) continue;
            parts[at] = clauses;
            spare -= clauses.Count - 1;
        }

        // A single sentence with more clauses than frames is told whole.
        return [.. parts.SelectMany(p => p)];
    }

    private static List<string> Sentences(string text)
    {
        var sentences = new List<string>();
        var start = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (!Ends.Contains(text[i], StringComparison.Ordinal)) continue;
            // "3.5", "e.g." and "U.S." do not end a sentence; "Wait..." ends once.
            var inside = text[i] == '.' && i + 1 < text.Length && !char.IsWhiteSpace(text[i + 1]) && text[i + 1] is not ('"' or '”' or '\'' or ')');
            if (inside || (text[i] == '.' && IsAbbreviation(text, start, i))) continue;
            while (i + 1 < text.Length && (Ends.Contains(text[i + 1], StringComparison.Ordinal) || text[i + 1] is '"' or '”' or '’' or ')' or '」')) i++;
            Add(text[start..(i + 1)]);
            start = i + 1;
        }

        Add(text[start..]);
        return sentences;

        void Add(string sentence)
        {
            sentence = sentence.Trim();
            if (sentence.EnumerateRunes().Any(rune => Rune.IsLetterOrDigit(rune) || Rune.GetUnicodeCategory(rune) == System.Globalization.UnicodeCategory.OtherSymbol)) sentences.Add(sentence);
        }
    }

    private static bool IsAbbreviation(string text, int start, int dot)
    {
        var word = text[start..dot];
        word = word[(word.LastIndexOf(' ') + 1)..];
        return word.Length == 1 && char.IsUpper(word[0]) || word is "Mr" or "Mrs" or "Ms" or "Dr" or "St" or "vs" or "etc" or "e.g" or "i.e";
    }

    // A pause divides where both sides are long enough to be seen for themselves.
    private static List<string> Pieces(string sentence)
    {
        var pieces = new List<string>();
        var start = 0;
        for (var i = 0; i < sentence.Length; i++)
        {
            if (!Pauses.Contains(sentence[i], StringComparison.Ordinal) || !IsLongEnough(sentence[start..i]) || !IsLongEnough(sentence[(i + 1)..])) continue;
            if (i + 1 < sentence.Length && sentence[i] < 128 && sentence[i + 1] != ' ') continue;
            pieces.Add(sentence[start..i].Trim());
            start = i + 1;
        }

        pieces.Add(sentence[start..].Trim());
        return pieces;
    }

    private static bool IsLongEnough(string piece)
    {
        piece = piece.Trim();
        return piece.EnumerateRunes().Any(PromptText.IsEastAsian) ? piece.Length >= 3 : piece.Contains(' ', StringComparison.Ordinal) && piece.Length >= 7;
    }

    private static List<string> Grouped(List<string> parts, int wanted)
    {
        var groups = new List<string>(wanted);
        for (var i = 0; i < wanted; i++)
        {
            var from = (int)((long)parts.Count * i / wanted);
            var to = (int)((long)parts.Count * (i + 1) / wanted);
            var joiner = parts[from].EnumerateRunes().Any(PromptText.IsEastAsian) ? "" : " ";
            groups.Add(string.Join(joiner, parts[from..to].Select(PromptText.AsSentence)));
        }

        return groups;
    }
}
