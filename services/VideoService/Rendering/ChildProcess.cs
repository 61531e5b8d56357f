using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace VideoService.Rendering;

/// <summary>What Linux can do for a child process that .NET does not offer. Elsewhere a child runs without.</summary>
internal static partial class ChildProcess
{
    private const int SetPipeSize = 1031;
    private const int FileSize = 1;
    private const int Data = 2;

    /// <summary>What a pipe may hold without privileges, bytes, unless the system's administrator has said otherwise; by default it is a sixteenth of that.</summary>
    public const int LargePipe = 1 << 20;

    private const int Interrupted = 4;
    private const int BrokenPipe = 32;

    /// <summary>
    /// Makes a pipe hold most of a film frame, so that writer and reader take turns a few times for each rather than twenty times. Where the system does not allow that it stays as it is.
    /// </summary>
    public static void Widen(SafePipeHandle pipe)
    {
        if (OperatingSystem.IsLinux()) _ = fcntl(pipe, SetPipeSize, LargePipe);
    }

    /// <summary>Puts memory into a pipe, page by page, without a copy: vmsplice(2). Waits until the reader has made room.</summary>
    /// <returns>How many bytes: all of them, or none where the system does not offer it.</returns>
    /// <exception cref="IOException">The reader has gone.</exception>
    public static unsafe int Give(SafePipeHandle pipe, ReadOnlySpan<byte> pinned)
    {
        fixed (byte* start = pinned)
        {
            var given = 0;
            while (given < pinned.Length)
            {
                var part = new Part((nint)(start + given), (nuint)(pinned.Length - given));
                var taken = vmsplice(pipe, in part, 1, 0);
                if (taken >= 0) given += (int)taken;
                else if (Marshal.GetLastPInvokeError() is not Interrupted and var error) return given == 0 && error is not BrokenPipe ? 0 : throw new IOException($"The pipe is broken ({error}).");
            }
            return given;
        }
    }

    /// <summary>Limits what a child that has just been started may take: bytes of memory that it writes to, and bytes of each file. Beyond, an allocation fails or a signal ends it.</summary>
    public static void Limit(Process child, long memory, long file)
    {
        if (!OperatingSystem.IsLinux()) return;
        Limit(child, Data, memory);
        Limit(child, FileSize, file);
    }

    // A child that has ended already needs no limit; nothing else can go wrong for a lower limit of one's own child.
    [SupportedOSPlatform("linux")]
    private static void Limit(Process child, int resource, long value) => _ = prlimit(child.Id, resource, new Bound((ulong)value), nint.Zero);

#pragma warning disable SA1300, IDE1006 // The names of libc.
    [LibraryImport("libc", SetLastError = true)]
    private static partial int fcntl(SafePipeHandle handle, int command, int argument);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint vmsplice(SafePipeHandle handle, in Part part, nuint count, uint flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int prlimit(int process, int resource, in Bound bound, nint former);
#pragma warning restore SA1300, IDE1006

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Bound(ulong value)
    {
        private readonly ulong _soft = value;
        private readonly ulong _hard = value;
    }

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Part(nint start, nuint length)
    {
        private readonly nint _start = start;
        private readonly nuint _length = length;
    }
}
