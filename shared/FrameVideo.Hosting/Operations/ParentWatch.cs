using Microsoft.Extensions.Hosting;

namespace FrameVideo.Hosting;

/// <summary>
/// Ends the service when its standard input ends (<c>ParentWatch=true</c>): a program that starts the service and holds the other end leaves nothing
/// running even when it is killed.
/// </summary>
internal sealed class ParentWatch(IHostApplicationLifetime lifetime) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        // A thread of its own, since a read of standard input cannot be cancelled.
        new Thread(() =>
        {
            using var input = Console.OpenStandardInput();
            Span<byte> buffer = stackalloc byte[64];
            while (input.Read(buffer) > 0)
            {
                // What the starter says is of no interest, only that it is there.
            }

            lifetime.StopApplication();
        })
        { IsBackground = true, Name = "parent watch" }.Start();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
