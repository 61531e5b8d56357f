using FrameVideo.Hosting;
using FrameVideo.TestKit;
using FrameVideo.TestKit.Servers;
using Npgsql;

namespace FrameVideo.Api.Tests.Reads;

/// <summary>FrameService, and VideoService where it is asked for, as processes with a key, on a database with so many sessions.</summary>
internal sealed class ReadingSide : IAsyncDisposable
{
    private readonly TempFolder _data = new();
    private readonly string _connectionString;
    private readonly ServiceProcess? _videos;
    private IReadOnlyList<SampledRow> _sample = [];

    private ReadingSide(TestDatabase database, bool withVideos)
    {
        _connectionString = database.ConnectionString;
        var key = ApiKey.New();
        Key = key.Text;
        ApiKeyFile.Append(_data.Combine("keys.json"), new ApiKeyEntry { Id = "reader", Hash = key.Hash, Scopes = [Scopes.FramesRead, Scopes.VideosRead, Scopes.ActAs] });
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Data__Folder"] = _data.Combine("data"),
            ["Database__Kind"] = "postgres",
            ["Database__ConnectionString"] = database.ConnectionString,
            ["Auth__ApiKeysFile"] = _data.Combine("keys.json"),
            // Counted as ever, and never reached.
            ["RateLimits__Reads"] = "10000000",
            ["DOTNET_TieredPGO"] = "1",
        };
        Frames = new ServiceProcess("FrameService", _data.Combine("frames.log"), environment);
        environment["FrameService__Url"] = Frames.Address;
        _videos = withVideos ? new ServiceProcess("VideoService", _data.Combine("videos.log"), environment) : null;
    }

    public ServiceProcess Frames { get; }

    /// <summary>A key that acts for users.</summary>
    public string Key { get; }

    public static async Task<ReadingSide> StartAsync(TestDatabase database, int sessions, bool withVideos)
    {
        var side = new ReadingSide(database, withVideos);
        // VideoService has to have been there, since its schema is its own.
        var videos = side._videos ?? new ServiceProcess("VideoService", side._data.Combine("migration.log"), new Dictionary<string, string> { ["Data__Folder"] = side._data.Combine("data"), ["Database__Kind"] = "postgres", ["Database__ConnectionString"] = database.ConnectionString });
        await Task.WhenAll(side.Frames.StartAsync(), videos.StartAsync());
        if (side._videos is null) await videos.DisposeAsync();
        await ReadRows.FillAsync(database.ConnectionString, sessions);
        side._sample = await ReadRows.SampleAsync(database.ConnectionString, 1000);
        return side;
    }

    public string AddressOf(bool isVideos) => isVideos ? _videos!.Address : Frames.Address;

    /// <summary>A file of requests, one for each session of a sample.</summary>
    public string Requests(string what, Func<SampledRow, string> path)
    {
        var file = _data.Combine($"{what}.requests");
        File.WriteAllLines(file, _sample.Select(row => $"{row.User}\t{path(row)}"));
        return file;
    }

    /// <summary>How PostgreSQL finds what the services ask for, with what that cost.</summary>
    public async Task<IReadOnlyList<string>> PlansAsync()
    {
        var row = _sample.First(row => row.User == ReadRows.Busy);
        await using var connection = new NpgsqlConnection(_connectionString);
        await connection.OpenAsync();
        var plans = new List<string>();
        foreach (var (schema, statement) in Statements())
        {
            await using var command = new NpgsqlCommand($"SET search_path TO {schema}; EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) {statement}", connection);
            foreach (var (name, value) in new (string, object)[] { ("user", row.User), ("session", row.Session), ("film", row.Film), ("at", row.CreatedAt) })
            {
                if (statement.Contains($"@{name}", StringComparison.Ordinal)) command.Parameters.AddWithValue(name, value);
            }

            var lines = new List<string> { statement };
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync()) lines.Add("    " + reader.GetString(0));
            plans.Add(string.Join('\n', lines));
        }

        return plans;
    }

    public async ValueTask DisposeAsync()
    {
        if (_videos is not null) await _videos.DisposeAsync();
        await Frames.DisposeAsync();
        _data.Dispose();
    }

    /// <summary>What <see cref="PlanTests"/> sees the services send, for a look at figures.</summary>
    private static IEnumerable<(string Schema, string Sql)> Statements() =>
    [
        ("frames", "SELECT * FROM sessions WHERE user_id = @user AND request_id = @session"),
        ("frames", "SELECT * FROM frames WHERE user_id = @user AND request_id = @session ORDER BY number"),
        ("frames", "SELECT * FROM frames WHERE user_id = @user AND request_id = @session AND number = 3"),
        ("frames", "SELECT * FROM sessions WHERE user_id = @user AND deleted_at IS NULL ORDER BY created_at DESC, request_id DESC LIMIT 21"),
        ("frames", "SELECT * FROM sessions WHERE user_id = @user AND deleted_at IS NULL AND (created_at, request_id) < (@at, @session) ORDER BY created_at DESC, request_id DESC LIMIT 21"),
        ("videos", "SELECT * FROM videos WHERE video_id = @film AND user_id = @user AND deleted_at IS NULL"),
        ("videos", "SELECT * FROM video_pieces WHERE video_id IN (@film) ORDER BY video_id, position"),
        ("videos", "SELECT * FROM videos WHERE user_id = @user AND deleted_at IS NULL ORDER BY created_at DESC, video_id DESC LIMIT 21"),
        ("videos", "SELECT * FROM videos WHERE user_id = @user AND deleted_at IS NULL AND (created_at, video_id) < (@at, @film) ORDER BY created_at DESC, video_id DESC LIMIT 21"),
        ("videos", "SELECT * FROM videos WHERE user_id = @user AND deleted_at IS NULL AND request_id = @session ORDER BY created_at DESC, video_id DESC LIMIT 21"),
    ];
}
