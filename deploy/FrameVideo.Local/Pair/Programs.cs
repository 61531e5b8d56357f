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
        var hint = File.Exists(script) && !OperatingSystem.IsWindows() ? await InstallAsync(script, cancellation) : null;
        return Find("ffmpeg") ?? throw new PlainFailure(hint ?? "ffmpeg is missing; see https://ffmpeg.org/download.html");
    }

    /// <summary>Runs the script that installs ffmpeg, says what it does, and returns its last line: what a person can do where it could do nothing.</summary>
    private static async Task<string?> InstallAsync(string script, CancellationToken cancellation)
    {
        using var installer = Process.Start(new ProcessStartInfo("bash", [script]) { RedirectStandardError = true, RedirectStandardInput = true, UseShellExecute = false })!;
        installer.StandardInput.Close();
        try
        {
            string? last = null;
            while (await installer.StandardError.ReadLineAsync(cancellation) is { } line)
            {
                last = line;
                if (line.EndsWith("...", StringComparison.Ordinal)) await Console.Error.WriteLineAsync(Terminal.OfErrors.Dim(line));
            }

            return last;
        }
        catch (OperationCanceledException)
        {
            installer.Kill(entireProcessTree: true);
            throw;
        }
    }

    private static bool IsExecutable(string path) =>
        OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != UnixFileMode.None;
}
