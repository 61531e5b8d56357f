using System.Text;
using System.Text.Json;
using FrameVideo.Contracts;
using FrameVideo.TestKit;
using FrameVideo.TestKit.Callbacks;
using Microsoft.Data.Sqlite;

namespace FrameService.Tests.Sessions;

/// <summary>A service that may call receivers on this machine.</summary>
public sealed class FrameServiceWithCallbacks : RunningFrameService
{
    public FrameServiceWithCallbacks() => Settings = ["Callbacks:Secrets:0=whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "Callbacks:AllowPrivate:0=127.0.0.1"];
}

/// <summary>Callbacks of sessions as their owners see them.</summary>
public sealed class CallbackTests(FrameServiceWithCallbacks service) : IClassFixture<FrameServiceWithCallbacks>
{
    private const string TestKey = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    [Fact]
    public async Task Each_frame_and_the_end_of_a_generation_are_sent_and_the_owner_sees_how()
    {
        await using var receiver = await CallbackReceiver.StartAsync();
        var session = await service.Http.PostAsync("/v1/sessions", new { prompt = "a kite over the sea", frameCount = 2, callbackUrl = receiver.Url }).ReadAsync<Session>();
        var received = await receiver.UntilAsync(3);
        Assert.Equal(["session.completed", "session.frame_stored", "session.frame_stored"], received.Select(TypeOf).Order(StringComparer.Ordinal));
        Assert.All(received, callback => Assert.Equal(session.RequestId.ToString(), JsonDocument.Parse(callback.Body).RootElement.GetProperty("data").GetProperty("requestId").GetString()));

        // The very text that the page of the log has.
        var log = await service.Http.GetStringAsync($"/v1/sessions/{session.RequestId}/events");
        Assert.All(received, callback => Assert.Contains(Encoding.UTF8.GetString(callback.Body), log, StringComparison.Ordinal));

        var path = $"/v1/sessions/{session.RequestId}/deliveries";
        await Wait.UntilAsync(async () => (await service.Http.GetAsync<Page<Delivery>>($"{path}?status=delivered")).Items.Count == 3, "the records");
        var first = await service.Http.GetAsync<Page<Delivery>>($"{path}?limit=1");
        var rest = await service.Http.GetAsync<Page<Delivery>>($"{path}?cursor={first.NextCursor}");
        Assert.Equal("session.completed", Assert.Single(first.Items).Type);
        Assert.Equal((2, null), (rest.Items.Count, rest.NextCursor));
        Assert.Equal("validation-failed", (await service.Http.GetAsync($"{path}?status=lost").RefusalAsync()).Code);
        Assert.Equal("session-not-found", (await service.App.Client("eve").GetAsync(path).RefusalAsync()).Code);

        var again = await service.Http.PostAsync($"{path}/{first.Items[0].Id}/redeliver", new { }).ReadAsync<Delivery>();
        Assert.Equal(DeliveryStatus.Pending, again.Status);
        Assert.Equal(first.Items[0].Id, (await receiver.UntilAsync(4))[3].Id);
        Assert.Equal("delivery-not-found", (await service.Http.PostAsync($"{path}/evt_{session.RequestId}_1/redeliver", new { }).RefusalAsync()).Code);
        Assert.Equal("delivery-not-found", (await service.Http.GetAsync($"{path}/evt_{session.RequestId}_x").RefusalAsync()).Code);
    }

    [Fact]
    public async Task Saved_frames_are_sent_and_a_deleted_session_leaves_no_address_behind()
    {
        await using var receiver = await CallbackReceiver.StartAsync();
        receiver.Refuse(times: 1000, status: 500);
        var id = RequestId.New(TimeProvider.System);
        var picture = "data:image/png;base64," + Convert.ToBase64String(Pictures.Png());
        await service.Http.PostAsync("/v1/sessions", new { requestId = id, frames = new[] { new { number = 1, imageUrl = picture } }, callbackUrl = receiver.Url }).ReadAsync<Session>();
        Assert.Equal(["session.completed", "session.frame_stored"], (await receiver.UntilAsync(2)).Select(TypeOf).Order(StringComparer.Ordinal));
        using var deleted = await service.Http.DeleteAsync($"/v1/sessions/{id}");
        Assert.True(deleted.IsSuccessStatusCode);
        await using var rows = new SqliteConnection($"Data Source={service.Data.Combine("frames.db")}");
        await rows.OpenAsync();
        await using var count = rows.CreateCommand();
        count.CommandText = "SELECT (SELECT count(*) FROM callbacks WHERE resource_id = @id) + (SELECT count(*) FROM deliveries WHERE resource_id = @id)";
        count.Parameters.AddWithValue("@id", id.ToString());
        Assert.Equal(0L, await count.ExecuteScalarAsync());
    }

    [Theory]
    [InlineData("")]
    [InlineData("receiver.example.org/hook")]
    [InlineData("ftp://receiver.example.org/")]
    [InlineData("file:///etc/passwd")]
    [InlineData("https://user:word@receiver.example.org/")]
    [InlineData("https://receiver.example.org/#part")]
    [InlineData("https://receiver.example.org:25/")]
    [InlineData("https://receiver.example.org:0/")]
    [InlineData("https://receiver.example.org/a b")]
    [InlineData("https://receiver.example.org/\r\nx: y")]
    [InlineData("http://10.0.0.1/")]
    [InlineData("http://[::1]:8080/")]
    [InlineData("http://[::ffff:10.0.0.1]/")]
    [InlineData("http://0x0a000001/")]
    [InlineData("http://169.254.169.254/latest/meta-data/")]
    public async Task A_URL_that_could_not_be_called_is_refused_at_once(string url)
    {
        var (status, code, problem) = await service.Http.PostAsync("/v1/sessions", new { prompt = "a kite", callbackUrl = url }).RefusalAsync();
        Assert.Equal((422, "validation-failed"), (status, code));
        Assert.StartsWith("callbackUrl ", problem.GetProperty("errors").GetProperty("callbackUrl")[0].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_secret_nobody_can_give_a_URL_and_without_leave_none_of_this_machine()
    {
        using var data = new TempFolder();
        await using (var bare = await RunningApp.StartAsync(args => FrameApp.Build(args), data))
        {
            var (_, _, problem) = await bare.Client().PostAsync("/v1/sessions", new { prompt = "a kite", callbackUrl = "https://receiver.example.org/" }).RefusalAsync();
            Assert.Equal("Callbacks are signed, and no secret is configured here. An operator sets Callbacks:Secrets.", problem.GetProperty("detail").GetString());
        }

        await using var guarded = await RunningApp.StartAsync(args => FrameApp.Build(args), data, $"Callbacks:Secrets:0={TestKey}");
        foreach (var url in new[] { "http://localhost:8080/", "http://127.0.0.1:8080/", "http://app.localhost/" })
        {
            var (_, _, refused) = await guarded.Client().PostAsync("/v1/sessions", new { prompt = "a kite", callbackUrl = url }).RefusalAsync();
            Assert.Contains("Callbacks:AllowPrivate", refused.GetProperty("detail").GetString(), StringComparison.Ordinal);
        }
    }

    private static string TypeOf(ReceivedCallback callback) => JsonDocument.Parse(callback.Body).RootElement.GetProperty("type").GetString()!;
}
