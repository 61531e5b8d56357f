using System.Net;
using FrameVideo.Contracts;
using FrameVideo.TestKit;
using FrameVideo.TestKit.Callbacks;

namespace FrameVideo.Hosting.Tests.Callbacks;

/// <summary>Receivers that lead elsewhere, or answer what no HTTP server would.</summary>
public sealed class TargetTests : IAsyncLifetime
{
    private const string Resource = "req_1700000000000_ab12cd34e";

    private readonly Dictionary<string, Queue<IPAddress[]>> _names = new(StringComparer.Ordinal);
    private ICallbackPlace _place = null!;
    private CallbackReceiver _receiver = null!;
    private CallbackNode _node = null!;

    public async Task InitializeAsync()
    {
        _place = SqliteCallbackPlace.New();
        _receiver = await CallbackReceiver.StartAsync();
        _node = await CallbackNode.StartAsync(_place.Settings, resolver: (host, _) => Task.FromResult(IPAddress.TryParse(host, out var address) ? [address] : _names[host].Dequeue()));
    }

    public async Task DisposeAsync()
    {
        await _receiver.DisposeAsync();
        await _node.DisposeAsync();
        await _place.DisposeAsync();
    }

    [Theory]
    [InlineData("http://127.0.0.2:{0}/")]
    [InlineData("http://169.254.169.254/latest/meta-data/")]
    [InlineData("https://example.org/")]
    public async Task A_redirect_is_a_failure_and_is_not_followed(string location)
    {
        await using var inner = await CallbackReceiver.StartAsync("127.0.0.2");
        _receiver.Answer = context =>
        {
            context.Response.StatusCode = 307;
            context.Response.Headers.Location = string.Format(location, inner.Port);
            return Task.CompletedTask;
        };
        var failed = await FailedAsync(_receiver.Url);
        Assert.Equal(307, failed.StatusCode);
        Assert.Empty(inner.Received);
    }

    [Fact]
    public async Task A_name_that_leads_to_a_private_address_at_the_second_look_is_not_called_there()
    {
        await using var inner = await CallbackReceiver.StartAsync("127.0.0.2");
        var port = inner.Port;
        // 127.0.0.1 stands for the public Internet here; 127.0.0.2 is what nobody allowed.
        await using var outer = new RawReceiver("HTTP/1.1 500 Try again\r\nContent-Length: 0\r\n\r\n");
        var url = new UriBuilder(outer.Url) { Host = "receiver.test" }.Uri;
        _names["receiver.test"] = new Queue<IPAddress[]>([[IPAddress.Loopback], [IPAddress.Parse("127.0.0.2")], [IPAddress.Loopback, IPAddress.Parse("10.0.0.1")], [IPAddress.Parse("::ffff:10.0.0.1")]]);
        await _node.TellAsync(Resource, url, "session.completed");
        var delivery = await _node.UntilAsync(Resource, one => one.Attempts.Count == 1, "the first attempt");
        Assert.Equal(500, delivery.Attempts[0].StatusCode);
        for (var attempt = 2; attempt <= 4; attempt++)
        {
            delivery = await _node.MoveUntilAsync(delivery.NextAttemptAt!.Value, Resource, one => one.Attempts.Count == attempt, $"attempt {attempt}");
            Assert.Equal((null, "The URL's host is not on the public Internet."), (delivery.Attempts[^1].StatusCode, delivery.Attempts[^1].Error));
        }

        // One look-up for one attempt: there is no moment between the check and the call.
        Assert.Empty(_names["receiver.test"]);
        Assert.Equal(1, outer.Calls);
        Assert.Empty(inner.Received);
    }

    [Fact]
    public async Task An_answer_without_end_is_an_answer()
    {
        await using var endless = new RawReceiver("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "8000\r\n" + new string('x', 0x8000) + "\r\n");
        Assert.Equal(200, (await EndedAsync(endless.Url, DeliveryStatus.Delivered)).StatusCode);
    }

    [Fact]
    public async Task A_status_counts_whatever_garbage_follows_it()
    {
        await using var garbage = new RawReceiver("HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\nzz;;\r\n\0\0\0garbage");
        Assert.Equal(204, (await EndedAsync(garbage.Url, DeliveryStatus.Delivered)).StatusCode);
    }

    [Theory]
    [InlineData("220 mail.example.org ESMTP\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nx: ", "yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy")]
    [InlineData("")]
    public async Task What_is_no_HTTP_is_a_failure(string answer, string? forever = null)
    {
        await using var raw = new RawReceiver(answer, forever);
        var failed = await FailedAsync(raw.Url);
        Assert.Null(failed.StatusCode);
        Assert.Contains(failed.Error, (string[])["The answer cannot be read as HTTP.", "The connection ended before an answer."]);
    }

    [Fact]
    public async Task Nobody_there_is_a_failure()
    {
        Assert.Equal("The host refuses the connection.", (await FailedAsync(new Uri($"http://127.0.0.1:{Ports.Free()}/"))).Error);
    }

    private Task<DeliveryAttempt> FailedAsync(Uri url) => EndedAsync(url, DeliveryStatus.Pending);

    private async Task<DeliveryAttempt> EndedAsync(Uri url, DeliveryStatus status)
    {
        await _node.TellAsync(Resource, url, "session.completed");
        var delivery = await _node.UntilAsync(Resource, one => one.Attempts.Count == 1, "the first attempt");
        Assert.Equal(status, delivery.Status);
        return delivery.Attempts[0];
    }
}
