using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace FrameVideo.Hosting;

/// <summary>The sockets on which a server listens; those that it accepts have the same options.</summary>
internal static class ListenSocket
{
    /// <summary>TCP_NOTSENT_LOWAT of Linux (include/uapi/linux/tcp.h).</summary>
    private const int NotSentLowWater = 25;

    /// <summary>What may wait in the system to be sent, beyond what is on its way, bytes.</summary>
    private const int UnsentBytes = 128 * 1024;

    /// <summary>
    /// Binds one. Left alone, the system takes some 2.6 MB of an answer for a client that reads nothing of it, copied at once: a hundred that ask for a film and stand still cost a quarter of a
    /// gigabyte and a part of a second. What is on its way is not bounded by this, so fast and far clients are served as fast as ever.
    /// </summary>
    public static Socket Bind(EndPoint endpoint)
    {
        var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
        if (OperatingSystem.IsLinux() && endpoint is IPEndPoint) socket.SetRawSocketOption((int)SocketOptionLevel.Tcp, NotSentLowWater, BitConverter.GetBytes(UnsentBytes));
        return socket;
    }
}
