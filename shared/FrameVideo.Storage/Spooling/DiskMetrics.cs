using System.Diagnostics.Metrics;
using FrameVideo.Telemetry;
using Microsoft.Extensions.Hosting;

namespace FrameVideo.Storage;

/// <summary>Shows how much the disks of this instance still take: a full one refuses uploads, renders and, under SQLite, everything.</summary>
internal sealed class DiskMetrics : IHostedService
{
    private readonly (string Name, string Path)[] _folders;

    public DiskMetrics(IMeterFactory meters, Spool spool, string data, string spoolFolder)
    {
        _folders = [("data", data), ("spool", spoolFolder)];
        var meter = meters.Own();
        meter.CreateObservableGauge("framevideo.disk.free", Free, "By", "Bytes that are free where the data folder and the spool folder lie.");
        meter.CreateObservableGauge("framevideo.spool.usage", () => spool.TotalBytes, "By", "Bytes in uploads that are on their way.");
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private IEnumerable<Measurement<long>> Free()
    {
        foreach (var (name, path) in _folders)
        {
            if (FreeAt(path) is { } free) yield return new Measurement<long>(free, Measuring.With("folder", name));
        }
    }

    private static long? FreeAt(string path)
    {
        try
        {
            var folder = Path.GetFullPath(path);
            return Directory.Exists(folder) ? new DriveInfo(folder).AvailableFreeSpace : null;
        }
        catch (Exception unknown) when (unknown is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // Nothing is told of a disk that does not answer.
            return null;
        }
    }
}
