using System.Globalization;
using System.Text;
using SkiaSharp;
using SkiaSharp.HarfBuzz;

namespace FrameService.Generation.Drawing.Lettering;

/// <summary>Sets text in lines: shaped by HarfBuzz, wrapped, ended with an ellipsis where it does not fit. For one frame on one thread.</summary>
internal sealed class Typesetter(float size) : IDisposable
{
    // A caption shows far less; what is longer is cut before it is measured.
    private const int MaxLength = 600;

    private readonly Dictionary<SKTypeface, (SKShaper Shaper, SKFont Font)> _faces = [];

    /// <summary>The lines of a text that fit a width; none where too little of its script can be set.</summary>
    public IReadOnlyList<SetLine> Set(string text, float width, int maxLines)
    {
        var words = Words(text);
        var lines = new List<SetLine>();
        var line = new List<Word>();
        var rightToLeft = words.Select(w => w.Direction).FirstOrDefault(d => d != 0) < 0;
        for (var i = 0; i < words.Count; i++)
        {
            if (line.Count > 0 && WidthOf([.. line, words[i]]) > width)
            {
                if (lines.Count == maxLines - 1) return [.. lines, Ended(line, width, rightToLeft)];
                lines.Add(new SetLine(line, WidthOf(line), rightToLeft));
                line = [];
            }

            if (line.Count == 0 && words[i].Width > width) return [.. lines, Ended([Shortened(words[i], width)], width, rightToLeft)];
            line.Add(words[i]);
        }

        return line.Count == 0 ? lines : [.. lines, new SetLine(line, WidthOf(line), rightToLeft)];
    }

    public void Draw(SKCanvas canvas, SetLine line, float x, float baseline, SKPaint paint)
    {
        var words = line.RightToLeft ? line.Words.Reverse() : line.Words;
        foreach (var word in words)
        {
            // Read from the right, the gap after a word lies on its left.
            if (line.RightToLeft && word.SpaceAfter) x += Space;
            foreach (var (run, face) in word.Runs)
            {
                var (shaper, font) = Face(face);
                canvas.DrawShapedText(shaper, run, x, baseline, SKTextAlign.Left, font, paint);
                x += shaper.Shape(run, font).Width;
            }

            if (!line.RightToLeft && word.SpaceAfter) x += Space;
        }
    }

    public void Dispose()
    {
        foreach (var (shaper, font) in _faces.Values)
        {
            shaper.Dispose();
            font.Dispose();
        }
    }

    private float Space => size * 0.24f;

    private SetLine Ended(List<Word> line, float width, bool rightToLeft)
    {
        while (true)
        {
            var last = line[^1];
            var ended = Measured(last.Text.TrimEnd('.', ',', ';', ':', ' ', '…', '-', '–', '—') + "…", false);
            List<Word> tried = [.. line[..^1], ended];
            if (WidthOf(tried) <= width || line.Count == 1) return new SetLine(tried, WidthOf(tried), rightToLeft);
            line = line[..^1];
        }
    }

    private Word Shortened(Word word, float width)
    {
        var info = new StringInfo(word.Text);
        var (fits, tooMany) = (1, info.LengthInTextElements);
        while (tooMany - fits > 1)
        {
            var middle = (fits + tooMany) / 2;
            if (Measured(info.SubstringByTextElements(0, middle), false).Width <= width - (size * 0.8f)) fits = middle;
            else tooMany = middle;
        }

        return Measured(info.SubstringByTextElements(0, fits), false);
    }

    private float WidthOf(List<Word> words)
    {
        var width = words.Sum(w => w.Width + (w.SpaceAfter ? Space : 0));
        return words.Count > 0 && words[^1].SpaceAfter ? width - Space : width;
    }

    private List<Word> Words(string text)
    {
        var words = new List<Word>();
        var word = new StringBuilder();
        var (letters, missing) = (0, 0);
        var elements = StringInfo.GetTextElementEnumerator(text.Length > MaxLength ? text[..MaxLength] : text);
        while (elements.MoveNext())
        {
            var element = elements.GetTextElement();
            if (!Rune.TryGetRuneAt(element, 0, out var rune)) continue;
            if (Rune.IsWhiteSpace(rune) || Rune.IsControl(rune))
            {
                Flush(true);
                continue;
            }

            if (Rune.IsLetter(rune)) letters++;
            if (Typefaces.With(rune) is null)
            {
                if (Rune.IsLetter(rune)) missing++;
                continue;
            }

            word.Append(element);
            if (IsIdeograph(rune)) Flush(false);
        }

        Flush(false);
        return missing * 4 > letters ? [] : words;

        void Flush(bool space)
        {
            if (word.Length > 0) words.Add(Measured(word.ToString(), space));
            else if (space && words.Count > 0) words[^1] = words[^1] with { SpaceAfter = true };
            word.Clear();
        }
    }

    private Word Measured(string text, bool space)
    {
        var runs = new List<(string Text, SKTypeface Face)>();
        var direction = 0;
        var elements = StringInfo.GetTextElementEnumerator(text);
        while (elements.MoveNext())
        {
            var element = elements.GetTextElement();
            if (!Rune.TryGetRuneAt(element, 0, out var rune)) continue;
            var shown = Shown(element);
            if (direction == 0 && Rune.IsLetter(rune)) direction = IsRightToLeft(rune) ? -1 : 1;
            var face = Typefaces.With(rune) ?? Typefaces.Regular;
            if (runs.Count > 0 && runs[^1].Face == face) runs[^1] = (runs[^1].Text + shown, face);
            else runs.Add((shown, face));
        }

        var width = runs.Sum(run => Face(run.Face).Shaper.Shape(run.Text, Face(run.Face).Font).Width);
        return new Word(text, runs, width, space, direction);
    }

    // A mark or joiner that the font of its letter does not have would be drawn as a box.
    private static string Shown(string element)
    {
        var face = Rune.TryGetRuneAt(element, 0, out var first) ? Typefaces.With(first) : null;
        if (face is null) return "";
        var shown = new StringBuilder(element.Length);
        foreach (var rune in element.EnumerateRunes())
        {
            if (face.ContainsGlyph(rune.Value)) shown.Append(rune.ToString());
        }

        return shown.ToString();
    }

    private (SKShaper Shaper, SKFont Font) Face(SKTypeface face)
    {
        if (_faces.TryGetValue(face, out var known)) return known;
        return _faces[face] = (new SKShaper(face), new SKFont(face, size) { Subpixel = true, Edging = SKFontEdging.Antialias, Hinting = SKFontHinting.None });
    }

    private static bool IsIdeograph(Rune rune) => rune.Value is (>= 0x2E80 and <= 0x9FFF) or (>= 0xAC00 and <= 0xD7AF) or (>= 0xF900 and <= 0xFAFF) or (>= 0xFF00 and <= 0xFF60) or (>= 0x20000 and <= 0x3FFFF);

    private static bool IsRightToLeft(Rune rune) => rune.Value is (>= 0x590 and <= 0x8FF) or (>= 0xFB1D and <= 0xFDFF) or (>= 0xFE70 and <= 0xFEFF) or (>= 0x10800 and <= 0x10FFF);

    /// <summary>A line that fits.</summary>
    internal sealed record SetLine(IReadOnlyList<Word> Words, float Width, bool RightToLeft);

    internal sealed record Word(string Text, IReadOnlyList<(string Text, SKTypeface Face)> Runs, float Width, bool SpaceAfter, int Direction);
}
