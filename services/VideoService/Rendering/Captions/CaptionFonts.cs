using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using FrameVideo.Contracts;
using SkiaSharp;

namespace VideoService.Rendering;

/// <summary>The typefaces of captions: an embedded one for Latin, Greek and Cyrillic, and the machine's for all else. Looked for once, when something is first written.</summary>
internal sealed class CaptionFonts
{
    private static readonly string[] Unwanted = ["Italic", "Oblique", "Mono", "Light", "Thin", "Condensed", "Serif", "Black", "Math", "Display", "Slanted", "Unjoined", "Looped"];

    private const string Plain = "NotoSans";
    private const string Serif = "NotoSerif";

    private readonly Lazy<Face[]> _machine;
    private readonly ConcurrentDictionary<(string Element, string? Language), Face?> _found = new();

    /// <summary>Searches some folders, nothing yet.</summary>
    public CaptionFonts(IReadOnlyList<string> folders) => _machine = new Lazy<Face[]>(() => Search(folders));

    /// <summary>What nothing has to be installed for.</summary>
    public Face Embedded { get; } = ReadEmbedded();

    /// <summary>A face that has every character of a grapheme cluster; <paramref name="before"/> where that has them, so that runs are not broken without need. Null where no font has them.</summary>
    public Face? For(string element, string? language, Face? before)
    {
        var isEmoji = Graphemes.IsEmoji(element);
        if (!isEmoji && before is { IsEmoji: false } && Graphemes.IsNeutral(element) && before.Has(element)) return before;
        return _found.GetOrAdd((element, language), key => Candidates(isEmoji, key.Language).FirstOrDefault(face => face.Has(key.Element)));
    }

    private IEnumerable<Face> Candidates(bool isEmoji, string? language)
    {
        if (isEmoji) return _machine.Value.Where(face => face.IsEmoji).Append(Embedded).Concat(_machine.Value.Where(face => !face.IsEmoji));
        var form = HanForm(language);
        return _machine.Value.OrderBy(face => face.HanForm is { } own && own != form ? 1 : 0).Where(face => !face.IsEmoji).Prepend(Embedded).Concat(_machine.Value.Where(face => face.IsEmoji));
    }

    /// <summary>Chinese, Japanese and Korean write the same characters in forms of their own.</summary>
    private static string HanForm(string? language) => language?.ToUpperInvariant() switch
    {
        { } tag when tag.StartsWith("KO", StringComparison.Ordinal) => "KR",
        { } tag when tag.StartsWith("ZH-HK", StringComparison.Ordinal) => "HK",
        { } tag when tag.StartsWith("ZH-TW", StringComparison.Ordinal) || tag.StartsWith("ZH-HANT", StringComparison.Ordinal) => "TC",
        { } tag when tag.StartsWith("ZH", StringComparison.Ordinal) => "SC",
        _ => "JP",
    };

    private static Face[] Search(IReadOnlyList<string> folders)
    {
        var options = new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true };
        var files = folders.Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*.*", options))
            .Where(file => Path.GetExtension(file).ToUpperInvariant() is ".TTF" or ".OTF" or ".TTC" or ".OTC").ToList();
        var plain = files.Select(FamilyOf).Where(family => family.StartsWith(Plain, StringComparison.Ordinal)).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. files.Where(file => !Array.Exists(Unwanted, word => NameOf(file, plain).Contains(word, StringComparison.OrdinalIgnoreCase)))
                .Order(StringComparer.Ordinal)
                .SelectMany(Open)
                .OrderBy(face => face.Rank),
        ];
    }

    private static string FamilyOf(string file) => Path.GetFileName(file).Split('-', '.')[0];

    /// <summary>Of some scripts, Tibetan among them, Noto has no plain form: there the one with serifs counts as plain.</summary>
    private static string NameOf(string file, HashSet<string> plain) => FamilyOf(file) is var family && family.StartsWith(Serif, StringComparison.Ordinal) && !plain.Contains(Plain + family[Serif.Length..]) ? Path.GetFileName(file)[Serif.Length..] : Path.GetFileName(file);

    private static IEnumerable<Face> Open(string file)
    {
        var most = Path.GetExtension(file).EndsWith("c", StringComparison.OrdinalIgnoreCase) ? 16 : 1;
        for (var i = 0; i < most && SKTypeface.FromFile(file, i) is { } face; i++) yield return new Face(face, file);
    }

    private static Face ReadEmbedded()
    {
        using var stream = typeof(CaptionFonts).Assembly.GetManifestResourceStream("SourceSans3-SemiBold.ttf") ?? throw new InvalidOperationException("The typeface is not embedded.");
        using var data = SKData.Create(stream);
        return new Face(SKTypeface.FromData(data), "SourceSans3-SemiBold.ttf");
    }

    /// <summary>One typeface.</summary>
    internal sealed class Face(SKTypeface typeface, string file)
    {
        private readonly Lazy<string> _identity = new(() =>
        {
            using var stream = typeface.OpenStream(out var index);
            using var data = SKData.Create(stream);
            return $"{Convert.ToHexStringLower(SHA256.HashData(data.AsSpan()))}#{index}";
        });

        public SKTypeface Typeface { get; } = typeface;

        /// <summary>The hash of the file's bytes, and which of its faces it is: another version of the font draws otherwise.</summary>
        public string Identity => _identity.Value;

        public bool IsEmoji { get; } = typeface.FamilyName.Contains("Emoji", StringComparison.OrdinalIgnoreCase);

        public string? HanForm { get; } = typeface.FamilyName.Split(' ') is [.., var last] && last is "JP" or "KR" or "SC" or "TC" or "HK" ? typeface.FamilyName[^2..] : null;

        /// <summary>Plain sans-serif faces first, of a weight that reads well on pictures.</summary>
        public int Rank { get; } = (Path.GetFileName(file).StartsWith("NotoSans", StringComparison.Ordinal) ? 0 : file.Contains("DejaVuSans", StringComparison.Ordinal) ? 20 : 10) + typeface.FontWeight switch { 600 => 0, 700 => 1, 500 => 2, _ => 3 };

        public bool Has(string element)
        {
            foreach (var rune in element.EnumerateRunes())
            {
                if (!Graphemes.IsInvisible(rune) && !Typeface.ContainsGlyph(rune.Value)) return false;
            }

            return true;
        }
    }
}

/// <summary>What is known of grapheme clusters (UAX 29), which the runtime finds.</summary>
internal static class Graphemes
{
    public static IEnumerable<string> Of(string text)
    {
        var elements = StringInfo.GetTextElementEnumerator(text);
        while (elements.MoveNext()) yield return elements.GetTextElement();
    }

    /// <summary>Joiners, selectors and marks of direction: they have no shape of their own.</summary>
    public static bool IsInvisible(Rune rune) => rune.Value is 0x200B or 0x200C or 0x200D or 0x200E or 0x200F or 0x061C or 0x2060 or 0x00AD or (>= 0xFE00 and <= 0xFE0F) or (>= 0xE0020 and <= 0xE007F);

    /// <summary>Shown in colour: by its plane, by itself, by a selector, a keycap or a flag; but not where the selector for text follows.</summary>
    public static bool IsEmoji(string element)
    {
        var runes = element.EnumerateRunes().Select(rune => rune.Value).ToList();
        return !runes.Contains(0xFE0E) && runes.Exists(rune => rune is (>= 0x1F000 and <= 0x1FAFF) or 0xFE0F or 0x20E3 || IsEmojiByItself(rune));
    }

    // Emoji_Presentation of the Unicode character database (emoji-data.txt of Unicode 16), as far as it lies in the first plane.
    private static bool IsEmojiByItself(int rune) => rune is
        0x231A or 0x231B or (>= 0x23E9 and <= 0x23EC) or 0x23F0 or 0x23F3 or 0x25FD or 0x25FE or 0x2614 or 0x2615 or (>= 0x2648 and <= 0x2653) or 0x267F or 0x2693 or 0x26A1 or 0x26AA or 0x26AB
        or 0x26BD or 0x26BE or 0x26C4 or 0x26C5 or 0x26CE or 0x26D4 or 0x26EA or 0x26F2 or 0x26F3 or 0x26F5 or 0x26FA or 0x26FD or 0x2705 or 0x270A or 0x270B or 0x2728 or 0x274C or 0x274E
        or (>= 0x2753 and <= 0x2755) or 0x2757 or (>= 0x2795 and <= 0x2797) or 0x27B0 or 0x27BF or 0x2B1B or 0x2B1C or 0x2B50 or 0x2B55;

    /// <summary>Spaces, digits and signs, which all scripts share.</summary>
    public static bool IsNeutral(string element) => element.EnumerateRunes().All(rune => !Rune.IsLetter(rune));

    /// <summary>Debian's package of fonts that has what is written; null where nobody can tell.</summary>
    public static string? PackageOf(string element) => ScriptOf(element) switch
    {
        "emoji" => "fonts-noto-color-emoji",
        "Japanese" or "Korean" or "Chinese and Japanese" => "fonts-noto-cjk",
        // Private use, and what is no character.
        _ => Rune.GetUnicodeCategory(element.EnumerateRunes().First()) is UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned ? null : "fonts-noto-core",
    };

    /// <summary>How people call what a font has not; for a refusal.</summary>
    public static string ScriptOf(string element)
    {
        if (IsEmoji(element)) return "emoji";
        var rune = element.EnumerateRunes().First();
        return rune.Value switch
        {
            >= 0x0590 and <= 0x05FF => "Hebrew",
            (>= 0x0600 and <= 0x06FF) or (>= 0x0750 and <= 0x077F) => "Arabic",
            >= 0x0900 and <= 0x097F => "Devanagari",
            >= 0x0980 and <= 0x09FF => "Bengali",
            >= 0x0B80 and <= 0x0BFF => "Tamil",
            >= 0x0E00 and <= 0x0E7F => "Thai",
            >= 0x1200 and <= 0x139F => "Ethiopic",
            >= 0x3040 and <= 0x30FF => "Japanese",
            (>= 0x1100 and <= 0x11FF) or (>= 0xAC00 and <= 0xD7AF) => "Korean",
            (>= 0x2E80 and <= 0x9FFF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x20000 and <= 0x3FFFF) => "Chinese and Japanese",
            _ => string.Create(CultureInfo.InvariantCulture, $"U+{rune.Value:X4}"),
        };
    }
}

/// <summary>A caption cannot be written: <see cref="ErrorCodes.CaptionFontMissing"/>.</summary>
/// <param name="element">What no font has.</param>
internal sealed class CaptionException(string element) : RenderException(
    ErrorCodes.CaptionFontMissing,
    $"No font that is installed where films are rendered has what is written: {Graphemes.ScriptOf(element)}.{(Graphemes.PackageOf(element) is { } package ? $" Debian and Ubuntu have such fonts as {package}." : "")}");
