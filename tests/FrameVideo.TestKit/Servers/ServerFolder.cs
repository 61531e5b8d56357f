using System.Diagnostics;

namespace FrameVideo.TestKit.Servers;

/// <summary>A server's folder: its path is short, since it holds sockets, and it goes when this process ends, however that happens.</summary>
internal sealed class ServerFolder : IAsyncDisposable
{
    private readonly Process _remover;

    public ServerFolder()
    {
        Path = Directory.CreateTempSubdirectory("fv-").FullName;
        // A second for servers that were ended in the same moment: what they still write would be left.
        _remover = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "trap '' INT TERM HUP; exec >/dev/null 2>&1; read -r word || sleep 1; rm -rf \"$1\" || { sleep 2; rm -rf \"$1\"; }", "remover", Path])
        {
            RedirectStandardInput = true,
            UseShellExecute = false,
        })!;
    }

    public string Path { get; }

    public string Combine(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Removes it at once: its servers have ended.</summary>
    public async ValueTask DisposeAsync()
    {
        await _remover.StandardInput.WriteLineAsync("now");
        await _remover.StandardInput.FlushAsync();
        await _remover.WaitForExitAsync();
        _remover.Dispose();
    }
}
