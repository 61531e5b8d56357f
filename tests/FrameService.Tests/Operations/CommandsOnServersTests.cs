using Amazon.S3.Model;
using FrameVideo.Contracts;
using FrameVideo.TestKit;
using FrameVideo.TestKit.Servers;
using Npgsql;

namespace FrameService.Tests.Operations;

/// <summary>The commands against PostgreSQL and S3.</summary>
[Needs(TestServers.Postgres | TestServers.S3)]
public sealed class CommandsOnServersTests(TempFolder data) : IAsyncLifetime, IClassFixture<TempFolder>
{
    private TestDatabase database = null!;
    private TestBucket _bucket = null!;
    private Backend _backend = null!;

    public async Task InitializeAsync()
    {
        (database, _bucket) = (await PostgresServer.NewDatabaseAsync(), await S3Server.NewBucketAsync());
        _backend = await Backend.ServersAsync(database, _bucket);
    }

    public async Task DisposeAsync() => await _backend.DisposeAsync();

    [ServerFact]
    public async Task Migrate_and_check_config_pass_and_leave_nothing_in_the_bucket()
    {
        var both = await Task.WhenAll(RunAsync("migrate"), RunAsync("migrate"));
        Assert.All(both, run => Assert.True(run.Code == 0, run.Errors));
        Assert.Single(both, run => run.Said.StartsWith("applied 0001_sessions.sql", StringComparison.Ordinal));
        var (code, said, _) = await RunAsync("check-config", "--PublicUrl=https://films.example.org");
        Assert.True(code == 0, said);
        Assert.All(["postgres", "s3", "put, put twice, get, list, delete"], part => Assert.Contains(part, said, StringComparison.Ordinal));
        using var s3 = _bucket.NewClient();
        Assert.Empty((await s3.ListObjectsV2Async(new() { BucketName = _bucket.Name })).S3Objects ?? []);
    }

    [ServerFact]
    public async Task Check_config_names_the_bucket_that_is_missing_and_the_login_that_is_wrong_and_shows_no_password()
    {
        var wrong = new NpgsqlConnectionStringBuilder(database.ConnectionString) { Password = "guessed-secret" }.ConnectionString;
        var (code, said, errors) = await RunAsync("check-config", "--Storage:Bucket=no-such-bucket", $"--Database:ConnectionString={wrong}");
        Assert.Equal(1, code);
        Assert.Contains("There is no bucket \"no-such-bucket\"", said, StringComparison.Ordinal);
        Assert.Contains("PostgreSQL refuses the user or the password", said, StringComparison.Ordinal);
        Assert.DoesNotContain("guessed-secret", said + errors, StringComparison.Ordinal);
    }

    [ServerFact]
    public async Task Adopt_copies_within_the_bucket_and_doubles_nothing()
    {
        byte[] one = Pictures.Png(colour: 0xff111111), two = Pictures.Png(colour: 0xff222222);
        using var s3 = _bucket.NewClient();
        foreach (var (name, bytes) in new[] { ("generated_frame_1_1700000000500.png", one), ("frame_2_1700000000600.png", two) })
        {
            using var content = new MemoryStream(bytes);
            await s3.PutObjectAsync(new PutObjectRequest { BucketName = _bucket.Name, Key = $"ann/session_1700000000000_abc/reference-frames/{name}", InputStream = content });
        }

        Assert.Equal(0, (await RunAsync("migrate")).Code);
        Assert.Contains("1 sessions adopted, 0 already adopted, 2 pictures copied", (await RunAsync("adopt", "--all")).Said, StringComparison.Ordinal);
        Assert.Contains("0 sessions adopted, 1 already adopted, 0 pictures copied", (await RunAsync("adopt", "--all")).Said, StringComparison.Ordinal);
        await using var app = await RunningApp.StartAsync(args => FrameApp.Build(args), data, [.. _backend.Settings.Select(pair => $"{pair.Key}={pair.Value}")]);
        using var http = app.Client("ann");
        var adopted = await http.GetAsync<Session>("/v1/sessions/req_1700000000000_abc");
        Assert.Equal([Pictures.Sha256(one), Pictures.Sha256(two)], adopted.Frames!.Select(frame => frame.Sha256));
        foreach (var frame in adopted.Frames!) Assert.Equal(frame.Sha256, Pictures.Sha256(await http.GetByteArrayAsync(frame.ImageUrl)));
    }

    private Task<(int Code, string Said, string Errors)> RunAsync(params string[] arguments) =>
        // Later words win, so a test can say otherwise.
        Command.RunAsync(data, [arguments[0], .. _backend.Settings.Select(pair => $"--{pair.Key}={pair.Value}"), .. arguments[1..]]);
}
