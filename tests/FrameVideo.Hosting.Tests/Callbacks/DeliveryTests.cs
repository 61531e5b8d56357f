using System.Text;
using System.Text.Json;
using Dapper;
using FrameVideo.Contracts;
using FrameVideo.Jobs;
using FrameVideo.TestKit;
using FrameVideo.TestKit.Callbacks;
using FrameVideo.TestKit.Servers;

namespace FrameVideo.Hosting.Tests.Callbacks;

/// <summary>What happens to events on their way to receivers, good and bad, on either engine.</summary>
public abstract class DeliveryTests(Func<Task<ICallbackPlace>> newPlace) : IAsyncLifetime
{
    private const string Resource = "req_1700000000000_ab12cd34e";
    private const string Other = "req_1700000000000_other";

    private ICallbackPlace _place = null!;
    private CallbackReceiver _receiver = null!;

    internal CallbackNode Node { get; private set; } = null!;

    protected CallbackReceiver Receiver => _receiver;

    internal Task<CallbackNode> StartAsync(params string[] settings) => CallbackNode.StartAsync([.. _place.Settings, .. settings], Node?.Clock);

    public async Task InitializeAsync()
    {
        _place = await newPlace();
        _receiver = await CallbackReceiver.StartAsync();
        Node = await StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _receiver.DisposeAsync();
        await Node.DisposeAsync();
        await _place.DisposeAsync();
    }

    [ServerFact]
    public async Task What_is_sent_is_the_event_as_its_log_has_it_to_the_byte()
    {
        await Node.TellAsync(Resource, _receiver.Url, "session.story_ready", "session.frame_stored", "session.completed");
        var received = (await _receiver.UntilAsync(2)).OrderBy(callback => callback.Id, StringComparer.Ordinal).ToList();
        // The story is of interest to who watches; it is in the log, and is not sent.
        Assert.Equal([$"evt_{Resource}_2", $"evt_{Resource}_3"], received.Select(callback => callback.Id));
        var log = await Node.Log.ReadAsync(CallbackNode.Anna, Resource, 1, 10, CancellationToken.None);
        Assert.Equal(log.Select(entry => JsonSerializer.Serialize(entry, WireJson.Options)), received.Select(callback => Encoding.UTF8.GetString(callback.Body)));
        Assert.All(received, callback =>
        {
            Assert.Equal("POST /hook?key=of-the-receiver", callback.Target);
            Assert.Equal("application/json", callback.Headers["Content-Type"]);
            Assert.Equal(Node.Clock.GetUtcNow().ToUnixTimeSeconds(), long.Parse(callback.Headers["webhook-timestamp"]), 60d);
            Assert.DoesNotContain("traceparent", callback.Headers.Keys);
        });
        var delivered = await Node.UntilAsync(Resource, delivery => delivery.Status == DeliveryStatus.Delivered && delivery.Type == "session.completed", "the record");
        Assert.Equal((200, null, 1, null), (delivered.Attempts[0].StatusCode, delivered.Attempts[0].Error, delivered.AttemptCount, delivered.NextAttemptAt));
        Assert.DoesNotContain("of-the-receiver", delivered.Url, StringComparison.Ordinal);
    }

    [ServerFact]
    public async Task A_receiver_that_fails_is_asked_again_by_the_schedule_and_one_that_recovers_has_the_event()
    {
        _receiver.Refuse(times: 10, status: 500);
        await Node.TellAsync(Resource, _receiver.Url, "session.completed");
        var failed = await Node.UntilAsync(Resource, delivery => delivery.Attempts.Count == 1, "the first attempt");
        for (var step = 0; step < RetrySchedule.Delays.Count; step++)
        {
            Assert.Equal(DeliveryStatus.Pending, failed.Status);
            Assert.InRange(failed.NextAttemptAt!.Value - failed.Attempts[^1].Time, RetrySchedule.Delays[step], (RetrySchedule.Delays[step] * 1.1) + TimeSpan.FromSeconds(60));
            failed = await Node.MoveUntilAsync(failed.NextAttemptAt!.Value, Resource, delivery => delivery.Attempts.Count == step + 2, $"attempt {step + 2}");
        }

        Assert.Equal((DeliveryStatus.Failed, 10, null), (failed.Status, failed.AttemptCount, failed.NextAttemptAt));
        Assert.All(failed.Attempts, attempt => Assert.Equal((500, "The receiver answered 500."), (attempt.StatusCode, attempt.Error)));
        Assert.Single(_receiver.Received.Select(callback => callback.Id).Distinct());

        // It works again, and its owner asks.
        await Node.Show.RedeliverAsync(CallbackNode.Anna, Resource, failed.Id, "/deliveries", CancellationToken.None);
        var delivered = await Node.UntilAsync(Resource, delivery => delivery.Status == DeliveryStatus.Delivered, "the delivery");
        Assert.Equal(11, delivered.AttemptCount);
    }

    [ServerFact]
    public async Task An_overloaded_receiver_is_left_alone_as_long_as_it_asks_for_but_not_for_ever()
    {
        var asked = 600L;
        _receiver.Answer = context =>
        {
            context.Response.StatusCode = 429;
            context.Response.Headers.RetryAfter = Volatile.Read(ref asked).ToString();
            return Task.CompletedTask;
        };
        await Node.TellAsync(Resource, _receiver.Url, "session.completed");
        var failed = await Node.UntilAsync(Resource, delivery => delivery.Attempts.Count == 1, "the first attempt");
        Assert.InRange(failed.NextAttemptAt!.Value - failed.Attempts[^1].Time, TimeSpan.FromSeconds(600), TimeSpan.FromSeconds(720));
        Volatile.Write(ref asked, 100_000_000);
        failed = await Node.MoveUntilAsync(failed.NextAttemptAt!.Value, Resource, delivery => delivery.Attempts.Count == 2, "the second attempt");
        Assert.InRange(failed.NextAttemptAt!.Value - failed.Attempts[^1].Time, TimeSpan.FromHours(24), TimeSpan.FromHours(27));
    }

    [ServerFact]
    public async Task A_receiver_that_hangs_is_left_after_the_time_limit()
    {
        _receiver.Hang();
        await Node.TellAsync(Resource, _receiver.Url, "session.completed");
        await _receiver.UntilAsync(1);
        var failed = await Node.MoveUntilAsync(Node.Clock.GetUtcNow() + TimeSpan.FromSeconds(15), Resource, delivery => delivery.Attempts.Count == 1, "the end of the attempt");
        Assert.Equal((null, "No answer within 15 s."), (failed.Attempts[0].StatusCode, failed.Attempts[0].Error));
    }

    [ServerFact]
    public async Task After_a_410_nothing_more_of_the_resource_is_sent_there_until_its_owner_asks()
    {
        _receiver.Refuse(times: 1, status: 410);
        await Node.TellAsync(Resource, _receiver.Url, "session.frame_stored");
        await Node.UntilAsync(Resource, delivery => delivery is { Status: DeliveryStatus.Stopped, Attempts: [{ StatusCode: 410 }] }, "the stop");
        await Node.TellAsync(Resource, url: null, "session.completed");
        await Node.TellAsync(Other, _receiver.Url, "session.completed");
        await Node.UntilAsync(Other, delivery => delivery.Status == DeliveryStatus.Delivered, "another resource's event");
        Assert.Single(await Node.ListAsync(Resource));
        await Node.Show.RedeliverAsync(CallbackNode.Anna, Resource, $"evt_{Resource}_1", "/deliveries", CancellationToken.None);
        await Node.TellAsync(Resource, url: null, "session.canceled");
        await _receiver.UntilAsync(4);
        Assert.Equal([$"evt_{Resource}_1", $"evt_{Resource}_1", $"evt_{Resource}_3", $"evt_{Other}_1"], _receiver.Received.Select(callback => callback.Id).Order(StringComparer.Ordinal));
    }

    [ServerFact]
    public async Task A_crash_between_sending_and_writing_sends_the_event_again_under_the_same_ID()
    {
        // A process that claims and sends, and dies before it can write: another look at the same rows, whose signal nobody has set.
        await Node.DisposeAsync();
        await using (var dying = await StartAsync("Callbacks:MaxConcurrencyPerHost=1"))
        {
            _receiver.Hang();
            await dying.TellAsync(Other, _receiver.Url, "session.completed");
            await _receiver.UntilAsync(1);
            // The only place of the host is taken, so what follows is left to us.
            await dying.TellAsync(Resource, _receiver.Url, "session.completed");
            var claimed = Assert.Single(await dying.Deliveries.ClaimAsync($"127.0.0.1:{_receiver.Port}", 10, TimeSpan.FromSeconds(60), CancellationToken.None));
            _receiver.LetGo();
            Assert.Equal(200, (await dying.Sender.RunAsync(claimed, CancellationToken.None))!.Status);
            Assert.Empty(await dying.Deliveries.ClaimAsync(claimed.Host, 10, TimeSpan.FromSeconds(60), CancellationToken.None));
        }

        Node = await StartAsync();
        var delivered = await Node.MoveUntilAsync(Node.Clock.GetUtcNow() + TimeSpan.FromSeconds(60), Resource, delivery => delivery.Status == DeliveryStatus.Delivered, "the second delivery");
        Assert.Equal(2, delivered.AttemptCount);
        Assert.Equal([$"evt_{Resource}_1", $"evt_{Resource}_1"], _receiver.Received.Select(callback => callback.Id).Where(id => id.Contains(Resource, StringComparison.Ordinal)));
    }

    [ServerFact]
    public async Task A_deleted_resource_sends_nothing_more()
    {
        _receiver.Refuse(times: 1, status: 500);
        await Node.TellAsync(Resource, _receiver.Url, "session.frame_stored");
        var failed = await Node.UntilAsync(Resource, delivery => delivery.Attempts.Count == 1, "the first attempt");
        await Node.Database.WriteAsync(transaction => CallbackTable.ForgetAsync(transaction, CallbackNode.Anna, Resource), CancellationToken.None);
        await Node.TellAsync(Resource, url: null, "session.canceled");
        await Node.TellAsync(Other, _receiver.Url, "session.completed");
        await Node.MoveUntilAsync(failed.NextAttemptAt!.Value, Other, delivery => delivery.Status == DeliveryStatus.Delivered, "another resource's event");
        Assert.Equal([$"evt_{Resource}_1", $"evt_{Other}_1"], _receiver.Received.Select(callback => callback.Id));
        Assert.Empty(await Node.ListAsync(Resource));
    }

    [ServerFact]
    public async Task Ten_thousand_deliveries_to_a_dead_receiver_do_not_hold_up_anothers()
    {
        await using var dead = await CallbackReceiver.StartAsync();
        dead.Hang();
        await Node.TellAsync(Other, dead.Url, "session.frame_stored");
        await dead.UntilAsync(1);
        await Node.Database.WriteAsync(
            transaction => transaction.Connection!.ExecuteAsync(
                """
                WITH RECURSIVE many (n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM many WHERE n < 10001)
                INSERT INTO events (user_id, resource_id, number, type, attempt, time, data) SELECT user_id, resource_id, n, type, attempt, time, data FROM events, many WHERE number = 1;
                WITH RECURSIVE many (n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM many WHERE n < 10001)
                INSERT INTO deliveries (user_id, resource_id, number, type, url, host, status, created_at, next_at)
                SELECT user_id, resource_id, n, type, url, host, status, created_at, created_at FROM deliveries, many WHERE number = 1
                """,
                transaction: transaction),
            CancellationToken.None);
        Node.Signal.Set();
        await dead.UntilAsync(2);
        // The clock stands, so nothing sent to the dead one ends.
        for (var i = 0; i < 20; i++) await Node.TellAsync(Resource, _receiver.Url, "session.frame_stored");
        await _receiver.UntilAsync(20);
        Assert.Equal(2, dead.Received.Count);
    }

    [ServerFact]
    public async Task Records_are_pruned_once_they_are_old_and_what_is_pending_stays()
    {
        await Node.TellAsync(Resource, _receiver.Url, "session.frame_stored");
        await Node.UntilAsync(Resource, delivery => delivery.Status == DeliveryStatus.Delivered, "the delivery");
        _receiver.Refuse(times: 1000, status: 503);
        await Node.TellAsync(Resource, url: null, "session.completed");
        await Node.UntilAsync(Resource, delivery => delivery.Type == "session.completed" && delivery.Attempts.Count == 1, "the failure");
        Assert.Equal(0, await Node.Deliveries.PruneAsync(Node.Clock.GetUtcNow() - TimeSpan.FromDays(30), 100, CancellationToken.None));
        Assert.Equal(1, await Node.Deliveries.PruneAsync(Node.Clock.GetUtcNow() + TimeSpan.FromDays(1), 100, CancellationToken.None));
        Assert.Equal("session.completed", Assert.Single(await Node.ListAsync(Resource)).Type);
    }
}

public sealed class DeliveryOnSqliteTests() : DeliveryTests(() => Task.FromResult(SqliteCallbackPlace.New()));

[Needs(TestServers.Postgres)]
public sealed class DeliveryOnPostgresTests() : DeliveryTests(async () => new PostgresCallbackPlace(await PostgresServer.NewDatabaseAsync()))
{
    [ServerFact]
    public async Task Two_instances_share_the_work_and_send_each_event_once()
    {
        await using var second = await StartAsync();
        var resources = Enumerable.Range(0, 40).Select(i => $"req_1700000000000_{i}").ToList();
        await Task.WhenAll(resources.Select((resource, i) => (i % 2 == 0 ? Node : second).TellAsync(resource, Receiver.Url, [.. Enumerable.Repeat("session.frame_stored", 5)])));
        Node.Signal.Set();
        second.Signal.Set();
        await Receiver.UntilAsync(200);
        foreach (var resource in resources)
            await Wait.UntilAsync(async () => (await Node.ListAsync(resource)).All(delivery => delivery is { Status: DeliveryStatus.Delivered, AttemptCount: 1 }), resource);
        Assert.Equal(200, Receiver.Received.Select(callback => callback.Id).Distinct().Count());
        Assert.Equal(200, Receiver.Received.Count);
    }
}
