using System.Runtime.InteropServices;

namespace VideoService.Rendering;

/// <summary>How the C library hands out memory, which is where decoded pictures lie. Elsewhere than under glibc nothing is changed.</summary>
internal static partial class NativeMemory
{
    private const int MmapThreshold = -3;
    private const int ArenaMax = -8;

    /// <summary>
    /// Makes freed pictures go back to the system at once. Left alone, glibc takes blocks of up to 32 MiB from its heaps once such a block has been freed, and keeps a heap for each thread, up to eight
    /// for each core: of a film of 1,000 pictures of 1080p some 50 MiB stayed so that nobody had in use (mallopt(3)).
    /// </summary>
    public static void GiveBack()
    {
        if (!OperatingSystem.IsLinux()) return;
        try
        {
            _ = mallopt(MmapThreshold, 1 << 20);
            _ = mallopt(ArenaMax, 2);
        }
        catch (EntryPointNotFoundException)
        {
            // Another C library, which has no such heaps.
        }
    }

#pragma warning disable SA1300, IDE1006 // The names of libc.
    [LibraryImport("libc")]
    private static partial int mallopt(int parameter, int value);
#pragma warning restore SA1300, IDE1006
}
