using FrameVideo.TestKit.Servers;

namespace FrameVideo.TestKit;

/// <summary>What services keep their rows and objects in.</summary>
public sealed class Backend : IAsyncDisposable
{
    private readonly TestDatabase? _database;
    private readonly TestBucket? _bucket;

    private Backend(TestDatabase? database, TestBucket? bucket) => (_database, _bucket) = (database, bucket);

    /// <summary>The services' configuration for it, as <c>Section:Key</c>.</summary>
    public IReadOnlyDictionary<string, string> Settings => _database is null || _bucket is null
        ? new Dictionary<string, string>()
        : new Dictionary<string, string>(_bucket.Settings, StringComparer.Ordinal) { ["Database:Kind"] = "postgres", ["Database:ConnectionString"] = _database.ConnectionString };

    /// <summary>SQLite and a folder, in the data folder.</summary>
    public static Backend Embedded() => new(null, null);

    /// <summary>PostgreSQL and S3: a database and a bucket of the test kit's servers, or those given, which it then owns.</summary>
    public static async Task<Backend> ServersAsync(TestDatabase? database = null, TestBucket? bucket = null) =>
        new(database ?? await PostgresServer.NewDatabaseAsync(), bucket ?? await S3Server.NewBucketAsync());

    public async ValueTask DisposeAsync()
    {
        if (_database is not null) await _database.DisposeAsync();
        if (_bucket is not null) await _bucket.DisposeAsync();
    }

    internal async Task<int> CountAsync(string folder, string prefix)
    {
        if (_bucket is null) return Directory.Exists(Path.Combine(folder, prefix)) ? Directory.EnumerateFiles(Path.Combine(folder, prefix), "*", SearchOption.AllDirectories).Count() : 0;
        using var s3 = _bucket.NewClient();
        return (await s3.ListObjectsV2Async(new() { BucketName = _bucket.Name, Prefix = prefix })).S3Objects?.Count ?? 0;
    }
}
