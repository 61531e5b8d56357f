using System.Globalization;
using SkiaSharp;
using SkiaSharp.HarfBuzz;

namespace VideoService.Rendering;

/// <summary>
/// Sets a caption and draws it once: shaped by HarfBuzz, each cluster in a font that has it, wrapped in lines of about the same width, centred above the lower tenth of the picture on a dark plate. What is too long is set
/// smaller, and ended with an ellipsis where that is not enough.
/// </summary>
internal sealed class CaptionPainter(CaptionFonts fonts)
{
    /// <summary>Goes into what a piece hangs on; raised whenever the same caption would look otherwise.</summary>
    private const int Version = 1;

    /// <summary>On each side nothing is written, as nothing is below a tenth (EBU R 95: graphics keep 5 %).</summary>
    private const float Side = 0.05f;
    private const float Below = 0.10f;
    private static readonly float[] Sizes = [1, 0.9f, 0.8f, 0.7f];
    private readonly Lock _shaping = new();
    private readonly Dictionary<CaptionFonts.Face, SKShaper> _shapers = [];

    /// <summary>Everything of a caption that its pixels hang on: its text, and which fonts write it.</summary>
    /// <exception cref="CaptionException">No font has a part of it.</exception>
    public string InputsOf(Caption caption)
    {
        var faces = Faces(caption.Text, caption.Language).Select(part => part.Face.Identity).Distinct(StringComparer.Ordinal);
        return string.Create(CultureInfo.InvariantCulture, $"caption {Version} {caption.Language} {string.Join(' ', faces)} {caption.Text.Length} {caption.Text}\n");
    }

    /// <summary>Draws a caption for films of a size.</summary>
    /// <exception cref="CaptionException">No font has a part of it.</exception>
    public CaptionImage Draw(Caption caption, int width, int height)
    {
        lock (_shaping)
        {
            var lines = Set(caption, width, height, out var size);
            var (padX, padY, pitch) = (size * 0.55f, size * 0.3f, size * 1.28f);
            var widest = lines.Max(line => line.Width);
            var bottom = height * (1 - Below);
            var plate = new SKRect((width - widest) / 2 - padX, bottom - lines.Count * pitch - 2 * padY, (width + widest) / 2 + padX, bottom);
            using var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Premul));
            using (var canvas = new SKCanvas(bitmap))
            {
                canvas.Clear(SKColors.Transparent);
                using var dark = new SKPaint { Color = new SKColor(12, 12, 16, 168), IsAntialias = true };
                canvas.DrawRoundRect(plate, size * 0.3f, size * 0.3f, dark);
                using var paint = new SKPaint { Color = SKColors.White, IsAntialias = true };
                for (var i = 0; i < lines.Count; i++) DrawLine(canvas, lines[i], (width - lines[i].Width) / 2, plate.Top + padY + (i * pitch) + size * 0.98f, size, paint);
            }

            return CaptionImage.Of(bitmap, SKRectI.Floor(new SKRect(plate.Left - size, plate.Top - size, plate.Right + size, plate.Bottom + size)));
        }
    }

    private List<Line> Set(Caption caption, int width, int height, out float size)
    {
        var basic = Math.Min(height * 0.05f, width * 0.058f);
        foreach (var factor in Sizes)
        {
            size = basic * factor;
            var room = width * (1 - 2 * Side) - 1.1f * size;
            var most = width < height || factor < 0.85f ? 3 : 2;
            if (Wrap(caption.Text, caption.Language, size, room, most) is { } lines) return lines;
        }

        size = basic * Sizes[^1];
        // The longest beginning that fits, with an ellipsis.
        var elements = Graphemes.Of(caption.Text).ToList();
        var (fits, tooMany) = (0, elements.Count);
        List<Line>? found = null;
        while (tooMany - fits > 1)
        {
            var middle = (fits + tooMany) / 2;
            var text = string.Concat(elements.Take(middle)).TrimEnd(' ', ',', '.', ';', ':', '-') + "…";
            if (Wrap(text, caption.Language, size, width * (1 - 2 * Side) - 1.1f * size, 3) is { } lines) (fits, found) = (middle, lines);
            else tooMany = middle;
        }

        return found ?? [LineOf("…", caption.Language, size)];
    }

    /// <summary>The lines, balanced; null where they are more than there may be.</summary>
    private List<Line>? Wrap(string text, string? language, float size, float room, int most)
    {
        var parts = LineBreaks.Parts(text).SelectMany(part => WidthOf(part.TrimEnd(), language, size) <= room ? [part] : Graphemes.Of(part)).ToList();
        var lines = Fill(room);
        if (lines.Count > most) return null;
        // The narrowest that needs no more lines.
        var (narrow, wide) = (room / lines.Count * 0.8f, room);
        for (var i = 0; i < 8 && lines.Count > 1; i++)
        {
            var middle = (narrow + wide) / 2;
            var tried = Fill(middle);
            if (tried.Count <= lines.Count && tried.All(line => WidthOf(line.TrimEnd(), language, size) <= middle)) (wide, lines) = (middle, tried);
            else narrow = middle;
        }

        return [.. lines.Select(line => LineOf(line.Trim(), language, size))];

        List<string> Fill(float limit)
        {
            var filled = new List<string>();
            var line = "";
            foreach (var part in parts)
            {
                if (line.Length > 0 && WidthOf((line + part).TrimEnd(), language, size) > limit)
                {
                    filled.Add(line);
                    line = "";
                }

                line += part;
            }

            if (line.Length > 0) filled.Add(line);
            return filled;
        }
    }

    private float WidthOf(string text, string? language, float size) => LineOf(text, language, size).Width;

    private Line LineOf(string text, string? language, float size)
    {
        var levels = Bidi.Levels(text, out _);
        var runs = new List<(int Start, int Length, CaptionFonts.Face Face, byte Level)>();
        foreach (var (start, length, face) in Faces(text, language))
        {
            if (runs.Count > 0 && runs[^1].Face == face && runs[^1].Level == levels[start]) runs[^1] = runs[^1] with { Length = runs[^1].Length + length };
            else runs.Add((start, length, face, levels[start]));
        }

        var shaped = new List<Run>();
        foreach (var index in Bidi.Order([.. runs.Select(run => run.Level)]))
        {
            var run = runs[index];
            using var font = FontOf(run.Face, size);
            using var buffer = new HarfBuzzSharp.Buffer();
            buffer.AddUtf16(text.AsSpan(run.Start, run.Length));
            buffer.GuessSegmentProperties();
            buffer.Direction = run.Level % 2 == 1 ? HarfBuzzSharp.Direction.RightToLeft : HarfBuzzSharp.Direction.LeftToRight;
            if (!_shapers.TryGetValue(run.Face, out var shaper)) _shapers[run.Face] = shaper = new SKShaper(run.Face.Typeface);
            var result = shaper.Shape(buffer, font);
            shaped.Add(new Run(run.Face, [.. result.Codepoints.Select(glyph => (ushort)glyph)], result.Points, result.Width));
        }

        return new Line(shaped, shaped.Sum(run => run.Width));
    }

    private IEnumerable<(int Start, int Length, CaptionFonts.Face Face)> Faces(string text, string? language)
    {
        CaptionFonts.Face? before = null;
        var start = 0;
        foreach (var element in Graphemes.Of(text))
        {
            before = fonts.For(element, language, before) ?? throw new CaptionException(Graphemes.ScriptOf(element));
            yield return (start, element.Length, before);
            start += element.Length;
        }
    }

    private static void DrawLine(SKCanvas canvas, Line line, float x, float baseline, float size, SKPaint paint)
    {
        foreach (var run in line.Runs)
        {
            using var font = FontOf(run.Face, size);
            using var builder = new SKTextBlobBuilder();
            var glyphs = builder.AllocatePositionedRun(font, run.Glyphs.Length);
            glyphs.SetGlyphs(run.Glyphs);
            glyphs.SetPositions(run.Points);
            using var blob = builder.Build();
            if (blob is not null) canvas.DrawText(blob, x, baseline, paint);
            x += run.Width;
        }
    }

    private static SKFont FontOf(CaptionFonts.Face face, float size) => new(face.Typeface, size) { Subpixel = true, Edging = SKFontEdging.Antialias, Hinting = SKFontHinting.None };

    private sealed record Run(CaptionFonts.Face Face, ushort[] Glyphs, SKPoint[] Points, float Width);

    private sealed record Line(IReadOnlyList<Run> Runs, float Width);
}
