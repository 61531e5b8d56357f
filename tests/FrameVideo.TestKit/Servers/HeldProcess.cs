using System.Diagnostics;

namespace FrameVideo.TestKit.Servers;

/// <summary>
/// A server as a child process that cannot outlive this one, not even when this one is killed: a small shell holds it, and ends it when the shell's
/// standard input ends, which the kernel sees to.
/// </summary>
public sealed class HeldProcess : IAsyncDisposable
{
    // A line of input names a signal for the server; the end of input is the last signal. The terminal's signals are not for it.
    private const string Holder = """
        end=$1 log=$2
        shift 2
        exec 3<&0 0</dev/null >>"$log" 2>&1
        trap '' INT TERM HUP
        "$@" 3<&- &
        server=$!
        { while read -r signal; do kill -s "$signal" $server; done; kill -s "$end" $server; } <&3 &
        reader=$!
        exec 3<&-
        wait $server
        status=$?
        kill -s KILL $reader
        exit $status
        """;

    private readonly Process _holder;
    private readonly string _log;

    private HeldProcess(Process holder, string log) => (_holder, _log) = (holder, log);

    public bool HasEnded => _holder.HasExited;

    /// <summary>The end of what it wrote, for messages.</summary>
    public string Log => File.Exists(_log) ? string.Join('\n', File.ReadLines(_log).TakeLast(20)) : "";

    /// <summary>Starts a server.</summary>
    /// <param name="log">The file to which its output is added.</param>
    /// <param name="endSignal">The signal that ends it at once, such as KILL.</param>
    /// <param name="environment">Added to this process's own.</param>
    /// <param name="command">The program and its arguments; it must stay in the foreground.</param>
    public static HeldProcess Start(string log, string endSignal, IReadOnlyDictionary<string, string> environment, params ReadOnlySpan<string> command)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", Holder, "holder", endSignal, log, .. command]) { RedirectStandardInput = true, UseShellExecute = false };
        foreach (var (key, value) in environment) start.Environment[key] = value;
        return new HeldProcess(Process.Start(start)!, log);
    }

    /// <summary>Sends a signal and waits for the server's end.</summary>
    public async Task EndAsync(string signal)
    {
        if (!HasEnded)
        {
            try
            {
                await _holder.StandardInput.WriteLineAsync(signal);
                await _holder.StandardInput.FlushAsync();
            }
            catch (IOException)
            {
                // It ended in this moment.
            }
        }

        await DisposeAsync(wait: true);
    }

    public ValueTask DisposeAsync() => DisposeAsync(wait: false);

    private async ValueTask DisposeAsync(bool wait)
    {
        if (!wait) _holder.StandardInput.Close();
        await _holder.WaitForExitAsync();
        _holder.Dispose();
    }
}
