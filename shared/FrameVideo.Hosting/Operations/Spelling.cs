namespace FrameVideo.Hosting;

/// <summary>Finds what somebody may have meant.</summary>
internal static class Spelling
{
    private const int Most = 3;

    /// <summary>The word that is spelt most like another one; null where none is.</summary>
    public static string? Nearest(string word, IEnumerable<string> words) =>
        words.Select(known => (known, distance: Distance(known.ToUpperInvariant(), word.ToUpperInvariant()))).Where(pair => pair.distance <= Most).OrderBy(pair => pair.distance).Select(pair => pair.known).FirstOrDefault();

    /// <summary>Letters to add, drop or change between two words (Levenshtein).</summary>
    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++) (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)));
        }

        return row[^1];
    }
}
