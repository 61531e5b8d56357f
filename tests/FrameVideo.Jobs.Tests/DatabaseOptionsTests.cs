using Microsoft.Extensions.Configuration;

namespace FrameVideo.Jobs.Tests;

public sealed class DatabaseOptionsTests
{
    [Fact]
    public void Without_a_word_it_is_SQLite()
    {
        var options = Read();
        Assert.Equal((DatabaseOptions.Sqlite, "frames", true), (options.Kind, options.Schema, options.MigrateAtStart));
    }

    [Theory]
    [InlineData("allowed: sqlite, postgres", "Kind=mysql")]
    [InlineData("ConnectionString is needed", "Kind=postgres")]
    [InlineData("ConnectionString cannot be read", "Kind=postgres", "ConnectionString=nonsense")]
    [InlineData("Schema is", "Kind=postgres", "ConnectionString=Host=h", "Schema=a;b")]
    [InlineData("MaxPoolSize", "Kind=postgres", "ConnectionString=Host=h", "MaxPoolSize=0")]
    [InlineData("StatementTimeout", "Kind=postgres", "ConnectionString=Host=h", "StatementTimeout=00:00:00")]
    public void What_is_not_allowed_is_said_at_start(string part, params string[] settings) =>
        Assert.Contains(part, Assert.Throws<InvalidOperationException>(() => Read(settings)).Message, StringComparison.Ordinal);

    [Fact]
    public void The_server_is_told_whose_schema_it_is_and_how_long_anything_may_take()
    {
        var text = Read("Kind=postgres", "ConnectionString=Host=h;Password=p", "StatementTimeout=00:00:04").ForService();
        Assert.Equal(("frames", 20, 6, "framevideo-frames"), (text.SearchPath, text.MaxPoolSize, text.CommandTimeout, text.ApplicationName));
        Assert.Contains("statement_timeout=4000", text.Options, StringComparison.Ordinal);
        Assert.Contains("lock_timeout=2000", text.Options, StringComparison.Ordinal);
        Assert.Contains("idle_in_transaction_session_timeout=12000", text.Options, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Host=h", 100, true)]
    [InlineData("Host=h;Max Auto Prepare=0;No Reset On Close=false", 0, false)]
    [InlineData("Host=h;MaxAutoPrepare=7", 7, true)]
    public void Statements_are_prepared_unless_the_connection_string_says_otherwise(string text, int prepared, bool keeps)
    {
        var server = Read("Kind=postgres", $"ConnectionString={text}").ForService();
        Assert.Equal((prepared, keeps), (server.MaxAutoPrepare, server.NoResetOnClose));
    }

    private static DatabaseOptions Read(params string[] settings) => DatabaseOptions.Read(
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => setting.Split('=', 2)).ToDictionary(pair => "Database:" + pair[0], string? (pair) => pair[1])).Build(), "frames");
}
