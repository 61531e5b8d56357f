namespace VideoService.Rendering;

/// <summary>
/// A caption before it is set: which font has each cluster, in which direction each is read, and where lines may end. Directions are those of the whole paragraph (UAX 9, P2-P3): a line that begins with a foreign word is still
/// read as the paragraph is.
/// </summary>
internal sealed class CaptionText
{
    private readonly CaptionFonts.Face[] _faces;
    private readonly byte[] _levels;

    /// <summary>Looks everything up.</summary>
    /// <exception cref="CaptionException">No font has a part of it.</exception>
    public CaptionText(string text, string? language, CaptionFonts fonts)
    {
        Text = text;
        _levels = Bidi.Levels(text, out _);
        _faces = new CaptionFonts.Face[text.Length];
        CaptionFonts.Face? before = null;
        var start = 0;
        foreach (var element in Graphemes.Of(text))
        {
            before = fonts.For(element, language, before) ?? throw new CaptionException(element);
            _faces.AsSpan(start, element.Length).Fill(before);
            start += element.Length;
        }
    }

    /// <summary>What is written.</summary>
    public string Text { get; }

    /// <summary>The fonts that it is written in.</summary>
    public IEnumerable<CaptionFonts.Face> Faces => _faces.Distinct();

    /// <summary>The parts between which a line may end, each with the spaces that follow it.</summary>
    public List<(int Start, int End)> Parts()
    {
        var (parts, start) = (new List<(int, int)>(), 0);
        foreach (var part in LineBreaks.Parts(Text))
        {
            parts.Add((start, start + part.Length));
            start += part.Length;
        }

        return parts;
    }

    /// <summary>The clusters of a part, which a line may end between where the part is wider than any line.</summary>
    public IEnumerable<(int Start, int End)> Clusters((int Start, int End) part)
    {
        var start = part.Start;
        foreach (var element in Graphemes.Of(Text[part.Start..part.End]))
        {
            yield return (start, start + element.Length);
            start += element.Length;
        }
    }

    /// <summary>The same without the spaces around it.</summary>
    public (int Start, int End) Trim((int Start, int End) line)
    {
        while (line.Start < line.End && Text[line.Start] == ' ') line.Start++;
        while (line.End > line.Start && Text[line.End - 1] == ' ') line.End--;
        return line;
    }

    /// <summary>What is shaped at once, of one font and one direction each, in the order from left to right in which it stands on a line.</summary>
    public IReadOnlyList<CaptionRun> Runs((int Start, int End) line)
    {
        var runs = new List<CaptionRun>();
        for (var i = line.Start; i < line.End; i++)
        {
            if (runs.Count > 0 && runs[^1].Face == _faces[i] && runs[^1].Level == _levels[i]) runs[^1] = runs[^1] with { Length = runs[^1].Length + 1 };
            else runs.Add(new CaptionRun(i, 1, _faces[i], _levels[i]));
        }

        return [.. Bidi.Order([.. runs.Select(run => run.Level)]).Select(index => runs[index])];
    }
}

/// <summary>A part of a line.</summary>
/// <param name="Start">Its first UTF-16 code unit in the text.</param>
/// <param name="Length">How many it has.</param>
/// <param name="Face">Its font.</param>
/// <param name="Level">Its level; odd is read from right to left.</param>
internal readonly record struct CaptionRun(int Start, int Length, CaptionFonts.Face Face, byte Level);
