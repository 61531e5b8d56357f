using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace FrameVideo.Api.Tests.Fuzz;

/// <summary>An answer as it came.</summary>
/// <param name="Status">0 where the connection ended without one.</param>
/// <param name="Headers">By name, in any case.</param>
/// <param name="Body">Its bytes, out of their chunks.</param>
/// <param name="Head">Status line and headers as text.</param>
internal sealed record RawAnswer(int Status, IReadOnlyDictionary<string, string> Headers, byte[] Body, string Head)
{
    public string Text => Encoding.UTF8.GetString(Body);

    public string Header(string name) => Headers.GetValueOrDefault(name, "");
}

/// <summary>Sends bytes to a port, and reads what is answered until the connection ends; a stream of events until it begins.</summary>
internal static class RawHttp
{
    /// <param name="address">The service.</param>
    /// <param name="request">All that is sent.</param>
    /// <param name="hangsUp">Whether it is said that no more comes, which the server takes for somebody who goes away.</param>
    /// <param name="limit">The longest that it may take.</param>
    /// <exception cref="TimeoutException">No answer, or no end of it, in time.</exception>
    public static async Task<RawAnswer> SendAsync(Uri address, byte[] request, bool hangsUp, TimeSpan limit)
    {
        using var end = new CancellationTokenSource(limit);
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using var answer = new MemoryStream();
        try
        {
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, address.Port), end.Token);
            try
            {
                for (var at = 0; at < request.Length;) at += await socket.SendAsync(request.AsMemory(at), end.Token);
                if (hangsUp) socket.Shutdown(SocketShutdown.Send);
            }
            catch (SocketException)
            {
                // It was refused before it was whole; what it said stands to be read.
            }

            var buffer = new byte[16 * 1024];
            while (await socket.ReceiveAsync(buffer, end.Token) is > 0 and var count)
            {
                answer.Write(buffer, 0, count);
                if (answer.Length < 4096 && Encoding.Latin1.GetString(answer.GetBuffer(), 0, (int)answer.Length) is var begun && begun.Contains("text/event-stream", StringComparison.Ordinal) && begun.Contains("\r\n\r\n", StringComparison.Ordinal)) break;
            }
        }
        catch (SocketException)
        {
            // Reset: what came, came.
        }
        catch (OperationCanceledException late)
        {
            throw new TimeoutException($"No end of the answer within {limit.TotalSeconds} s; so far: {Encoding.Latin1.GetString(answer.ToArray())[..Math.Min(500, (int)answer.Length)]}", late);
        }

        return Parse(answer.ToArray());
    }

    private static RawAnswer Parse(byte[] bytes)
    {
        var text = Encoding.Latin1.GetString(bytes);
        // Interim answers stand before the one that counts.
        while (text.StartsWith("HTTP/1.1 1", StringComparison.Ordinal) && text.IndexOf("\r\n\r\n", StringComparison.Ordinal) is > 0 and var interim) (bytes, text) = (bytes[(interim + 4)..], text[(interim + 4)..]);
        var split = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (split < 0) return new RawAnswer(0, new Dictionary<string, string>(), bytes, text);
        var head = text[..split];
        var lines = head.Split("\r\n");
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var line in lines.Skip(1)) headers[line.Split(':')[0]] = line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
        var body = bytes[(split + 4)..];
        if (headers.GetValueOrDefault("Transfer-Encoding") == "chunked") body = Unchunk(body);
        return new RawAnswer(int.Parse(lines[0].Split(' ')[1], CultureInfo.InvariantCulture), headers, body, head);
    }

    private static byte[] Unchunk(byte[] bytes)
    {
        var whole = new List<byte>();
        for (var at = 0; at < bytes.Length;)
        {
            var line = Array.IndexOf(bytes, (byte)'\n', at);
            if (line < 0 || !int.TryParse(Encoding.ASCII.GetString(bytes, at, line - at).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var size) || size == 0) break;
            whole.AddRange(bytes.AsSpan(line + 1, Math.Min(size, bytes.Length - line - 1)));
            at = line + 1 + size + 2;
        }

        return [.. whole];
    }
}
