using FrameService;
using FrameVideo.TestKit;

namespace FrameVideo.Hosting.Tests.Access;

/// <summary>Where a service listens, and what refuses its start.</summary>
public sealed class StartTests : IDisposable
{
    private readonly TempFolder _data = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    public void Without_authentication_an_address_that_others_reach_is_refused() =>
        Assert.Throws<InvalidOperationException>(() => FrameApp.Build(["--urls=http://0.0.0.0:0", $"--Data:Folder={_data.Path}"]));

    [Fact]
    public void A_key_file_that_is_not_there_refuses_the_start()
    {
        var refusal = Assert.Throws<InvalidDataException>(() => FrameApp.Build(["--urls=http://127.0.0.1:0", $"--Data:Folder={_data.Path}", $"--Auth:ApiKeysFile={_data.Combine("none.json")}"]));
        Assert.Contains("keys new --append", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void With_keys_on_every_address_links_need_a_beginning()
    {
        ApiKeyFile.Append(_data.Combine("keys.json"), TestKey.Of("one", "anna", null, Scopes.Admin).Entry);
        var refusal = Assert.Throws<InvalidDataException>(() => FrameApp.Build(["--urls=http://0.0.0.0:0", $"--Data:Folder={_data.Path}", $"--Auth:ApiKeysFile={_data.Combine("keys.json")}"]));
        Assert.Contains("PublicUrl", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_keys_it_listens_on_every_address_and_takes_any_host()
    {
        ApiKeyFile.Append(_data.Combine("keys.json"), TestKey.Of("one", "anna", null, Scopes.Admin).Entry);
        var port = Ports.Free();
        await using var app = FrameApp.Build([$"--urls=http://0.0.0.0:{port}", "--PublicUrl=https://films.example.org", $"--Data:Folder={_data.Path}", $"--Auth:ApiKeysFile={_data.Combine("keys.json")}", "--Logging:LogLevel:Default=Warning"]);
        await app.StartAsync();
        using var http = Http.Client($"http://127.0.0.1:{port}");
        http.DefaultRequestHeaders.Host = "films.example.org";
        Assert.Equal(401, (int)(await http.GetAsync("/v1/sessions")).StatusCode);
        Assert.Equal(200, (int)(await http.GetAsync("/health/live")).StatusCode);
        await app.StopAsync();
    }
}
