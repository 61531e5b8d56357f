using System.Diagnostics.Tracing;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FrameVideo.Telemetry;

/// <summary>
/// Says in the log that the collector takes nothing, once for each outage, and once that it takes again: the exporter itself tells each batch, to a listener that nobody has. Nothing waits
/// for a collector, and what it did not take is lost.
/// </summary>
internal sealed partial class ExportWatch(ILogger<ExportWatch> logger) : EventListener, IHostedService
{
    private const string Exporter = "OpenTelemetry-Exporter-OpenTelemetryProtocol";
    private int _isDown;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        ArgumentNullException.ThrowIfNull(eventSource);
        if (eventSource.Name == Exporter) EnableEvents(eventSource, EventLevel.Informational);
    }

    /// <inheritdoc/>
    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        ArgumentNullException.ThrowIfNull(eventData);
        if (eventData.EventName == "ExportSuccess")
        {
            if (Interlocked.Exchange(ref _isDown, 0) == 1) Up();
        }
        else if (eventData.Level is EventLevel.Error or EventLevel.Warning)
        {
            if (Interlocked.Exchange(ref _isDown, 1) == 0) Down(Reason(eventData));
        }
    }

    /// <summary>The first line of what the exporter says: address and failure. Headers are not among it.</summary>
    private static string Reason(EventWrittenEventArgs said)
    {
        var words = string.Join(": ", said.Payload ?? []);
        return words.Split('\n')[0].Trim();
    }

    [LoggerMessage(LogLevel.Warning, "The telemetry collector takes nothing; what is measured meanwhile is lost. {Reason}")]
    private partial void Down(string reason);

    [LoggerMessage(LogLevel.Information, "The telemetry collector takes again")]
    private partial void Up();
}
