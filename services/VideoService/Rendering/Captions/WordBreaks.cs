using System.Runtime.InteropServices;
using System.Text;

namespace VideoService.Rendering;

/// <summary>
/// Where words end in scripts that write none of it (Thai, Lao, Khmer, Burmese): a dictionary tells, and ICU has one. It comes with ffmpeg on most systems (libxml2 needs it); where it does not, such a text is broken between clusters.
/// </summary>
internal static unsafe class WordBreaks
{
    private const int Newest = 90;
    private const int Oldest = 60;
    private const int Lines = 2;
    private const int Done = -1;

    private static readonly Icu? Library = Load();

    /// <summary>ICU's version, since another one may break otherwise; empty where there is none.</summary>
    public static string Version => Library?.Version ?? "";

    /// <summary>Whether a character's words can be told by a dictionary alone (UAX 14, class SA).</summary>
    public static bool IsNeeded(Rune rune) => rune.Value is (>= 0x0E01 and <= 0x0EDF) or (>= 0x1000 and <= 0x109F) or (>= 0x1780 and <= 0x17DD) && !Rune.IsDigit(rune);

    /// <summary>Whether a text has any such character.</summary>
    public static bool IsNeeded(string text) => text.EnumerateRunes().Any(IsNeeded);

    /// <summary>The places at which a line may end, in UTF-16 code units; none where nobody can tell.</summary>
    public static IReadOnlySet<int> Of(string text)
    {
        var places = new HashSet<int>();
        if (Library is not { } icu || !IsNeeded(text)) return places;
        fixed (char* start = text)
        {
            fixed (byte* locale = "th\0"u8)
            {
                var status = 0;
                var iterator = icu.Open(Lines, locale, start, text.Length, &status);
                // A warning is below 0.
                if (status > 0 || iterator == 0) return places;
                for (var place = icu.Next(iterator); place != Done; place = icu.Next(iterator)) places.Add(place);
                icu.Close(iterator);
            }
        }

        return places;
    }

    // Every name of ICU bears its version, so that several can be loaded.
    private static Icu? Load()
    {
        if (!OperatingSystem.IsLinux()) return null;
        for (var version = Newest; version >= Oldest; version--)
        {
            if (!NativeLibrary.TryLoad($"libicuuc.so.{version}", out var library)) continue;
            if (NativeLibrary.TryGetExport(library, $"ubrk_open_{version}", out var open) && NativeLibrary.TryGetExport(library, $"ubrk_next_{version}", out var next) && NativeLibrary.TryGetExport(library, $"ubrk_close_{version}", out var close))
                return new Icu($"icu {version}", (delegate* unmanaged[Cdecl]<int, byte*, char*, int, int*, nint>)open, (delegate* unmanaged[Cdecl]<nint, int>)next, (delegate* unmanaged[Cdecl]<nint, void>)close);
        }

        return null;
    }

    private sealed class Icu(string version, delegate* unmanaged[Cdecl]<int, byte*, char*, int, int*, nint> open, delegate* unmanaged[Cdecl]<nint, int> next, delegate* unmanaged[Cdecl]<nint, void> close)
    {
        public string Version => version;

        public nint Open(int kind, byte* locale, char* text, int length, int* status) => open(kind, locale, text, length, status);

        public int Next(nint iterator) => next(iterator);

        public void Close(nint iterator) => close(iterator);
    }
}
