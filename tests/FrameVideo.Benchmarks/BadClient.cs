using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace FrameVideo.Benchmarks;

/// <summary>One connection after another that does what no client should, until it is told to stop; each is told apart by how it ended.</summary>
internal sealed class BadClient(string address, string film)
{
    private const string Host = "Host: localhost\r\n";
    private const int MaxPause = 4;

    /// <summary>What they do.</summary>
    public static IReadOnlyList<string> Kinds { get; } = ["slow headers", "slow body", "endless chunks", "1 GB", "conflicting lengths", "never reads", "half-closed"];

    /// <summary>How connections ended, by kind and status, 0 for an end without an answer; those that were still open when time was up are not among them.</summary>
    public ConcurrentDictionary<(string Kind, int Status), int> Ends { get; } = [];

    public async Task RunAsync(string kind, int seed, CancellationToken stop)
    {
        // They do not come in step, and do not get into step.
        var pauses = new Random(seed);
        await DelayAsync(TimeSpan.FromSeconds(pauses.NextDouble() * MaxPause), stop);
        while (!stop.IsCancellationRequested)
        {
            try
            {
                using var client = new TcpClient { NoDelay = true };
                if (kind == "never reads") client.ReceiveBufferSize = 4096;
                await client.ConnectAsync(new Uri(address).Host, new Uri(address).Port, stop);
                var answer = kind == "never reads" ? Task.FromResult(0) : StatusAsync(client.Client);
                var saying = SayAsync(kind, client.Client, stop);
                if (kind == "never reads") await saying;
                else await Task.WhenAny(answer, DelayAsync(Timeout.InfiniteTimeSpan, stop));
                if (answer.IsCompletedSuccessfully && !stop.IsCancellationRequested) Ends.AddOrUpdate((kind, await answer), 1, (_, count) => count + 1);
                client.Close();
                await IgnoreAsync(saying);
                await IgnoreAsync(answer);
            }
            catch (Exception cut) when (cut is IOException or SocketException or ObjectDisposedException or OperationCanceledException)
            {
                // It is meant to be cut.
            }

            await DelayAsync(TimeSpan.FromSeconds(pauses.NextDouble() * MaxPause), stop);
        }
    }

    private async Task SayAsync(string kind, Socket socket, CancellationToken stop)
    {
        var upload = $"PUT /v1/sessions/req_1_bad/frames/1 HTTP/1.1\r\n{Host}";
        switch (kind)
        {
            case "slow headers":
                await SendAsync($"GET /v1/sessions HTTP/1.1\r\n{Host}X-A: ");
                while (!stop.IsCancellationRequested) await DripAsync("a");
                break;
            case "slow body":
                await SendAsync($"{upload}Content-Length: 100000\r\n\r\n");
                while (!stop.IsCancellationRequested) await DripAsync("a");
                break;
            case "endless chunks":
                await SendAsync($"{upload}Transfer-Encoding: chunked\r\n\r\n");
                while (!stop.IsCancellationRequested) await DripAsync($"1000\r\n{new string('a', 0x1000)}\r\n");
                break;
            case "1 GB":
                await SendAsync($"{upload}Content-Length: 1073741824\r\n\r\n{new string('a', 1000)}");
                while (!stop.IsCancellationRequested) await DripAsync(new string('a', 1000));
                break;
            case "conflicting lengths":
                await SendAsync($"{upload}Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef");
                break;
            case "never reads":
                await SendAsync($"GET {film} HTTP/1.1\r\n{Host}\r\n");
                await DelayAsync(Timeout.InfiniteTimeSpan, stop);
                break;
            case "half-closed":
                await SendAsync($"{upload}Content-Length: 100000\r\n\r\nabc");
                socket.Shutdown(SocketShutdown.Send);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(kind), kind, "There is no such kind.");
        }

        async Task SendAsync(string text) => await socket.SendAsync(Encoding.ASCII.GetBytes(text), stop);

        async Task DripAsync(string text)
        {
            await SendAsync(text);
            await DelayAsync(TimeSpan.FromMilliseconds(500), stop);
        }
    }

    private static async Task<int> StatusAsync(Socket socket)
    {
        var (buffer, length) = (new byte[1024], 0);
        try
        {
            while (length < buffer.Length && await socket.ReceiveAsync(buffer.AsMemory(length)) is > 0 and var received)
            {
                length += received;
                if (length >= 12) return int.Parse(buffer.AsSpan(9, 3), CultureInfo.InvariantCulture);
            }
        }
        catch (SocketException)
        {
            // Reset without a word.
        }

        return 0;
    }

    private static async Task DelayAsync(TimeSpan time, CancellationToken stop) => await Task.Delay(time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private static async Task IgnoreAsync(Task task) => await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
