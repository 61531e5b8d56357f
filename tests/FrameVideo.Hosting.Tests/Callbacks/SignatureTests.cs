using System.Text;
using FrameVideo.TestKit;
using FrameVideo.TestKit.Servers;
using FrameVideo.TestKit.Callbacks;

namespace FrameVideo.Hosting.Tests.Callbacks;

/// <summary>What receivers verify, by an implementation that is not ours; and which secrets are taken.</summary>
public sealed class SignatureTests : IAsyncLifetime
{
    private const string Resource = "req_1700000000000_ab12cd34e";

    private readonly List<IAsyncDisposable> _open = [];
    private CallbackReceiver _receiver = null!;

    public async Task InitializeAsync() => _receiver = await CallbackReceiver.StartAsync();

    public async Task DisposeAsync()
    {
        await _receiver.DisposeAsync();
        foreach (var one in Enumerable.Reverse(_open)) await one.DisposeAsync();
    }

    [Needs(TestServers.Node)]
    [ServerFact]
    public async Task Another_implementation_verifies_what_is_sent_and_refuses_what_was_changed()
    {
        var node = await StartAsync();
        await node.TellAsync(Resource, _receiver.Url, "session.completed");
        var sent = (await _receiver.UntilAsync(1))[0];
        var changed = sent with { Body = [.. sent.Body[..^1], (byte)' ', .. sent.Body[^1..]] };
        var renamed = sent with { Headers = With(sent, "webhook-id", "evt_other_1") };
        var later = sent with { Headers = With(sent, "webhook-timestamp", (long.Parse(sent.Headers["webhook-timestamp"]) + 1).ToString()) };
        var answers = StandardWebhooks.Verify((Secrets.First, sent), (Secrets.Second, sent), (Secrets.First, changed), (Secrets.First, renamed), (Secrets.First, later));
        Assert.Equal([null, "No matching signature found", "No matching signature found", "No matching signature found", "No matching signature found"], answers);
    }

    [Needs(TestServers.Node)]
    [ServerFact]
    public async Task While_secrets_change_receivers_with_either_one_verify()
    {
        var node = await StartAsync($"Callbacks:Secrets:1={Secrets.Second}");
        await node.TellAsync(Resource, _receiver.Url, "session.completed");
        var sent = (await _receiver.UntilAsync(1))[0];
        Assert.Equal(2, sent.Headers["webhook-signature"].Split(' ').Length);
        Assert.Equal([null, null, "No matching signature found"], StandardWebhooks.Verify((Secrets.First, sent), (Secrets.Second, sent), (Secrets.Annas, sent)));
    }

    [Needs(TestServers.Node)]
    [ServerFact]
    public async Task A_user_with_a_secret_of_his_own_is_sent_nothing_that_anothers_verifies()
    {
        var node = await StartAsync("Callbacks:Users:0:UserId=anna", $"Callbacks:Users:0:Secrets:0={Secrets.Annas}");
        await node.TellAsync(Resource, _receiver.Url, "session.completed");
        var sent = (await _receiver.UntilAsync(1))[0];
        Assert.Equal([null, "No matching signature found"], StandardWebhooks.Verify((Secrets.Annas, sent), (Secrets.First, sent)));
    }

    [Fact]
    public async Task A_file_of_secrets_counts_as_it_changes_and_a_broken_one_changes_nothing()
    {
        using var folder = new TempFolder();
        var file = folder.Combine("secrets.json");
        await File.WriteAllTextAsync(file, $$"""{"secrets": ["{{Secrets.Second}}"]}""");
        var node = await StartAsync($"Callbacks:SecretsFile={file}");
        Assert.Equal(2, (await SignaturesAsync(node, 1)).Length);
        await File.WriteAllTextAsync(file, """{"secrets": ["whsec_c2hvcnQ="]}""");
        node.Clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(2, (await SignaturesAsync(node, 2)).Length);
        await File.WriteAllTextAsync(file, """{"secrets": []}""");
        node.Clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Single(await SignaturesAsync(node, 3));
    }

    [Fact]
    public void The_signature_is_that_of_the_specification()
    {
        // The example of Standard Webhooks 1.0.0.
        Assert.True(SigningSecret.TryParse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", out var secret));
        Assert.Equal("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", secret.Sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, Encoding.UTF8.GetBytes("""{"test": 2432232314}""")));
    }

    [Theory]
    [InlineData("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    [InlineData("whsec_")]
    [InlineData("whsec_not base64!")]
    [InlineData("whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==")]
    [InlineData("whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    public void What_is_no_secret_refuses_the_start_and_is_not_shown(string text)
    {
        var mistake = Assert.Throws<InvalidDataException>(() => CallbackSecrets.Read(new CallbackOptions { Secrets = { text } }));
        Assert.Equal("Callbacks:Secrets: secret 1 is not whsec_ and 24 to 64 bytes in base64.", mistake.Message);
    }

    [Fact]
    public void Three_secrets_are_too_many_and_a_user_without_any_is_a_mistake()
    {
        Assert.Throws<InvalidDataException>(() => CallbackSecrets.Read(new CallbackOptions { Secrets = { Secrets.First, Secrets.Second, Secrets.Annas } }));
        Assert.Throws<InvalidDataException>(() => CallbackSecrets.Read(new CallbackOptions { Users = { new UserSecrets { UserId = "anna" } } }));
        Assert.Throws<InvalidDataException>(() => CallbackSecrets.Read(new CallbackOptions { SecretsFile = "/nowhere/secrets.json" }));
    }

    private async Task<CallbackNode> StartAsync(params string[] settings)
    {
        var place = SqliteCallbackPlace.New();
        _open.Add(place);
        var node = await CallbackNode.StartAsync([.. place.Settings, .. settings]);
        _open.Add(node);
        return node;
    }

    private async Task<string[]> SignaturesAsync(CallbackNode node, int count)
    {
        await node.TellAsync(Resource, _receiver.Url, "session.completed");
        return (await _receiver.UntilAsync(count))[count - 1].Headers["webhook-signature"].Split(' ');
    }

    private static Dictionary<string, string> With(ReceivedCallback callback, string header, string value) =>
        new(callback.Headers, StringComparer.OrdinalIgnoreCase) { [header] = value };
}
