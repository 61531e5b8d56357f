using System.Collections.Concurrent;
using System.Text;
using SkiaSharp;

namespace FrameService.Generation.Drawing.Lettering;

/// <summary>The embedded typefaces, and for other scripts the machine's own. Loaded once and never changed; a machine without fonts sets Latin, Greek and Cyrillic.</summary>
internal static class Typefaces
{
    private static readonly string[] Folders = ["/usr/share/fonts", "/usr/local/share/fonts"];
    private static readonly string[] Unwanted = ["Bold", "Italic", "Oblique", "Mono", "Light", "Thin", "Condensed", "Serif", "Black", "Emoji", "Symbol", "Math"];
    private static readonly ConcurrentDictionary<int, SKTypeface?> Found = new();
    private static readonly Lazy<SKTypeface[]> OfMachine = new(FromFolders);

    public static SKTypeface Regular { get; } = Embedded("SourceSans3-Regular.ttf");

    public static SKTypeface SemiBold { get; } = Embedded("SourceSans3-SemiBold.ttf");

    /// <summary>A typeface with this character; null where no font has it, so that it is left out rather than shown as a box.</summary>
    public static SKTypeface? With(Rune rune) =>
        Regular.ContainsGlyph(rune.Value) ? Regular : Found.GetOrAdd(rune.Value, static value => Array.Find(OfMachine.Value, face => face.ContainsGlyph(value)));

    private static SKTypeface Embedded(string name)
    {
        using var stream = typeof(Typefaces).Assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"{name} is not embedded.");
        using var data = SKData.Create(stream);
        return SKTypeface.FromData(data) ?? throw new InvalidOperationException($"{name} is no typeface.");
    }

    private static SKTypeface[] FromFolders()
    {
        var options = new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true };
        return
        [
            .. Folders.Where(Directory.Exists)
                .SelectMany(folder => Directory.EnumerateFiles(folder, "*.*", options))
                .Where(file => Path.GetExtension(file).ToUpperInvariant() is ".TTF" or ".OTF" or ".TTC")
                .Where(file => !Array.Exists(Unwanted, word => Path.GetFileName(file).Contains(word, StringComparison.OrdinalIgnoreCase)))
                .Order(StringComparer.Ordinal)
                .Select(file => SKTypeface.FromFile(file))
                .OfType<SKTypeface>(),
        ];
    }
}
