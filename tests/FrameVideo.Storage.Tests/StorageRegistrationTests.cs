using FrameVideo.Contracts;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace FrameVideo.Storage.Tests;

public sealed class StorageRegistrationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Without_any_setting_everything_lies_in_the_data_folder()
    {
        await using var services = Services();
        services.GetRequiredService<IStartupValidator>().Validate();
        using var file = await services.GetRequiredService<Spool>().WriteAsync(new byte[1], CancellationToken.None);
        var store = services.GetRequiredService<IObjectStore>();
        Assert.Equal(PutOutcome.Stored, await store.PutAsync(TemporaryFolder.FrameKey(), file, CancellationToken.None));
        Assert.StartsWith("http://127.0.0.1:8080/v1/objects/alice/", store.Link(TemporaryFolder.FrameKey()).Url, StringComparison.Ordinal);
        var names = Directory.GetFileSystemEntries(_folder.In("d")).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal);
        Assert.Equal("link.key objects spool", string.Join(' ', names));
    }

    [Fact]
    public void Paths_and_links_are_where_the_settings_say()
    {
        using var services = Services(
            ("Storage:Kind", "folder"), ("Storage:Folder", "/f"), ("Storage:PublicUrl", "https://films.example/x/"), ("Storage:LinkKeyFile", _folder.In("k")),
            ("Storage:SpoolFolder", "/s"), ("Storage:SpoolMaxBytes", "2000000"), ("Storage:LinkLifetime", "00:10:00"), ("Storage:Upload:MaxAttempts", "7"));
        Assert.Equal("/f", services.GetRequiredService<IOptions<FileObjectStoreOptions>>().Value.Folder);
        Assert.Equal(("/s", 2_000_000L), (services.GetRequiredService<IOptions<SpoolOptions>>().Value.Folder, services.GetRequiredService<IOptions<SpoolOptions>>().Value.MaxTotalBytes));
        Assert.Equal(7, services.GetRequiredService<IOptions<UploadOptions>>().Value.MaxAttempts);
        Assert.StartsWith("https://films.example/x/v1/objects/alice/", services.GetRequiredService<IObjectStore>().Link(TemporaryFolder.FrameKey()).Url, StringComparison.Ordinal);
        Assert.True(File.Exists(_folder.In("k")));
    }

    [Fact]
    public void An_unknown_kind_is_refused_by_name()
    {
        var refusal = Assert.Throws<InvalidOperationException>(() => Services(("Storage:Kind", "floppy")));
        Assert.Contains("floppy", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("allowed: folder, s3", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Storage:PublicUrl", "films.example")]
    [InlineData("Storage:PublicUrl", "ftp://films.example")]
    [InlineData("Storage:PublicUrl", "http://films.example/?a=b")]
    [InlineData("Storage:Folder", "")]
    [InlineData("Storage:LinkLifetime", "00:00:01")]
    [InlineData("Storage:LinkKeyFile", "")]
    [InlineData("Storage:SpoolMaxBytes", "1")]
    [InlineData("Storage:Upload:MaxAttempts", "0")]
    [InlineData("Storage:Upload:AttemptTimeout", "00:02:00")]
    [InlineData("Storage:Upload:BaseDelay", "00:00:30")]
    [InlineData("Storage:Upload:BreakerPause", "00:00:00")]
    public void A_setting_out_of_its_range_is_refused_at_start(string name, string value)
    {
        using var services = Services((name, value));
        Assert.Throws<OptionsValidationException>(services.GetRequiredService<IStartupValidator>().Validate);
    }

    [Fact]
    public async Task While_the_outage_file_exists_every_verb_that_asks_the_store_fails()
    {
        var outage = _folder.In("outage");
        await using var services = Services(("Storage:Simulate:OutageFile", outage), ("Storage:Upload:MaxAttempts", "1"));
        var store = services.GetRequiredService<IObjectStore>();
        var (key, prefix) = (TemporaryFolder.FrameKey(), ObjectKeys.UserPrefix(UserId.Parse("alice")));
        using var file = await services.GetRequiredService<Spool>().WriteAsync(new byte[1], CancellationToken.None);
        await store.PutAsync(key, file, CancellationToken.None);
        var url = store.Link(key).Url;

        await File.WriteAllTextAsync(outage, "");
        Func<Task>[] verbs =
        [
            () => store.PutAsync(key, file, CancellationToken.None), () => store.ReplaceAsync(TemporaryFolder.ManifestKey(), new byte[1], CancellationToken.None),
            () => store.GetAsync(key, null, CancellationToken.None), () => store.ListAsync(prefix, CancellationToken.None).ToListAsync().AsTask(),
            () => store.DeleteAsync(key, CancellationToken.None), () => store.DeleteAsync(prefix, CancellationToken.None), () => store.ProbeAsync(CancellationToken.None),
        ];
        foreach (var verb in verbs) await Assert.ThrowsAsync<ObjectStoreUnavailableException>(verb);
        Assert.Equal(url, store.Link(key).Url);

        File.Delete(outage);
        await store.ProbeAsync(CancellationToken.None);
        Assert.Single(await store.ListAsync(prefix, CancellationToken.None).ToListAsync());
    }

    private ServiceProvider Services(params (string Name, string Value)[] settings)
    {
        var values = settings.Select(setting => KeyValuePair.Create(setting.Name, (string?)setting.Value)).Prepend(KeyValuePair.Create("Data:Folder", (string?)_folder.In("d")));
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(values).Build();
        return new ServiceCollection().AddLogging().AddObjectStore(configuration).BuildServiceProvider();
    }
}
