using System.Runtime.InteropServices;

namespace FrameVideo.Local;

/// <summary>
/// Ctrl-C, a closed terminal and a polite kill. The first asks for an orderly end, which stops the services and takes temporary files away; a second one
/// makes that end hurry.
/// </summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _requested = new();
    private readonly CancellationTokenSource _hurry = new();
    private readonly PosixSignalRegistration[] _registrations;
    private int _exitCode;

    public Interruption() => _registrations =
        [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP, PosixSignal.SIGQUIT }.Select(signal => PosixSignalRegistration.Create(signal, Received))];

    /// <summary>Ends all work.</summary>
    public CancellationToken Token => _requested.Token;

    /// <summary>Ends all waiting for an orderly end.</summary>
    public CancellationToken Hurry => _hurry.Token;

    /// <summary>Whether somebody asked for the end.</summary>
    public bool Requested => _requested.IsCancellationRequested;

    /// <summary>128 and the signal's number, as shells have it: 130 for Ctrl-C.</summary>
    public int ExitCode => _exitCode;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var registration in _registrations) registration.Dispose();
        _requested.Dispose();
        _hurry.Dispose();
    }

    private void Received(PosixSignalContext signal)
    {
        signal.Cancel = true;
        var code = 128 + signal.Signal switch { PosixSignal.SIGHUP => 1, PosixSignal.SIGQUIT => 3, PosixSignal.SIGTERM => 15, _ => 2 };
        var first = Interlocked.CompareExchange(ref _exitCode, code, 0) == 0;
        (first ? _requested : _hurry).Cancel();
    }
}
