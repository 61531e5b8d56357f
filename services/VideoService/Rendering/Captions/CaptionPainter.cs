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
    private const int Version = 2;

    /// <summary>Pixels of the size that parts are measured in; nothing is hinted, so widths grow with the size.</summary>
    private const float MeasuredSize = 100;

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
        var faces = new CaptionText(caption.Text, caption.Language, fonts).Faces.Select(face => face.Identity).Distinct(StringComparer.Ordinal);
        return string.Create(CultureInfo.InvariantCulture, $"caption {Version}{(WordBreaks.IsNeeded(caption.Text) ? $" {WordBreaks.Version}" : "")} {caption.Language} {string.Join(' ', faces)} {caption.Text.Length} {caption.Text}\n");
    }

    /// <summary>Draws a caption for films of a size.</summary>
    /// <exception cref="CaptionException">No font has a part of it.</exception>
    public CaptionImage Draw(Caption caption, int width, int height)
    {
        lock (_shaping)
        {
            var (text, wrapped, size) = Set(caption, width, height);
            var lines = wrapped.ConvertAll(line => LineOf(text, line, size));
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

    /// <summary>The lines that a caption is set in, as text.</summary>
    internal IReadOnlyList<string> LinesOf(Caption caption, int width, int height)
    {
        lock (_shaping)
        {
            var (text, lines, _) = Set(caption, width, height);
            return [.. lines.Select(line => text.Text[line.Start..line.End])];
        }
    }

    private (CaptionText Text, List<(int Start, int End)> Lines, float Size) Set(Caption caption, int width, int height)
    {
        var widths = new Dictionary<string, float>(StringComparer.Ordinal);
        var whole = new CaptionText(caption.Text, caption.Language, fonts);
        var basic = Math.Min(height * 0.05f, width * 0.058f);
        foreach (var factor in Sizes)
        {
            var most = width < height || factor < 0.85f ? 3 : 2;
            if (Wrap(whole, basic * factor, RoomOf(width, basic * factor), most, widths) is { } lines) return (whole, lines, basic * factor);
        }

        var size = basic * Sizes[^1];
        // The longest beginning that fits, with an ellipsis.
        var clusters = whole.Clusters((0, caption.Text.Length)).ToList();
        var (fits, tooMany) = (0, clusters.Count);
        var found = new CaptionText("…", caption.Language, fonts);
        List<(int Start, int End)> shown = [(0, 1)];
        while (tooMany - fits > 1)
        {
            var middle = (fits + tooMany) / 2;
            var begun = new CaptionText(caption.Text[..clusters[middle - 1].End].TrimEnd(' ', ',', '.', ';', ':', '-') + "…", caption.Language, fonts);
            if (Wrap(begun, size, RoomOf(width, size), 3, widths) is { } lines) (fits, found, shown) = (middle, begun, lines);
            else tooMany = middle;
        }

        return (found, shown, size);
    }

    private static float RoomOf(int width, float size) => width * (1 - 2 * Side) - 1.1f * size;

    /// <summary>The lines, balanced; null where they are more than there may be. Each part is measured once and for all sizes: a long text is not shaped anew for each way to set it.</summary>
    private List<(int Start, int End)>? Wrap(CaptionText text, float size, float room, int most, Dictionary<string, float> widths)
    {
        var parts = text.Parts().SelectMany(part => WidthOf(text.Trim(part)) <= room ? [part] : text.Clusters(part)).Select(part => (part.Start, part.End, Whole: WidthOf(part), Seen: WidthOf(text.Trim(part)))).ToList();
        var lines = Fill(room);
        if (lines.Count > most) return null;
        // The narrowest that needs no more lines.
        var (narrow, wide) = (room / lines.Count * 0.8f, room);
        for (var i = 0; i < 8 && lines.Count > 1; i++)
        {
            var middle = (narrow + wide) / 2;
            var tried = Fill(middle);
            if (tried.Count <= lines.Count && tried.All(line => line.Seen <= middle)) (wide, lines) = (middle, tried);
            else narrow = middle;
        }

        return [.. lines.Select(line => text.Trim((line.Start, line.End)))];

        // Seen is without the spaces at its end.
        List<(int Start, int End, float Whole, float Seen)> Fill(float limit)
        {
            var filled = new List<(int Start, int End, float Whole, float Seen)>();
            foreach (var part in parts)
            {
                if (filled.Count > 0 && filled[^1].Whole + part.Seen <= limit) filled[^1] = (filled[^1].Start, part.End, filled[^1].Whole + part.Whole, filled[^1].Whole + part.Seen);
                else filled.Add(part);
                if (filled.Count > most) break;
            }

            return filled;
        }

        float WidthOf((int Start, int End) part)
        {
            var words = text.Text[part.Start..part.End];
            if (!widths.TryGetValue(words, out var width)) widths[words] = width = LineOf(text, part, MeasuredSize).Width;
            return width * size / MeasuredSize;
        }
    }

    private Line LineOf(CaptionText text, (int Start, int End) line, float size)
    {
        var shaped = new List<Run>();
        foreach (var run in text.Runs(line))
        {
            using var font = FontOf(run.Face, size);
            using var buffer = new HarfBuzzSharp.Buffer();
            buffer.AddUtf16(text.Text.AsSpan(run.Start, run.Length));
            buffer.GuessSegmentProperties();
            buffer.Direction = run.Level % 2 == 1 ? HarfBuzzSharp.Direction.RightToLeft : HarfBuzzSharp.Direction.LeftToRight;
            if (!_shapers.TryGetValue(run.Face, out var shaper)) _shapers[run.Face] = shaper = new SKShaper(run.Face.Typeface);
            var result = shaper.Shape(buffer, font);
            shaped.Add(new Run(run.Face, [.. result.Codepoints.Select(glyph => (ushort)glyph)], result.Points, result.Width));
        }

        return new Line(shaped, shaped.Sum(run => run.Width));
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
