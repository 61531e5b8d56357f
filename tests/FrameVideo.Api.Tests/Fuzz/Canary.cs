using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using FrameVideo.TestKit;

namespace FrameVideo.Api.Tests.Fuzz;

/// <summary>Listens at one port of several addresses of this machine, and remembers who came; nobody should.</summary>
internal sealed class Canary : IDisposable
{
    private readonly List<TcpListener> _listeners = [];
    private readonly ConcurrentQueue<string> _hits = [];

    public Canary(params IPAddress[] addresses)
    {
        Port = Ports.Free();
        foreach (var address in addresses)
        {
            var listener = new TcpListener(address, Port);
            listener.Start();
            _listeners.Add(listener);
            _ = ListenAsync(listener);
        }
    }

    public int Port { get; }

    public IReadOnlyCollection<string> Hits => _hits;

    public void Dispose() => _listeners.ForEach(listener => listener.Dispose());

    private async Task ListenAsync(TcpListener listener)
    {
        try
        {
            while (true)
            {
                using var client = await listener.AcceptTcpClientAsync();
                var buffer = new byte[200];
                var count = await client.GetStream().ReadAsync(buffer);
                _hits.Enqueue($"{listener.LocalEndpoint}: {System.Text.Encoding.Latin1.GetString(buffer, 0, count)}");
            }
        }
        catch (Exception ended) when (ended is SocketException or ObjectDisposedException or IOException)
        {
            // The test is over.
        }
    }
}
