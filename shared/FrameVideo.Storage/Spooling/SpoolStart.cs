using Microsoft.Extensions.Hosting;

namespace FrameVideo.Storage;

/// <summary>Removes what killed processes have left in the spool folder as soon as the service starts, whether or not anything is ever uploaded.</summary>
internal sealed class SpoolStart(Spool spool) : IHostedService
{
    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            spool.Sweep();
        }
        catch (ObjectStoreException)
        {
            // The disk fails or is full: whoever uploads is told, and the first file tries again.
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
