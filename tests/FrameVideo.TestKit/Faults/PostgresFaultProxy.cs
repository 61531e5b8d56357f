using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace FrameVideo.TestKit.Faults;

/// <summary>Stands in front of a PostgreSQL server: passes bytes, cuts connections, refuses new ones, or lets nothing pass.</summary>
public sealed class PostgresFaultProxy : IAsyncDisposable
{
    private readonly int _server;
    private readonly ConcurrentDictionary<Task, Socket[]> _connections = new();
    private TaskCompletionSource? _stalled;
    private TcpListener? _listener;
    private Task _accepting = Task.CompletedTask;
    private int _accepted;

    private PostgresFaultProxy(int server) => _server = server;

    public int Port { get; } = Ports.Free();

    /// <summary>Connections so far.</summary>
    public int Accepted => Volatile.Read(ref _accepted);

    /// <summary>While true, no byte passes in either direction; what came meanwhile passes afterwards.</summary>
    public bool Stalled
    {
        get => Volatile.Read(ref _stalled) is not null;
        set
        {
            if (value) Interlocked.CompareExchange(ref _stalled, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), null);
            else Interlocked.Exchange(ref _stalled, null)?.SetResult();
        }
    }

    /// <summary>Starts to pass.</summary>
    /// <param name="server">The server's port on this machine.</param>
    public static PostgresFaultProxy Start(int server)
    {
        var proxy = new PostgresFaultProxy(server);
        proxy.AcceptNew();
        return proxy;
    }

    /// <summary>The same database by way of this proxy.</summary>
    public string Through(string connectionString) => new NpgsqlConnectionStringBuilder(connectionString) { Host = "127.0.0.1", Port = Port }.ConnectionString;

    /// <summary>Resets every connection of this moment.</summary>
    public void CutAll()
    {
        foreach (var socket in _connections.Values.SelectMany(pair => pair)) Reset(socket);
    }

    /// <summary>Closes the port; connections that exist go on.</summary>
    public async Task RefuseNewAsync()
    {
        _listener?.Dispose();
        _listener = null;
        await _accepting;
    }

    /// <summary>Listens again on the same port.</summary>
    public void AcceptNew()
    {
        _listener = new TcpListener(IPAddress.Loopback, Port);
        _listener.Start(512);
        _accepting = AcceptAsync(_listener);
    }

    public async ValueTask DisposeAsync()
    {
        await RefuseNewAsync();
        CutAll();
        Stalled = false;
        await Task.WhenAll(_connections.Keys);
    }

    private async Task AcceptAsync(TcpListener listener)
    {
        try
        {
            while (true)
            {
                var client = await listener.AcceptSocketAsync();
                Interlocked.Increment(ref _accepted);
                var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                client.NoDelay = true;
                var passing = PassAsync(client, server);
                _connections[passing] = [client, server];
                _ = passing.ContinueWith(done => _connections.TryRemove(done, out _), TaskScheduler.Default);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The port was closed.
        }
    }

    private async Task PassAsync(Socket client, Socket server)
    {
        await Task.Yield();
        try
        {
            await server.ConnectAsync(IPAddress.Loopback, _server);
            await Task.WhenAll(OneWayAsync(client, server), OneWayAsync(server, client));
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // One side has gone, so the other goes too.
        }

        Reset(client);
        Reset(server);
    }

    private async Task OneWayAsync(Socket from, Socket to)
    {
        try
        {
            var buffer = new byte[32 * 1024];
            while (await from.ReceiveAsync(buffer) is > 0 and var length)
            {
                if (Volatile.Read(ref _stalled) is { } stalled) await stalled.Task;
                for (var sent = 0; sent < length;) sent += await to.SendAsync(buffer.AsMemory(sent, length - sent));
            }

            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            Reset(from);
            Reset(to);
        }
    }

    private static void Reset(Socket socket)
    {
        try
        {
            // Without lingering a close is a reset.
            if (socket.Connected) socket.LingerState = new LingerOption(enable: true, 0);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It was closed already.
        }

        socket.Dispose();
    }
}
