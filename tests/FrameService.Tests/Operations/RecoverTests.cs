using System.Text.Json;
using FrameVideo.Contracts;
using FrameVideo.TestKit;
using Microsoft.Data.Sqlite;

namespace FrameService.Tests.Operations;

/// <summary>What recover makes of records and pictures that are not as they should be.</summary>
public sealed class RecoverTests : IAsyncLifetime
{
    private readonly RunningFrameService _service = new();

    private HttpClient Client => _service.Http;

    public Task InitializeAsync() => _service.InitializeAsync();

    public Task DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task One_damaged_record_does_not_stop_the_rest()
    {
        var damaged = await UploadedAsync();
        var lost = await UploadedAsync();
        var whole = await UploadedAsync();
        await File.WriteAllTextAsync(await ManifestAsync(damaged), "{ \"requestId\": ");
        await ManifestAsync(whole);
        await ManifestAsync(lost);
        Directory.Delete(_service.Data.Combine("objects", "local", lost.ToString(), "reference-frames"), recursive: true);
        await LoseRowsAsync();

        var (code, said, _) = await Command.RunAsync(_service.Data, "recover", "--all", "--json");
        var counts = JsonSerializer.Deserialize<JsonElement>(said).GetProperty("counts");
        Assert.Equal((0, 1, 2, 0), (code, counts.GetProperty("recovered").GetInt32(), counts.GetProperty("recovered with losses").GetInt32(), counts.GetProperty("skipped").GetInt32()));
        await _service.InitializeAsync();
        Assert.Equal(FrameStatus.Stored, Assert.Single((await Client.GetAsync<Session>($"/v1/sessions/{damaged}")).Frames!).Status);
        // Its picture is gone, its words are not.
        var frame = Assert.Single((await Client.GetAsync<Session>($"/v1/sessions/{lost}")).Frames!);
        Assert.Equal((FrameStatus.Failed, "object-not-found"), (frame.Status, frame.Error!.Code));
        Assert.Single((await Client.GetAsync<Session>($"/v1/sessions/{whole}")).Frames!);
    }

    [Fact]
    public async Task A_session_that_was_being_generated_goes_on()
    {
        var id = (await Client.PostAsync("/v1/sessions", new { prompt = "a lighthouse", frameCount = 12 }).ReadAsync<Session>()).Id;
        var manifest = _service.Data.Combine("objects", "local", id.ToString(), "manifest.json");
        await Wait.UntilAsync(
            async () => File.Exists(manifest) && JsonSerializer.Deserialize<JsonElement>(await File.ReadAllTextAsync(manifest)) is var read && read.GetProperty("story").ValueKind == JsonValueKind.Object, "the record of a story");
        await LoseRowsAsync();
        var (code, _, errors) = await Command.RunAsync(_service.Data, "recover", "--all");
        Assert.True(code == 0, errors);
        await _service.InitializeAsync();
        var session = await Client.EndedAsync(id);
        Assert.Equal((SessionStatus.Completed, 12), (session.Status, session.Frames!.Count(frame => frame.Status == FrameStatus.Stored)));
    }

    [Fact]
    public async Task Pictures_that_a_restored_backup_does_not_know_are_not_swept_as_long_as_the_manifest_names_them()
    {
        var id = await UploadedAsync();
        await ManifestAsync(id);
        await _service.App.DisposeAsync();
        SqliteConnection.ClearAllPools();
        var rows = await File.ReadAllBytesAsync(_service.Data.Combine("frames.db"));
        await _service.InitializeAsync();
        var newer = await Client.PutPictureAsync(id, 1, Pictures.Png(colour: 0xff0000ff)).ReadAsync<Frame>();
        await Wait.UntilAsync(async () => (await File.ReadAllTextAsync(await ManifestAsync(id))).Contains(newer.Sha256!, StringComparison.Ordinal), "the record of the newer picture");
        await LoseRowsAsync();
        await File.WriteAllBytesAsync(_service.Data.Combine("frames.db"), rows);

        var (code, said, errors) = await Command.RunAsync(_service.Data, "sweep", "--older-than", "0");
        Assert.True(code == 0, errors);
        Assert.Contains("1 kept for their manifest", said, StringComparison.Ordinal);
        Assert.True(File.Exists(_service.Data.Combine("objects", newer.ObjectKey.ToString()!)));
        await _service.InitializeAsync();
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{ \"frames\": null }")]
    [InlineData("{ \"frames\": [null] }")]
    [InlineData("{ \"requestId\": ")]
    public async Task A_damaged_manifest_neither_stops_the_sweep_nor_lets_it_take_anything_of_its_session(string damaged)
    {
        var id = await UploadedAsync();
        var first = await Client.GetAsync<Frame>($"/v1/sessions/{id}/frames/1");
        var second = await Client.PutPictureAsync(id, 1, Pictures.Png(colour: 0xff00ff00)).ReadAsync<Frame>();
        await Wait.UntilAsync(async () => (await File.ReadAllTextAsync(await ManifestAsync(id))).Contains(second.Sha256!, StringComparison.Ordinal), "the record of the second picture");
        await _service.App.DisposeAsync();
        await File.WriteAllTextAsync(_service.Data.Combine("objects", "local", id.ToString(), "manifest.json"), damaged);
        var (code, said, errors) = await Command.RunAsync(_service.Data, "sweep", "--older-than", "0");
        Assert.True(code == 0, errors);
        Assert.Contains("0 orphans removed", said, StringComparison.Ordinal);
        Assert.True(File.Exists(_service.Data.Combine("objects", first.ObjectKey.ToString()!)));
        await _service.InitializeAsync();
    }

    [Fact]
    public async Task A_picture_that_came_after_the_manifest_is_the_one_that_comes_back()
    {
        var id = await UploadedAsync();
        var manifest = await ManifestAsync(id);
        await _service.App.DisposeAsync();
        var before = await File.ReadAllBytesAsync(manifest);
        var written = File.GetLastWriteTimeUtc(manifest);
        await _service.InitializeAsync();
        var newer = await Client.PutPictureAsync(id, 1, Pictures.Png(colour: 0xff00ff00)).ReadAsync<Frame>();
        await LoseRowsAsync();
        // As if the service had ended before it wrote the next one.
        await File.WriteAllBytesAsync(manifest, before);
        File.SetLastWriteTimeUtc(manifest, written);

        Assert.Equal(0, (await Command.RunAsync(_service.Data, "recover", "--all")).Code);
        await _service.InitializeAsync();
        Assert.Equal(newer.Sha256, (await Client.GetAsync<Frame>($"/v1/sessions/{id}/frames/1")).Sha256);
    }

    [Fact]
    public async Task A_persons_uploads_alone_bring_their_session_back_and_are_never_swept()
    {
        var id = RequestId.New(TimeProvider.System);
        using var sent = await Client.PostAsync("/api/upload_image_s3", new { imageData = "data:image/png;base64," + Convert.ToBase64String(Pictures.Png()), isUserUpload = true, folderPath = $"local/{id}" });
        Assert.Equal(200, (int)sent.StatusCode);
        await LoseRowsAsync();
        Assert.Contains("1 recovered", (await Command.RunAsync(_service.Data, "recover", "--user", "local")).Said, StringComparison.Ordinal);
        Assert.Contains(" 0 orphans removed", (await Command.RunAsync(_service.Data, "sweep", "--older-than", "0")).Said, StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(_service.Data.Combine("objects", "local", id.ToString(), "user-uploads")));
        await _service.InitializeAsync();
        Assert.Equal(SessionStatus.Draft, (await Client.GetAsync<Session>($"/v1/sessions/{id}")).Status);
    }

    [Fact]
    public async Task The_sweep_leaves_a_replaced_picture_to_its_own_time_and_takes_one_that_no_row_knew()
    {
        var id = await UploadedAsync();
        var second = await Client.PutPictureAsync(id, 1, Pictures.Png(colour: 0xff00ff00)).ReadAsync<Frame>();
        await Wait.UntilAsync(async () => (await File.ReadAllTextAsync(await ManifestAsync(id))).Contains(second.Sha256!, StringComparison.Ordinal), "the record of the second picture");
        Assert.Contains(" 0 orphans removed", (await Command.RunAsync(_service.Data, "sweep", "--older-than", "0")).Said, StringComparison.Ordinal);
        var orphan = ObjectKeys.Frame(second.ObjectKey!.Value.UserId, id, 1, new string('a', 64), "png");
        await File.WriteAllBytesAsync(_service.Data.Combine("objects", orphan.ToString()), Pictures.Png());
        Assert.Contains(" 0 orphans removed", (await Command.RunAsync(_service.Data, "sweep")).Said, StringComparison.Ordinal);
        Assert.Contains(" 1 orphans removed", (await Command.RunAsync(_service.Data, "sweep", "--older-than", "0")).Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_database_does_not_know_is_not_swept()
    {
        await UploadedAsync();
        await LoseRowsAsync();
        var known = RequestId.New(TimeProvider.System);
        await _service.InitializeAsync();
        await Client.PutPictureAsync(known, 1, Pictures.Png()).ReadAsync<Frame>();
        Assert.Contains("1 sessions unknown, 0 orphans removed", (await Command.RunAsync(_service.Data, "sweep", "--older-than", "0")).Said, StringComparison.Ordinal);
    }

    private async Task<string> ManifestAsync(RequestId id)
    {
        var path = _service.Data.Combine("objects", "local", id.ToString(), "manifest.json");
        await Wait.UntilAsync(() => Task.FromResult(File.Exists(path) && File.ReadAllText(path).Contains("frame_01", StringComparison.Ordinal)), "the manifest");
        return path;
    }

    private async Task LoseRowsAsync()
    {
        await _service.App.DisposeAsync();
        SqliteConnection.ClearAllPools();
        foreach (var file in Directory.GetFiles(_service.Data.Path, "frames*.db*")) File.Delete(file);
    }

    private async Task<RequestId> UploadedAsync()
    {
        var id = RequestId.New(TimeProvider.System);
        await Client.PutPictureAsync(id, 1, Pictures.Png()).ReadAsync<Frame>();
        return id;
    }
}
