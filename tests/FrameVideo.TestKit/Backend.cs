using System.Data.Common;
using System.Net;
using Amazon.S3;
using FrameVideo.TestKit.Servers;
using Microsoft.Data.Sqlite;
using Npgsql;

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

    /// <summary>Drops the rows of both services, which are down.</summary>
    internal async Task LoseRowsAsync(string data)
    {
        if (_database is null)
        {
            foreach (var file in Directory.GetFiles(data, "*.db*")) File.Delete(file);
            return;
        }

        await using var connection = new NpgsqlConnection(_database.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("DROP SCHEMA frames CASCADE; DROP SCHEMA videos CASCADE", connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Both services' rows.</summary>
    internal RowReader Rows(string data) => _database is { } database
        ? new RowReader(NpgsqlDataSource.Create($"{database.ConnectionString};Search Path=frames"), NpgsqlDataSource.Create($"{database.ConnectionString};Search Path=videos"))
        : new RowReader(Sqlite(data, "frames"), Sqlite(data, "videos"));

    private static DbDataSource Sqlite(string data, string name) =>
        SqliteFactory.Instance.CreateDataSource($"Data Source={Path.Combine(data, $"{name}.db")};Mode=ReadOnly;Pooling=False");

    /// <summary>An object's text, past the services; null where there is none.</summary>
    internal async Task<string?> ReadAsync(string folder, string key)
    {
        if (_bucket is null) return File.Exists(Path.Combine(folder, key)) ? await File.ReadAllTextAsync(Path.Combine(folder, key)) : null;
        using var s3 = _bucket.NewClient();
        try
        {
            using var found = await s3.GetObjectAsync(_bucket.Name, key);
            using var reader = new StreamReader(found.ResponseStream);
            return await reader.ReadToEndAsync();
        }
        catch (AmazonS3Exception missing) when (missing.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    internal async Task<int> CountAsync(string folder, string prefix)
    {
        if (_bucket is null) return Directory.Exists(Path.Combine(folder, prefix)) ? Directory.EnumerateFiles(Path.Combine(folder, prefix), "*", SearchOption.AllDirectories).Count() : 0;
        using var s3 = _bucket.NewClient();
        return (await s3.ListObjectsV2Async(new() { BucketName = _bucket.Name, Prefix = prefix })).S3Objects?.Count ?? 0;
    }
}
