using System.Diagnostics;

namespace FrameVideo.TestKit.Servers;

/// <summary>The servers' programs on this machine.</summary>
internal static class Programs
{
    private static readonly string[] Path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Where <c>postgres</c> and <c>initdb</c> lie, or null: the newest of Debian's folders, which are in nobody's PATH, else PATH.</summary>
    public static string? Postgres { get; } = Debian().Concat(Path).FirstOrDefault(folder => Has(folder, "postgres") && Has(folder, "initdb"));

    public static bool HasCeph { get; } = new[] { "radosgw", "radosgw-admin", "ceph", "ceph-mon", "ceph-osd", "monmaptool" }.All(program => Path.Any(folder => Has(folder, program)));

    /// <summary>The browser; null where there is none.</summary>
    public static string? Chromium { get; } = new[] { "chromium", "google-chrome", "chromium-browser" }.SelectMany(name => Path.Select(folder => System.IO.Path.Combine(folder, name))).FirstOrDefault(File.Exists);

    /// <summary>Runs a program to its end; anything but success is an exception with what it said.</summary>
    public static async Task RunAsync(IReadOnlyDictionary<string, string> environment, params string[] command)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1)) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var (key, value) in environment) start.Environment[key] = value;
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{string.Join(' ', command)}: {await errors}{output}");
    }

    private static IEnumerable<string> Debian() => Directory.Exists("/usr/lib/postgresql")
        ? Directory.EnumerateDirectories("/usr/lib/postgresql").OrderByDescending(folder => double.TryParse(System.IO.Path.GetFileName(folder), out var version) ? version : 0)
            .Select(folder => System.IO.Path.Combine(folder, "bin"))
        : [];

    private static bool Has(string folder, string program) => File.Exists(System.IO.Path.Combine(folder, program));
}
