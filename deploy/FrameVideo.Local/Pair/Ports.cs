using System.Net;
using System.Net.Sockets;

namespace FrameVideo.Local.Pair;

/// <summary>Ports of the loopback.</summary>
internal static class Ports
{
    /// <summary>The front door's port where none is named.</summary>
    public const int Default = 8080;

    /// <summary>As many different free ports. Another program can take one before it is used; the starter then begins anew.</summary>
    public static int[] Free(int count)
    {
        // Held all at once, or the same could come twice.
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToArray();
        try
        {
            return [.. listeners.Select(Bind)];
        }
        finally
        {
            foreach (var listener in listeners) listener.Dispose();
        }
    }

    /// <summary>Whether nobody listens there, by either protocol.</summary>
    public static bool IsFree(int port) => Answers(IPAddress.Loopback, port) && (!Socket.OSSupportsIPv6 || Answers(IPAddress.IPv6Loopback, port));

    /// <exception cref="PlainFailure">Somebody listens there, or it takes rights to.</exception>
    public static void Demand(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
        }
        catch (SocketException error) when (error.SocketErrorCode == SocketError.AccessDenied)
        {
            throw new PlainFailure($"Port {port} may not be used without more rights; choose one above 1023 with --port.", PlainFailure.General, error);
        }
        catch (SocketException error)
        {
            throw Taken(port, error);
        }

        if (!IsFree(port)) throw Taken(port, null);
    }

    private static PlainFailure Taken(int port, Exception? error) =>
        new($"Port {port} is taken by another program; end that one, or choose another port with --port.", PlainFailure.General, error);

    private static bool Answers(IPAddress address, int port)
    {
        try
        {
            using var listener = new TcpListener(address, port);
            listener.Start();
            return true;
        }
        catch (SocketException error)
        {
            // A machine whose kernel knows IPv6 but has no such loopback has nobody there either.
            return error.SocketErrorCode == SocketError.AddressNotAvailable;
        }
    }

    private static int Bind(TcpListener listener)
    {
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
