namespace FrontDoor;

/// <summary>Ends this process when its standard input ends, so that nothing is left running when its starter was killed.</summary>
internal sealed class ParentWatch(IHostApplicationLifetime lifetime) : IHostedService
{
    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        // A thread of its own: reading standard input cannot be cancelled, and a background thread keeps no process alive.
        new Thread(WaitForEnd) { IsBackground = true, Name = "Parent watch" }.Start();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void WaitForEnd()
    {
        using var input = Console.OpenStandardInput();
        Span<byte> ignored = stackalloc byte[64];
        while (input.Read(ignored) > 0)
        {
            // Nothing is said here; only the end counts.
        }

        lifetime.StopApplication();
    }
}
