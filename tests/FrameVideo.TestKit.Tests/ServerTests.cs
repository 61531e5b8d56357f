using System.Diagnostics;
using System.Net.NetworkInformation;
using Amazon.S3;
using Amazon.S3.Model;
using FrameVideo.TestKit.Servers;
using Npgsql;

namespace FrameVideo.TestKit.Tests;

public sealed class ServerTests
{
    [ServerFact]
    [Needs(TestServers.Postgres)]
    public async Task Each_database_is_empty_and_apart_and_goes_while_somebody_is_connected()
    {
        await using var one = await PostgresServer.NewDatabaseAsync();
        string name;
        await using (var other = await PostgresServer.NewDatabaseAsync())
        {
            name = other.Name;
            var connected = new NpgsqlConnection(other.ConnectionString);
            await connected.OpenAsync();
            await ScalarAsync(other, "CREATE TABLE seen (id int)");
            Assert.Equal(0L, await ScalarAsync(one, "SELECT count(*) FROM pg_tables WHERE tablename = 'seen'"));
        }

        Assert.Equal(0L, await ScalarAsync(one, $"SELECT count(*) FROM pg_database WHERE datname = '{name}'"));
    }

    [ServerFact]
    [Needs(TestServers.Postgres)]
    public async Task What_was_committed_survives_an_immediate_restart_on_the_same_port()
    {
        await using var server = await OwnPostgres.StartAsync(fsync: true);
        await using var database = await server.NewDatabaseAsync();
        await ScalarAsync(database, "CREATE TABLE kept AS SELECT 42 AS answer");
        var port = server.Port;
        await server.RestartAsync(immediate: true);
        NpgsqlConnection.ClearAllPools();
        Assert.Equal((port, 42), (server.Port, await ScalarAsync(database, "SELECT answer FROM kept")));
        await server.StopAsync(immediate: false);
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => ScalarAsync(database, "SELECT 1"));
        await server.StartAgainAsync();
    }

    [ServerFact]
    [Needs(TestServers.S3)]
    public async Task A_bucket_is_emptied_and_removed_at_its_end()
    {
        var bucket = await S3Server.NewBucketAsync();
        using var s3 = bucket.NewClient();
        for (var i = 0; i < 3; i++) await s3.PutObjectAsync(new PutObjectRequest { BucketName = bucket.Name, Key = $"{i}", ContentBody = "x" });
        await s3.InitiateMultipartUploadAsync(bucket.Name, "begun");
        await bucket.DisposeAsync();
        Assert.Equal("NoSuchBucket", (await Assert.ThrowsAsync<AmazonS3Exception>(() => s3.GetObjectAsync(bucket.Name, "1"))).ErrorCode);
    }

    [ServerFact]
    [Needs(TestServers.S3)]
    public async Task A_server_of_ones_own_stops_and_goes_on_with_what_it_had()
    {
        await using var server = await OwnS3.StartAsync();
        await using var bucket = await server.NewBucketAsync();
        using var s3 = bucket.NewClient();
        await s3.PutObjectAsync(new PutObjectRequest { BucketName = bucket.Name, Key = "a", ContentBody = "kept" });
        await server.StopAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => s3.GetObjectAsync(bucket.Name, "a"));
        await server.StartAgainAsync();
        using var got = await s3.GetObjectAsync(bucket.Name, "a");
        Assert.Equal("kept", await new StreamReader(got.ResponseStream).ReadToEndAsync());
    }

    [ServerFact]
    [Needs(TestServers.Postgres | TestServers.S3)]
    public async Task Nothing_is_left_of_a_process_that_was_killed()
    {
        using var child = Child.Start();
        var ports = (await child.StandardOutput.ReadLineAsync())!.Split(' ').Select(int.Parse).ToList();
        var folders = await FoldersOfAsync(child.Id);
        Assert.All(ports, port => Assert.True(Listens(port)));
        Assert.Equal(2, folders.Count);
        child.Kill();
        await Wait.UntilAsync(() => Task.FromResult(!ports.Exists(Listens) && !folders.Exists(Directory.Exists)), "its servers and their folders to go");
    }

    private static bool Listens(int port) => IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Any(end => end.Port == port);

    /// <summary>The temporary folders that the shells of a process guard: the last word of their command lines.</summary>
    private static async Task<List<string>> FoldersOfAsync(int parent)
    {
        using var ps = Process.Start(new ProcessStartInfo("ps", ["-o", "args=", "--ppid", $"{parent}"]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        return [.. (await ps.StandardOutput.ReadToEndAsync()).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Where(word => Directory.Exists(word) && Path.GetFileName(word).StartsWith("fv-", StringComparison.Ordinal))];
    }

    private static async Task<object?> ScalarAsync(TestDatabase database, string statement)
    {
        await using var connection = new NpgsqlConnection(database.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(statement, connection);
        return await command.ExecuteScalarAsync();
    }
}
