using System.Diagnostics.Metrics;
using FrameVideo.Telemetry;

namespace VideoService.Videos;

/// <summary>The one gate before the encoder for the whole process: films at a time times pieces of each never become more than <see cref="RenderJobOptions.Workers"/>. First come, first served.</summary>
internal sealed class EncoderGate(RenderJobOptions options, IMeterFactory meters) : IDisposable
{
    private readonly SemaphoreSlim _free = new(options.Workers);
    private readonly UpDownCounter<long> _busy = meters.Own().CreateUpDownCounter<long>("framevideo.encoder.workers", "{worker}", "Pieces and films that an encoder works on in this instance, or that wait for one.");

    /// <summary>Does something that keeps a core busy, as soon as one is free.</summary>
    public async Task RunAsync(Func<Task> work, CancellationToken cancellationToken)
    {
        await CountedAsync("waiting", () => _free.WaitAsync(cancellationToken));
        try
        {
            await CountedAsync("busy", work);
        }
        finally
        {
            _free.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _free.Dispose();

    private async Task CountedAsync(string state, Func<Task> part)
    {
        _busy.Add(1, Measuring.With("state", state));
        try
        {
            await part();
        }
        finally
        {
            _busy.Add(-1, Measuring.With("state", state));
        }
    }
}
