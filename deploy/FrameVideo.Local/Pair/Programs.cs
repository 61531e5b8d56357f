using System.Diagnostics;

namespace FrameVideo.Local.Pair;

/// <summary>Finds programs as a shell would.</summary>
internal static class Programs
{
    /// <summary>The program's whole path; null where there is none of that name on the PATH.</summary>
    public static string? Find(string name)
    {
        foreach (var folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
        {
            var path = Path.Combine(folder, OperatingSystem.IsWindows() ? $"{name}.exe" : name);
            if (File.Exists(path) && IsExecutable(path)) return path;
        }

        return null;
    }

    /// <summary>ffmpeg, installed first where that is possible without a question.</summary>
    /// <exception cref="PlainFailure">There is none; the sentence says how to get it.</exception>
    public static async Task<string> FfmpegAsync(CancellationToken cancellation)
    {
        if (Find("ffmpeg") is { } found) return found;
        var script = Path.Combine(Installation.Root, "deploy", "ensure-ffmpeg");
        if (File.Exists(script) && !OperatingSystem.IsWindows())
        {
            // It says on standard error what it does, and where it cannot, how a person can.
            using var installer = Process.Start(new ProcessStartInfo("bash", [script]) { RedirectStandardOutput = true, UseShellExecute = false })!;
            await installer.WaitForExitAsync(cancellation);
            if (Find("ffmpeg") is { } installed) return installed;
        }

        throw new PlainFailure("ffmpeg is not installed, and without it there is no film.");
    }

    private static bool IsExecutable(string path) =>
        OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != UnixFileMode.None;
}
