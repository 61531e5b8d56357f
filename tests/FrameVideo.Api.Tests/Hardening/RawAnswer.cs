using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace FrameVideo.Api.Tests.Hardening;

/// <summary>What comes back on a connection that says what no HTTP client would.</summary>
/// <param name="Status">0 where the connection ended without an answer.</param>
/// <param name="Code">The problem's code; null where there was no problem+json.</param>
internal sealed record RawAnswer(int Status, string? Code)
{
    private const string Problem = "application/problem+json";

    /// <summary>Connects, sends some bytes, and reads the answer; then the connection ends.</summary>
    public static async Task<RawAnswer> OfAsync(string address, string request) => await OfAsync(address, async stream => await stream.WriteAsync(Encoding.Latin1.GetBytes(request)));

    /// <inheritdoc cref="OfAsync(string, string)"/>
    public static async Task<RawAnswer> OfAsync(string address, Func<Stream, Task> send)
    {
        using var client = await ConnectAsync(address);
        await using var stream = client.GetStream();
        var sending = IgnoreCutAsync(send(stream));
        var answer = await ReadAsync(stream);
        client.Close();
        await sending;
        return answer;
    }

    public static async Task<TcpClient> ConnectAsync(string address)
    {
        var uri = new Uri(address);
        var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(uri.Host, uri.Port);
        return client;
    }

    /// <summary>Reads until the answer is whole, or the connection ends.</summary>
    public static async Task<RawAnswer> ReadAsync(Stream stream)
    {
        var text = new StringBuilder();
        var buffer = new byte[16 * 1024];
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        try
        {
            while (await stream.ReadAsync(buffer, limit.Token) is > 0 and var length)
            {
                text.Append(Encoding.UTF8.GetString(buffer, 0, length));
                if (Parse(text.ToString()) is { } whole) return whole;
            }
        }
        catch (IOException)
        {
            // Reset: what came before it counts.
        }

        return Parse(text.ToString(), hasEnded: true)!;
    }

    private static RawAnswer? Parse(string text, bool hasEnded = false)
    {
        if (text.Length == 0) return hasEnded ? new RawAnswer(0, null) : null;
        var head = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (head < 0) return hasEnded ? new RawAnswer(0, null) : null;
        var status = int.Parse(text.AsSpan(9, 3), System.Globalization.CultureInfo.InvariantCulture);
        if (!text[..head].Contains(Problem, StringComparison.OrdinalIgnoreCase)) return new RawAnswer(status, null);
        var (begin, end) = (text.IndexOf('{', head), text.LastIndexOf('}'));
        if (begin < 0 || end < begin) return hasEnded ? new RawAnswer(status, null) : null;
        try
        {
            return new RawAnswer(status, JsonDocument.Parse(text[begin..(end + 1)]).RootElement.GetProperty("code").GetString());
        }
        catch (JsonException) when (!hasEnded)
        {
            return null;
        }
    }

    private static async Task IgnoreCutAsync(Task sending)
    {
        try
        {
            await sending;
        }
        catch (Exception cut) when (cut is IOException or ObjectDisposedException or SocketException)
        {
            // It is meant to be cut.
        }
    }
}
