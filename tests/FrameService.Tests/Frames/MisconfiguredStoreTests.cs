using System.Text.Json;
using FrameVideo.Contracts;
using FrameVideo.TestKit;
using FrameVideo.TestKit.Faults;
using FrameVideo.TestKit.Servers;

namespace FrameService.Tests.Frames;

/// <summary>A store that answers, but not as an operator meant it: each mistake has its own words, at start and later, and costs nobody a picture.</summary>
[Needs(TestServers.S3)]
public sealed class MisconfiguredStoreTests(TempFolder data) : IClassFixture<TempFolder>
{
    [ServerFact]
    public async Task A_bucket_that_is_missing_is_named_at_start_and_later_and_pictures_wait_until_it_is_made()
    {
        await using var bucket = await S3Server.NewBucketAsync();
        using var s3 = bucket.NewClient();
        await s3.DeleteBucketAsync(bucket.Name);
        await using var service = await StartAsync(bucket.Settings, "missing");
        var sentence = $"There is no bucket \"{bucket.Name}\" at {bucket.Endpoint.ToString().TrimEnd('/')}";

        var id = await RequireTellingAsync(service, "storage-misconfigured", sentence);
        await s3.PutBucketAsync(bucket.Name);
        await RequireStoredAsync(service, id);
    }

    [ServerFact]
    public async Task A_store_that_forbids_is_told_apart_at_start_and_later_and_pictures_wait_until_it_allows()
    {
        await using var bucket = await S3Server.NewBucketAsync();
        await using var proxy = await S3FaultProxy.StartAsync(bucket.Endpoint);
        var forbidden = proxy.Inject(S3Fault.Forbidden());
        await using var service = await StartAsync(new Dictionary<string, string>(bucket.Settings, StringComparer.Ordinal) { ["Storage:Endpoint"] = proxy.Endpoint.ToString().TrimEnd('/') }, "forbidden");

        var id = await RequireTellingAsync(service, "storage-forbidden", "403 AccessDenied");
        forbidden.End();
        await RequireStoredAsync(service, id);
    }

    /// <summary>The log and health say the sentence, a look into the store is refused with the code, and an upload is kept inline.</summary>
    private static async Task<RequestId> RequireTellingAsync(ServiceProcess service, string code, string sentence)
    {
        await Wait.UntilAsync(() => Task.FromResult(service.Log.Contains("has to be seen to by an operator", StringComparison.Ordinal)), "the log to say it");
        Assert.Contains(sentence, service.Log, StringComparison.Ordinal);
        using var http = Http.Client(service.Address);
        using (var ready = await http.GetAsync("/health/ready"))
        {
            Assert.Equal(503, (int)ready.StatusCode);
            Assert.Contains(sentence, JsonSerializer.Deserialize<JsonElement>(await ready.Content.ReadAsStringAsync()).GetProperty("problems").GetProperty("store").GetString(), StringComparison.Ordinal);
        }

        var (status, told, _) = await http.GetAsync($"/v1/sessions/{RequestId.New(TimeProvider.System)}").RefusalAsync();
        Assert.Equal((503, code), (status, told));
        var id = RequestId.New(TimeProvider.System);
        var picture = Pictures.Png();
        var frame = await http.PutPictureAsync(id, 1, picture).ReadAsync<Frame>();
        Assert.Equal(FrameStatus.Inline, frame.Status);
        Assert.Equal(picture, await http.GetByteArrayAsync(frame.ImageUrl));
        return id;
    }

    private static async Task RequireStoredAsync(ServiceProcess service, RequestId id)
    {
        using var http = Http.Client(service.Address);
        await Wait.UntilAsync(async () => (await http.GetAsync<Frame>($"/v1/sessions/{id}/frames/1")).Status == FrameStatus.Stored, "the picture to be stored");
        var frame = await http.GetAsync<Frame>($"/v1/sessions/{id}/frames/1");
        Assert.Equal(frame.Sha256, Pictures.Sha256(await http.GetByteArrayAsync(frame.ImageUrl)));
    }

    private async Task<ServiceProcess> StartAsync(IReadOnlyDictionary<string, string> store, string name)
    {
        var settings = store.ToDictionary(pair => pair.Key.Replace(":", "__", StringComparison.Ordinal), pair => pair.Value, StringComparer.Ordinal);
        settings["Data__Folder"] = data.Combine(name);
        settings["Storage__Upload__BaseDelay"] = "00:00:00.010";
        settings["Storage__Upload__BreakerPause"] = "00:00:01";
        var service = new ServiceProcess("FrameService", data.Combine($"{name}.log"), settings);
        await service.StartAsync();
        return service;
    }
}
