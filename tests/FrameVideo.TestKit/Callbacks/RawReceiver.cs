using System.Net;
using System.Net.Sockets;
using System.Text;

namespace FrameVideo.TestKit.Callbacks;

/// <summary>A server that answers with bytes that no HTTP server would send.</summary>
public sealed class RawReceiver : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly Task _serving;
    private int _calls;

    /// <summary>Answers every call.</summary>
    /// <param name="answer">What comes first.</param>
    /// <param name="forever">What comes then, again and again; null ends the connection.</param>
    public RawReceiver(string answer, string? forever = null)
    {
        _listener.Start();
        _serving = ServeAsync(Encoding.Latin1.GetBytes(answer), forever is null ? null : Encoding.Latin1.GetBytes(forever));
    }

    public Uri Url => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/");

    public int Calls => _calls;

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _serving;
        _listener.Dispose();
        _end.Dispose();
    }

    private async Task ServeAsync(byte[] answer, byte[]? forever)
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync(_end.Token);
                Interlocked.Increment(ref _calls);
                await TellAsync(client.GetStream(), answer, forever);
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // It is disposed.
        }
    }

    private async Task TellAsync(NetworkStream stream, byte[] answer, byte[]? forever)
    {
        try
        {
            _ = await stream.ReadAsync(new byte[4096], _end.Token);
            await stream.WriteAsync(answer, _end.Token);
            while (forever is not null) await stream.WriteAsync(forever, _end.Token);
        }
        catch (IOException)
        {
            // The caller has heard enough.
        }
    }
}
