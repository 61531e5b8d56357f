using System.Runtime.InteropServices;
using Microsoft.Extensions.Hosting;

namespace FrameVideo.Hosting;

/// <summary>An orderly end takes its time; whoever signals again does not want to wait, and the process ends at once. Nothing is lost by that, only begun again.</summary>
internal sealed class SecondSignal : IDisposable
{
    private readonly CancellationTokenRegistration _first;
    private PosixSignalRegistration[] _second = [];

    public SecondSignal(IHostApplicationLifetime lifetime) => _first = lifetime.ApplicationStopping.Register(
        () => _second = [.. new[] { PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGQUIT }.Select(signal => PosixSignalRegistration.Create(signal, End))]);

    public void Dispose()
    {
        _first.Dispose();
        foreach (var registration in _second) registration.Dispose();
    }

    /// <summary>128 and the signal's number, as shells have it.</summary>
    private static void End(PosixSignalContext context) => Environment.Exit(128 + context.Signal switch { PosixSignal.SIGTERM => 15, PosixSignal.SIGQUIT => 3, _ => 2 });
}
