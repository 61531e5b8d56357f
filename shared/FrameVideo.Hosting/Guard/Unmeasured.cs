using System.Diagnostics.Metrics;

namespace FrameVideo.Hosting;

/// <summary>Takes a handler's instruments out of the framework's meter: they name the host that was called, and the hosts that users name are without number.</summary>
internal sealed class Unmeasured : IMeterFactory
{
    private readonly Meter _meter = new("FrameVideo.Unmeasured");

    public Meter Create(MeterOptions options) => _meter;

    public void Dispose() => _meter.Dispose();
}
