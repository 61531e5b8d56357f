using System.Globalization;
using System.Net.Sockets;
using System.Text;
using FrameVideo.Contracts;
using FrameVideo.TestKit;

namespace FrameVideo.Api.Tests.Hardening;

/// <summary>A caller that asks for much and reads nothing of it.</summary>
public sealed class StillReaderTests(DoorAndService pair) : IClassFixture<DoorAndService>
{
    private const int Picture = 8_000_000;

    [Theory]
    [InlineData("service")]
    [InlineData("door")]
    public async Task What_the_system_holds_of_an_answer_that_nobody_reads_is_bounded(string who)
    {
        if (!OperatingSystem.IsLinux()) return;
        var address = new Uri(pair.AddressOf(who));
        using var http = Http.Client(pair.AddressOf(who), "reader");
        using var picture = new LargePictures(Picture).Body(1);
        var frame = await http.PutAsync($"/v1/sessions/{RequestId.New(TimeProvider.System)}/frames/1", picture).ReadAsync<Frame>();
        using var reader = new TcpClient { ReceiveBufferSize = 4096 };
        await reader.ConnectAsync(address.Host, address.Port);
        var port = ((System.Net.IPEndPoint)reader.Client.LocalEndPoint!).Port;
        await reader.Client.SendAsync(Encoding.ASCII.GetBytes($"GET {new Uri(frame.ImageUrl!).PathAndQuery} HTTP/1.1\r\nHost: {address.Authority}\r\n\r\n"));

        var before = -1L;
        await Wait.UntilAsync(
            async () =>
            {
                var now = Unsent(address.Port, port);
                var isStill = now > 0 && now == before;
                before = now;
                if (!isStill) await Task.Delay(200);
                return isStill;
            },
            "the answer to come to a stop");
        // 128 KiB that wait, what is on its way, and the last piece that was given.
        Assert.InRange(before, 1, 1_000_000);
    }

    // proc(5): local and remote address in hexadecimal, then the state, then tx_queue:rx_queue.
    private static long Unsent(int local, int remote)
    {
        string Port(int port) => port.ToString("X4", CultureInfo.InvariantCulture);
        return File.ReadLines("/proc/net/tcp").Concat(File.ReadLines("/proc/net/tcp6")).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(fields => fields.Length > 4 && fields[1].EndsWith($":{Port(local)}", StringComparison.Ordinal) && fields[2].EndsWith($":{Port(remote)}", StringComparison.Ordinal))
            .Sum(fields => long.Parse(fields[4].Split(':')[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture));
    }
}
