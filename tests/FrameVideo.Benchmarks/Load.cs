using System.Buffers.Text;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace FrameVideo.Benchmarks;

/// <summary>
/// Calls an address over a few connections, each with the next request as soon as its answer is there, for some seconds. Requests are bytes made beforehand and answers are counted, not
/// read: on a machine that caller, service and database share, what the caller uses would make both sides alike.
/// </summary>
/// <remarks>Reads one <see cref="Order"/> a line from its standard input, and answers each with a <see cref="Outcome"/>.</remarks>
internal static class Load
{
    public static async Task<int> RunAsync()
    {
        while (await Console.In.ReadLineAsync() is { } line)
        {
            var order = JsonSerializer.Deserialize<Order>(line)!;
            Console.WriteLine(JsonSerializer.Serialize(await CarryOutAsync(order)));
        }

        return 0;
    }

    private static async Task<Outcome> CarryOutAsync(Order order)
    {
        var requests = (await File.ReadAllLinesAsync(order.Requests)).Select(line => BytesOf(line, order)).ToArray();
        var end = Stopwatch.GetTimestamp() + (long)(order.Seconds * Stopwatch.Frequency);
        var began = Stopwatch.GetTimestamp();
        var clients = await Task.WhenAll(Enumerable.Range(0, order.Connections).Select(client => Task.Run(() => CallAsync(order, requests, client, end))));
        var took = Stopwatch.GetElapsedTime(began).TotalSeconds;
        var ticks = clients.SelectMany(client => client.Ticks).Order().ToArray();
        return new Outcome(ticks.Length, clients.Sum(client => client.Refused), took, Milliseconds(0.5), Milliseconds(0.99), clients.Sum(client => client.Bytes));

        double Milliseconds(double part) => ticks.Length == 0 ? 0 : ticks[(int)((ticks.Length - 1) * part)] * 1000.0 / Stopwatch.Frequency;
    }

    private static async Task<(List<long> Ticks, int Refused, long Bytes)> CallAsync(Order order, byte[][] requests, int client, long end)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, order.Port));
        var (ticks, refused, bytes, buffer, next) = (new List<long>(), 0, 0L, new byte[256 * 1024], client);
        while (true)
        {
            var began = Stopwatch.GetTimestamp();
            if (began >= end) return (ticks, refused, bytes);
            // Far apart, so that no two connections ask for the same thing at the same time.
            next = (next + 7919) % requests.Length;
            await socket.SendAsync(requests[next]);
            var (length, isSuccess) = await ReceiveAsync(socket, buffer);
            ticks.Add(Stopwatch.GetTimestamp() - began);
            bytes += length;
            if (!isSuccess) refused++;
        }
    }

    private static async Task<(int Length, bool IsSuccess)> ReceiveAsync(Socket socket, byte[] buffer)
    {
        var (length, whole) = (0, -1);
        while (true)
        {
            var received = await socket.ReceiveAsync(buffer.AsMemory(length));
            if (received == 0) throw new IOException("The connection was closed.");
            length += received;
            if (whole < 0 && buffer.AsSpan(0, length).IndexOf("\r\n\r\n"u8) is >= 0 and var head) whole = WholeOf(buffer.AsSpan(0, head), head + 4);
            if (whole > 0 ? length >= whole : whole == 0 && buffer.AsSpan(0, length).EndsWith("\r\n0\r\n\r\n"u8)) return (length, buffer[9] == '2');
        }
    }

    /// <summary>The length of an answer with its head; 0 where its end tells itself.</summary>
    private static int WholeOf(ReadOnlySpan<byte> head, int headLength)
    {
        var at = head.IndexOf("Content-Length: "u8);
        return at >= 0 && Utf8Parser.TryParse(head[(at + 16)..], out int length, out _) ? headLength + length : 0;
    }

    private static byte[] BytesOf(string line, Order order)
    {
        var parts = line.Split('\t');
        var headers = order.Key is null ? "" : $"Authorization: Bearer {order.Key}\r\n";
        return Encoding.ASCII.GetBytes($"GET {parts[1]} HTTP/1.1\r\nHost: 127.0.0.1:{order.Port}\r\nX-User-Id: {parts[0]}\r\n{headers}\r\n");
    }

    /// <summary>What to do.</summary>
    /// <param name="Port">Of 127.0.0.1.</param>
    /// <param name="Requests">A file with a request a line: user, tab, path.</param>
    /// <param name="Key">An API key, or null.</param>
    /// <param name="Connections">How many ask at a time.</param>
    /// <param name="Seconds">How long.</param>
    internal sealed record Order(int Port, string Requests, string? Key, int Connections, double Seconds);

    /// <summary>What came of it.</summary>
    internal sealed record Outcome(int Answers, int Refused, double Seconds, double MedianMs, double P99Ms, long Bytes);
}
