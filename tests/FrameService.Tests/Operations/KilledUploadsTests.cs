using System.Collections.Concurrent;
using FrameService.Frames;
using FrameService.Sessions;
using FrameVideo.Contracts;
using FrameVideo.Hosting;
using FrameVideo.Jobs;
using FrameVideo.Storage;
using FrameVideo.TestKit;
using FrameVideo.TestKit.Servers;
using Microsoft.Extensions.DependencyInjection;
using Xunit.Abstractions;

namespace FrameService.Tests.Operations;

/// <summary>Killed uploads over SQLite and a folder.</summary>
[Trait("Depth", "long")]
public sealed class KilledUploadsTests(ITestOutputHelper output) : KilledUploadsSuite(output)
{
    protected override Task<Backend> BackendAsync() => Task.FromResult(Backend.Embedded());
}

/// <summary>Killed uploads over PostgreSQL and S3.</summary>
[Needs(TestServers.Postgres | TestServers.S3)]
public sealed class KilledUploadsOnServersTests(ITestOutputHelper output) : KilledUploadsSuite(output)
{
    protected override Task<Backend> BackendAsync() => Backend.ServersAsync();
}

/// <summary>
/// A service that is killed at any moment of many uploads leaves no row without its object. Objects without a row it does leave: between put and commit is where a kill falls
/// when pictures wait for the database in their turn. The sweep finds those, and only those.
/// </summary>
public abstract class KilledUploadsSuite(ITestOutputHelper output)
{
    private const int Uploaders = 12;

    protected abstract Task<Backend> BackendAsync();

    [ServerFact]
    [Trait("Campaign", "killed-between-put-and-commit")]
    public async Task No_row_is_without_its_object_and_objects_without_a_row_are_swept()
    {
        var isLong = Environment.GetEnvironmentVariable("FRAMEVIDEO_LONG") == "1";
        var seed = int.TryParse(Environment.GetEnvironmentVariable("FRAMEVIDEO_SEED"), out var given) ? given : isLong ? Environment.ProcessId : 20261122;
        var random = new Random(seed);
        var kills = isLong ? 50 : 1;
        using var data = new TempFolder();
        await using var backend = await BackendAsync();
        var settings = new Dictionary<string, string>(backend.Settings, StringComparer.Ordinal) { ["Data:Folder"] = data.Combine("data") };
        await using var service = new ServiceProcess("FrameService", data.Combine("log"), settings.ToDictionary(pair => pair.Key.Replace(":", "__", StringComparison.Ordinal), pair => pair.Value));
        var acknowledged = new ConcurrentDictionary<(RequestId Session, int Number), string>();
        var whole = new HashSet<RequestId>();
        var (orphans, killsWithOrphans) = (0, 0);
        for (var kill = 0; kill < kills; kill++)
        {
            await service.StartAsync();
            await UploadUntilKilledAsync(service, acknowledged, random.Next(), random.Next(0, 150), TimeSpan.FromMilliseconds(random.Next(0, 60)));
            var left = await CheckAsync(settings, acknowledged, whole);
            if (left > orphans) killsWithOrphans++;
            orphans = left;
        }

        output.WriteLine($"seed {seed}: {kills} kills, {acknowledged.Count} uploads acknowledged, {orphans} objects without a row, left by {killsWithOrphans} of the kills");
        if (isLong) Assert.True(orphans > 0, "No kill fell between put and commit: the campaign has not tried what it is for.");

        // While it could still be wanted nothing goes; then all of it goes, and then there is nothing to go.
        Assert.Contains(" 0 orphans removed", await SweepAsync(service), StringComparison.Ordinal);
        if (isLong) Assert.Contains(orphans == 0 ? " 0 orphans removed" : $" {orphans} orphans found", await SweepAsync(service, "--older-than", "0", "--dry-run"), StringComparison.Ordinal);
        Assert.Contains($" {orphans} orphans removed", await SweepAsync(service, "--older-than", "0"), StringComparison.Ordinal);
        if (isLong) Assert.Contains(" 0 orphans removed", await SweepAsync(service, "--older-than", "0"), StringComparison.Ordinal);
        Assert.Equal(0, await CheckAsync(settings, acknowledged, []));
    }

    /// <summary>Many clients put pictures into two new sessions. The kill comes in the middle.</summary>
    private static async Task UploadUntilKilledAsync(ServiceProcess service, ConcurrentDictionary<(RequestId Session, int Number), string> acknowledged, int seed, int after, TimeSpan moment)
    {
        var before = acknowledged.Count;
        RequestId[] sessions = [RequestId.New(TimeProvider.System), RequestId.New(TimeProvider.System)];
        using var http = Http.Client(service.Address);
        var uploaders = Enumerable.Range(0, Uploaders).Select(async uploader =>
        {
            for (var i = 0; ; i++)
            {
                // No number is used twice, so an object without a row is one that was killed between put and commit.
                var (session, number) = (sessions[uploader % 2], 1 + uploader + (Uploaders * i));
                if (number > 1000) return;
                var picture = Pictures.Png(colour: 0xff000000 | (uint)HashCode.Combine(seed, uploader, i));
                try
                {
                    using var answer = await http.PutPictureAsync(session, number, picture);
                    if (!answer.IsSuccessStatusCode) throw new InvalidOperationException($"{(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
                    acknowledged[(session, number)] = Pictures.Sha256(picture);
                }
                catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException or IOException)
                {
                    return;
                }
            }
        }).ToList();
        await Wait.UntilAsync(() => Task.FromResult(acknowledged.Count - before >= after || uploaders.All(task => task.IsCompleted)), $"{after} uploads");
        // The moment of the kill is what is varied: the one place where time itself is waited for.
        await Task.Delay(moment);
        await service.KillAsync();
        await Task.WhenAll(uploaders);
    }

    /// <summary>
    /// Looks with the service's own eyes, past it: every row has its object with the right bytes, every acknowledged picture has its row. Answers how many objects have no row.
    /// The bytes of sessions that were found whole before are not read again; these are added to.
    /// </summary>
    private static async Task<int> CheckAsync(Dictionary<string, string> settings, ConcurrentDictionary<(RequestId Session, int Number), string> acknowledged, HashSet<RequestId> whole)
    {
        await using var app = FrameApp.Build([.. settings.Select(pair => $"--{pair.Key}={pair.Value}"), "--urls=http://127.0.0.1:0", "--Logging:LogLevel:Default=Warning"]);
        await app.Services.GetRequiredService<DatabaseSchema>().MigrateAsync(CancellationToken.None);
        var (store, frames) = (app.Services.GetRequiredService<IObjectStore>(), app.Services.GetRequiredService<FrameTable>());
        var user = UserId.Parse("local");
        var orphans = 0;
        var seen = new HashSet<(RequestId, int)>();
        await foreach (var request in store.ListRequestsAsync(user, CancellationToken.None))
        {
            var objects = request.Objects.Where(entry => entry.Key.Kind == ObjectKind.Frame).Select(entry => entry.Key).ToHashSet();
            var rows = await frames.ListAsync(new SessionKey(user, request.RequestId), CancellationToken.None);
            foreach (var row in rows)
            {
                Assert.Equal(FrameStatus.Stored, row.State);
                Assert.Contains(row.ObjectKey!.Value, objects);
                seen.Add((request.RequestId, row.Number));
                if (whole.Contains(request.RequestId)) continue;
                await using var found = await store.GetAsync(row.ObjectKey.Value, null, CancellationToken.None);
                using var bytes = new MemoryStream();
                await found!.Content.CopyToAsync(bytes);
                Assert.Equal(row.Sha256, Pictures.Sha256(bytes.ToArray()));
                if (acknowledged.TryGetValue((request.RequestId, row.Number), out var told)) Assert.Equal(told, row.Sha256);
            }

            whole.Add(request.RequestId);

            orphans += objects.Except(rows.Select(row => row.ObjectKey!.Value)).Count();
        }

        Assert.DoesNotContain(acknowledged.Keys, key => !seen.Contains((key.Session, key.Number)));
        return orphans;
    }

    private static async Task<string> SweepAsync(ServiceProcess service, params string[] options)
    {
        var (code, said, errors) = await service.CommandAsync(["sweep", .. options]);
        Assert.True(code == 0, $"{code}: {said}{errors}");
        return said;
    }
}
