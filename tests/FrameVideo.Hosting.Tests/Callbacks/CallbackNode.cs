using System.Data.Common;
using FrameService;
using FrameVideo.Contracts;
using FrameVideo.Jobs;
using FrameVideo.TestKit;
using FrameVideo.TestKit.Servers;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace FrameVideo.Hosting.Tests.Callbacks;

/// <summary>What a service has of callbacks, on the real schema of one: database, event log, senders; with a clock that stands until it is moved.</summary>
internal sealed class CallbackNode : IAsyncDisposable
{
    public static readonly UserId Anna = UserId.Parse("anna");

    private readonly WebApplication _app;

    private CallbackNode(WebApplication app, FakeTimeProvider clock) => (_app, Clock) = (app, clock);

    public FakeTimeProvider Clock { get; }

    public IConfiguration Configuration => _app.Configuration;

    public DeliveryTable Deliveries => _app.Services.GetRequiredService<DeliveryTable>();

    public DeliverySignal Signal => _app.Services.GetRequiredService<DeliverySignal>();

    public SendCallback Sender => _app.Services.GetRequiredService<SendCallback>();

    public EventLog Log => _app.Services.GetRequiredService<EventLog>();

    public ShowDeliveries Show => _app.Services.GetRequiredService<ShowDeliveries>();

    public DbDataSource Database => _app.Services.GetRequiredService<DbDataSource>();

    public static async Task<CallbackNode> StartAsync(IEnumerable<string> settings, FakeTimeProvider? clock = null, HostResolver? resolver = null)
    {
        clock ??= new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        var builder = WebApplication.CreateSlimBuilder([.. new Dictionary<string, string> { ["Callbacks:Secrets:0"] = Secrets.First, ["Callbacks:AllowPrivate:0"] = "127.0.0.1" }
            .Select(pair => $"--{pair.Key}={pair.Value}"), .. settings.Select(setting => $"--{setting}")]);
        builder.Logging.ClearProviders();
        builder.WebHost.UseSetting("urls", "http://127.0.0.1:0");
        builder.Services.AddSingleton<TimeProvider>(clock);
        if (resolver is not null) builder.Services.AddSingleton(resolver);
        builder.AddDatabase("frames", typeof(FrameApp).Assembly);
        builder.Services.AddEventLog();
        builder.AddCallbacks();
        var app = builder.Build();
        await app.StartAsync();
        return new CallbackNode(app, clock);
    }

    /// <summary>Writes events of a resource as a service does, with its address beside the first.</summary>
    public async Task TellAsync(string resource, Uri? url, params string[] types)
    {
        var known = await Log.ReadAsync(Anna, resource, 0, 1000, CancellationToken.None);
        await Database.WriteAsync(
            async transaction =>
            {
                await CallbackTable.SetAsync(transaction, Anna, resource, url?.ToString());
                for (var i = 0; i < types.Length; i++)
                    await Log.AppendAsync(transaction, Anna, resource, known.Count + i + 1, types[i], 1, new { requestId = resource, title = "Ein Schiff, größer & „schöner“ <als> je + 雨", frame = i });
            },
            CancellationToken.None);
    }

    public async Task<IReadOnlyList<Delivery>> ListAsync(string resource) => (await Show.PageAsync(Anna, resource, null, 100, null, CancellationToken.None)).Items;

    /// <summary>Waits until a delivery is as it is wanted; the clock stands.</summary>
    public Task<Delivery> UntilAsync(string resource, Func<Delivery, bool> condition, string what) =>
        Wait.ForAsync(async () => (await ListAsync(resource)).FirstOrDefault(condition), what);

    /// <summary>Moves the clock on, second by second from a given moment, until a delivery is as it is wanted: when a sender takes up its wait is its own affair.</summary>
    public Task<Delivery> MoveUntilAsync(DateTimeOffset from, string resource, Func<Delivery, bool> condition, string what)
    {
        if (from > Clock.GetUtcNow()) Clock.SetUtcNow(from);
        return Wait.ForAsync(
            async () =>
            {
                Clock.Advance(TimeSpan.FromSeconds(1));
                return (await ListAsync(resource)).FirstOrDefault(condition);
            },
            what);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}

/// <summary>Secrets of the tests.</summary>
internal static class Secrets
{
    public static readonly string First = Of(1);
    public static readonly string Second = Of(2);
    public static readonly string Annas = Of(3);

    private static string Of(byte fill) => "whsec_" + Convert.ToBase64String(Enumerable.Repeat(fill, 32).ToArray());
}

/// <summary>An empty database for one test.</summary>
public interface ICallbackPlace : IAsyncDisposable
{
    IEnumerable<string> Settings { get; }
}

public sealed class SqliteCallbackPlace : ICallbackPlace
{
    private readonly TempFolder _folder = new();

    public static ICallbackPlace New() => new SqliteCallbackPlace();

    public IEnumerable<string> Settings => [$"Data:Folder={_folder.Path}"];

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }
}

public sealed class PostgresCallbackPlace(TestDatabase database) : ICallbackPlace
{
    public IEnumerable<string> Settings => database.Settings;

    public ValueTask DisposeAsync() => database.DisposeAsync();
}
