using System.Diagnostics;

namespace FrameVideo.TestKit.Servers;

/// <summary>A real browser without a window, on one page. It talks to nobody but that page's server.</summary>
public sealed class Chromium : IDisposable
{
    private readonly TempFolder _profile = new();
    private readonly Process _process;

    private Chromium(string address)
    {
        string[] arguments =
        [
            "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
            "--disable-extensions", "--disable-default-apps", "--no-proxy-server", "--window-size=1280,1000", $"--user-data-dir={_profile.Path}", address,
        ];
        _process = Process.Start(new ProcessStartInfo(Programs.Chromium!, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
        _process.OutputDataReceived += (_, _) => { };
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Why there is none here; null where there is one.</summary>
    internal static string? Missing { get; } = Programs.Chromium is null ? "Chromium is not installed; tests/ensure-servers does that on Debian." : null;

    public static Chromium Open(string address) => new(address);

    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
        _profile.Dispose();
    }
}
