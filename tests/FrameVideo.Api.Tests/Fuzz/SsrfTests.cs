using System.Collections.Concurrent;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using FrameService;
using FrameVideo.Contracts;
using FrameVideo.Hosting;
using FrameVideo.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Xunit.Abstractions;

namespace FrameVideo.Api.Tests.Fuzz;

/// <summary>Every field that takes an address, with addresses of this machine and its networks in every form: none is called.</summary>
public sealed class SsrfTests(ITestOutputHelper output) : IAsyncLifetime
{
    /// <summary>Stands for a host of the public Internet, which redirects to this machine.</summary>
    private static readonly IPAddress Public = IPAddress.Parse("127.0.0.9");
    private TempFolder Data { get; } = new();

    private readonly ConcurrentDictionary<string, int> _lookups = new(StringComparer.Ordinal);
    private readonly IPAddress _own = NetworkInterface.GetAllNetworkInterfaces().SelectMany(card => card.GetIPProperties().UnicastAddresses).Select(one => one.Address)
        .FirstOrDefault(address => address.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(address)) ?? IPAddress.Parse("127.0.0.2");
    private Canary Listeners { get; set; } = null!;

    private RunningApp _frames = null!;
    private TcpListener Redirector { get; set; } = null!;


    public async Task InitializeAsync()
    {
        Listeners = Socket.OSSupportsIPv6 ? new Canary(IPAddress.Loopback, IPAddress.IPv6Loopback, _own) : new Canary(IPAddress.Loopback, _own);
        Redirector = new TcpListener(Public, Listeners.Port);
        Redirector.Start();
        _ = RedirectAsync();
        _frames = await RunningApp.StartAsync(args => FrameApp.Build(args, UseResolver), Data, $"Callbacks:Secrets:0=whsec_{Convert.ToBase64String(new byte[32])}", "Limits:QueuedPerUser=1000");
    }

    public async Task DisposeAsync()
    {
        await _frames.DisposeAsync();
        Redirector.Dispose();
        Listeners.Dispose();
        Data.Dispose();
    }

    [Fact]
    public async Task No_address_of_a_users_leads_to_this_machine_or_its_networks()
    {
        using var http = _frames.Client("anna");
        var failures = new List<string>();
        var count = 0;
        foreach (var address in Hostile.Addresses(Listeners.Port, _own.ToString(), _frames.Address, "http://127.0.0.1:9"))
        {
            (string Field, Task<HttpResponseMessage> Sent)[] asked =
            [
                ("imageUrl", http.PostAsync("/v1/sessions", new { frames = new[] { new { number = 1, imageUrl = address } } })),
                ("referenceImage", http.PostAsync("/v1/sessions", new { prompt = "a boat", referenceImage = address })),
                ("save_frames", http.PostAsync("/api/save_frames", new { frames = new[] { new { id = 1, imageUrl = address } } })),
                ("imageData", http.PostAsync("/api/upload_image_s3", new { imageData = address, frameId = "1" })),
                ("callbackUrl", http.PostAsync("/v1/sessions", new { prompt = "a boat", frameCount = 1, videoDuration = 2, pauseAfter = "story", callbackUrl = address })),
            ];
            foreach (var (field, sent) in asked)
            {
                count++;
                using var answer = await sent;
                var text = await answer.Content.ReadAsStringAsync();
                // The host of a callback is looked up when it is called.
                if ((int)answer.StatusCode is >= 400 and < 500 ? !text.Contains("\"code\":\"", StringComparison.Ordinal) : field != "callbackUrl" || (int)answer.StatusCode != 202) failures.Add($"{field} {address}: {(int)answer.StatusCode} {text}");
            }
        }

        // What was taken as a callback's address has been tried by now, or is.
        var tried = 0;
        foreach (var session in (await http.GetAsync<Page<Session>>("/v1/sessions?limit=100")).Items.Where(session => session.OriginalPrompt is not null))
        {
            await Wait.UntilAsync(
                async () => (await http.GetAsync<Page<Delivery>>($"/v1/sessions/{session.Id}/deliveries")).Items is { Count: > 0 } items && items.All(item => item.AttemptCount > 0), $"an attempt for {session.Id}");
            tried++;
        }

        output.WriteLine($"{count} addresses in fields, {tried} callbacks tried, {Listeners.Hits.Count} hits");
        Assert.True(failures.Count == 0, string.Join('\n', failures));
        Assert.Empty(Listeners.Hits);
        Assert.True(tried > 0);
        Assert.True(_lookups["public.test"] > 0, "Nobody asked the host that redirects.");
    }

    private void UseResolver(WebApplicationBuilder builder)
    {
        builder.Services.Replace(ServiceDescriptor.Singleton(new GuardedHttp((_, address) => GuardedHttp.IsPublic(address) || address.Equals(Public), ResolveAsync)));
        builder.Services.Replace(ServiceDescriptor.Singleton<HostResolver>(ResolveAsync));
    }

    private Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        var times = _lookups.AddOrUpdate(host, 1, (_, count) => count + 1);
        if (IPAddress.TryParse(host.Trim('[', ']'), out var literal)) return Task.FromResult<IPAddress[]>([literal]);
        return Task.FromResult<IPAddress[]>(host switch
        {
            "public.test" => [Public],
            // Public at the first look, and not at the second.
            "rebind.test" => [times % 2 == 1 ? Public : IPAddress.Loopback],
            "mixed.test" => [Public, IPAddress.Loopback],
            "mapped.test" => [IPAddress.Loopback.MapToIPv6()],
            "nothing.test" => [],
            _ => [IPAddress.Loopback],
        });
    }

    private async Task RedirectAsync()
    {
        try
        {
            while (true)
            {
                using var client = await Redirector.AcceptTcpClientAsync();
                _ = await client.GetStream().ReadAsync(new byte[4096]);
                await client.GetStream().WriteAsync(System.Text.Encoding.ASCII.GetBytes($"HTTP/1.1 307 x\r\nLocation: http://127.0.0.1:{Listeners.Port}/canary\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));
            }
        }
        catch (Exception ended) when (ended is SocketException or ObjectDisposedException or IOException)
        {
            // The test is over.
        }
    }
}
