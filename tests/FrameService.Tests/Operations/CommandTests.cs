using System.Text.Json;
using FrameVideo.Contracts;
using FrameVideo.TestKit;

namespace FrameService.Tests.Operations;

/// <summary>What operators type, and what they are told.</summary>
public sealed class CommandTests : IDisposable
{
    private readonly TempFolder _data = new();

    public void Dispose() => _data.Dispose();

    [Theory]
    [InlineData("There is no command", "serve")]
    [InlineData("Say --user <id> or --all.", "recover")]
    [InlineData("Say --user <id> or --all.", "recover", "--all", "--user", "a")]
    [InlineData("--dryrun is no option of recover.", "recover", "--all", "--dryrun")]
    [InlineData("--usr=a is no option of recover.", "recover", "--all", "--usr=a")]
    [InlineData("is no user ID", "recover", "--user", "..")]
    [InlineData("is no time", "sweep", "--older-than", "24")]
    public async Task Bad_usage_is_told_in_a_sentence(string told, params string[] arguments)
    {
        var (code, said, errors) = await Command.RunAsync(_data, arguments);
        Assert.Equal(2, code);
        Assert.Empty(said);
        Assert.Contains(told, errors, StringComparison.Ordinal);
        Assert.Contains("--help", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_lists_the_commands()
    {
        var (code, said, _) = await Command.RunAsync(_data, "--help");
        Assert.Equal(0, code);
        Assert.All(["migrate", "check-config", "recover", "adopt", "sweep"], command => Assert.Contains($"  {command} ", said, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Migrate_says_which_scripts_ran_and_two_at_once_are_fine()
    {
        var both = await Task.WhenAll(Command.RunAsync(_data, "migrate"), Command.RunAsync(_data, "migrate"));
        Assert.All(both, run => Assert.True(run.Code == 0, run.Errors));
        Assert.Single(both, run => run.Said.StartsWith("applied 0001_sessions.sql", StringComparison.Ordinal));
        Assert.Equal("up to date", (await Command.RunAsync(_data, "migrate")).Said.Trim());
    }

    [Fact]
    public async Task Every_mistake_in_the_configuration_is_told_at_once()
    {
        var (code, said, _) = await Command.RunAsync(
            _data, "check-config", "--Storage:Buckt=mine", "--Storage:SweepPeriod=99.00:00:00", "--Storage:Upload:MaxAttempts=99", "--Frames:MaxParkedBytes=1000", "--PublicUrl=video.example.org",
            "--urls=http://0.0.0.0:80", "--Database:MigrateAtStart=false", "--Cors:Origins:0=https://app.example.org/");
        Assert.Equal(1, code);
        Assert.Contains("warning unknown key:       Storage:Buckt is read by nobody; is Storage:Bucket meant?", said, StringComparison.Ordinal);
        Assert.All(["SweepPeriod", "MaxAttempts", "MaxParkedBytes is 0 MiB", "it has to be absolute", "listens on loopback alone", "run `migrate`", "Browsers call that origin https://app.example.org,"], part => Assert.Contains(part, said, StringComparison.Ordinal));
        Assert.False(Directory.Exists(_data.Combine("objects", "framevideo~check-config")));
    }

    [Fact]
    public async Task Right_configuration_passes_while_the_service_runs_and_leaves_nothing_behind()
    {
        await using var app = await RunningApp.StartAsync(args => FrameApp.Build(args), _data);
        await app.Client().PutPictureAsync(RequestId.New(TimeProvider.System), 1, Pictures.Png()).ReadAsync<Frame>();
        var objects = Directory.GetFiles(_data.Combine("objects"), "*.png", SearchOption.AllDirectories).Length;
        var (code, said, _) = await Command.RunAsync(_data, "check-config", $"--PublicUrl={app.Address}", "--json");
        var report = JsonSerializer.Deserialize<JsonElement>(said);
        Assert.True(code == 0, said);
        var findings = report.GetProperty("findings").EnumerateArray().ToDictionary(finding => finding.GetProperty("subject").GetString()!, finding => finding.GetProperty("result").GetString());
        Assert.All(["database", "schema", "link key", "object store", "link", "clock", "store rights", "public URL", "pages", "limits"], subject => Assert.Equal("ok", findings[subject]));
        Assert.Equal(objects, Directory.GetFiles(_data.Combine("objects"), "*.png", SearchOption.AllDirectories).Length);
        Assert.DoesNotContain(Convert.ToHexStringLower(await File.ReadAllBytesAsync(_data.Combine("link.key"))), said, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_link_key_that_others_can_read_is_a_failure()
    {
        await File.WriteAllBytesAsync(_data.Combine("link.key"), new byte[32]);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(_data.Combine("link.key"), UnixFileMode.UserRead | UnixFileMode.GroupRead);
        var (code, said, _) = await Command.RunAsync(_data, "check-config");
        Assert.Equal(1, code);
        Assert.Contains("FAILED  link key:", said, StringComparison.Ordinal);
        Assert.Contains("chmod 600", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_command_listens_nowhere_so_the_services_address_is_no_reason_to_refuse_it()
    {
        var (code, _, errors) = await Command.RunAsync(_data, "recover", "--all", "--urls=http://0.0.0.0:80");
        Assert.True(code == 0, errors);
    }

    [Fact]
    public async Task What_cannot_be_done_is_one_sentence_without_a_trace()
    {
        var (code, _, errors) = await Command.RunAsync(_data, "recover", "--all", "--Database:MigrateAtStart=false");
        Assert.Equal(1, code);
        Assert.Matches("^recover: the database's schema is [0-9]+ scripts behind; run `migrate` first.$", errors.Trim());
    }
}
