using FrameVideo.TestKit;
using Microsoft.Extensions.Configuration;

namespace FrameVideo.Hosting.Tests.Access;

public sealed class ApiKeyRingTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly TestKey _one = TestKey.Of("one", "anna", null, Scopes.FramesRead);
    private readonly TestKey _two = TestKey.Of("two", null, null, Scopes.VideosWrite);

    private string File => _folder.Combine("keys.json");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_file_that_is_appended_to_is_for_its_user_alone_and_keeps_what_it_had()
    {
        ApiKeyFile.Append(File, _one.Entry);
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(File));
        ApiKeyFile.Append(File, _two.Entry);
        var ring = Ring();
        Assert.Equal("anna", ring.Find(_one.Key)!.UserId.ToString());
        Assert.Null(ring.Find(_two.Key)!.UserId);
        Assert.Null(ring.Find(ApiKey.New()));
        Assert.DoesNotContain(_one.Text, System.IO.File.ReadAllText(File), StringComparison.Ordinal);
        Assert.Equal(File, Assert.Single(Directory.GetFiles(_folder.Path)));
    }

    [Fact]
    public void Twenty_commands_at_once_lose_no_key()
    {
        Parallel.For(0, 20, i => ApiKeyFile.Append(File, TestKey.Of($"key-{i}", "anna", null, Scopes.FramesRead).Entry));
        Assert.Equal(20, ApiKeyFile.Read(File).Count);
        Assert.Single(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void A_key_that_is_taken_out_of_a_replaced_file_is_gone()
    {
        ApiKeyFile.Append(File, _one.Entry);
        ApiKeyFile.Append(File, _two.Entry);
        var ring = Ring();
        Assert.False(ring.Reload(), "nothing has changed");
        System.IO.File.Delete(File);
        ApiKeyFile.Append(File, _two.Entry);
        Assert.True(ring.Reload());
        Assert.Null(ring.Find(_one.Key));
        Assert.NotNull(ring.Find(_two.Key));
    }

    [Fact]
    public void A_mounted_secret_is_followed_when_its_link_leads_elsewhere()
    {
        if (OperatingSystem.IsWindows()) return;
        ApiKeyFile.Append(_folder.Combine("..2026_01", "keys.json"), _one.Entry);
        ApiKeyFile.Append(_folder.Combine("..2026_02", "keys.json"), _two.Entry);
        Directory.CreateSymbolicLink(_folder.Combine("..data"), "..2026_01");
        System.IO.File.CreateSymbolicLink(File, Path.Combine("..data", "keys.json"));
        var ring = Ring();
        Assert.NotNull(ring.Find(_one.Key));
        Directory.CreateSymbolicLink(_folder.Combine("..new"), "..2026_02");
        Directory.Delete(_folder.Combine("..data"));
        Directory.Move(_folder.Combine("..new"), _folder.Combine("..data"));
        Assert.True(ring.Reload());
        Assert.Equal((true, false), (ring.Find(_one.Key) is null, ring.Find(_two.Key) is null));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"apiKeys\": [")]
    [InlineData("{\"apiKeys\": [null]}")]
    [InlineData("{\"keys\": []}")]
    [InlineData("[]")]
    [InlineData("""{"apiKeys": [{"id": "x", "hash": "sha256:beef", "userId": "anna", "scopes": ["admin"]}]}""")]
    [InlineData("""{"apiKeys": [{"id": "x", "hash": "HASH", "userId": "anna", "scopes": []}]}""")]
    [InlineData("""{"apiKeys": [{"id": "x", "hash": "HASH", "userId": "anna", "scopes": ["frames:raed"]}]}""")]
    [InlineData("""{"apiKeys": [{"id": "x", "hash": "HASH", "userId": "anna", "scopes": ["frames:read"], "expires": "2020-01-01"}]}""")]
    [InlineData("""{"apiKeys": [{"id": "x", "hash": "HASH", "scopes": ["frames:read"]}]}""")]
    [InlineData("""{"apiKeys": [{"id": "x", "hash": "HASH", "userId": "anna", "scopes": ["users:act-as"]}]}""")]
    [InlineData("""{"apiKeys": [{"id": "x", "hash": "HASH", "userId": "a", "scopes": ["admin"]}, {"id": "y", "hash": "HASH", "userId": "a", "scopes": ["admin"]}]}""")]
    public void A_broken_file_refuses_the_start_and_under_way_keeps_the_last_good_keys(string broken)
    {
        broken = broken.Replace("HASH", _two.Key.Hash, StringComparison.Ordinal);
        ApiKeyFile.Append(File, _one.Entry);
        var ring = Ring();
        System.IO.File.WriteAllText(File, broken);
        Assert.Throws<InvalidDataException>(Ring);
        Assert.False(ring.Reload());
        Assert.NotNull(ring.Trouble);
        Assert.NotNull(ring.Find(_one.Key));
        System.IO.File.Delete(File);
        Assert.False(ring.Reload());
        Assert.Contains("cannot be read", ring.Trouble, StringComparison.Ordinal);
        ApiKeyFile.Append(File, _two.Entry);
        Assert.True(ring.Reload());
        Assert.Null(ring.Trouble);
        Assert.Null(ring.Find(_one.Key));
    }

    [Fact]
    public void Keys_may_stand_in_configuration_itself_as_environment_variables_do()
    {
        var end = new DateTimeOffset(2027, 1, 2, 3, 4, 5, TimeSpan.Zero);
        var ring = new ApiKeyRing(Configuration(
            ("Auth:ApiKeys:0:Id", "env"), ("Auth:ApiKeys:0:Hash", _one.Key.Hash), ("Auth:ApiKeys:0:UserId", "anna"), ("Auth:ApiKeys:0:Scopes:0", Scopes.FramesRead), ("Auth:ApiKeys:0:ExpiresAt", "2027-01-02T03:04:05Z")));
        Assert.Equal(end, ring.Find(_one.Key)!.ExpiresAt);
    }

    [Theory]
    [InlineData("Auth:ApiKeyFile", "keys.json")]
    [InlineData("Auth:ReloadPeriod", "00:00:00")]
    [InlineData("Auth:ReloadPeriod", "soon")]
    public void A_setting_that_there_is_not_and_a_value_out_of_range_are_refused(string key, string value) =>
        Assert.Throws<InvalidDataException>(() => AuthOptions.Read(Configuration((key, value))));

    [Theory]
    [InlineData("frames:read", true, false)]
    [InlineData("admin", true, false)]
    [InlineData("users:act-as", false, true)]
    public void Admin_reads_and_writes_but_acts_for_nobody(string scope, bool reads, bool acts)
    {
        var grant = new ApiKeyGrant("x", null, new HashSet<string>(StringComparer.Ordinal) { scope }, null);
        Assert.Equal((reads, acts), (grant.Allows(Scopes.FramesRead), grant.Allows(Scopes.ActAs)));
    }

    private static IConfigurationRoot Configuration(params (string Key, string Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(pair => KeyValuePair.Create(pair.Key, (string?)pair.Value))).Build();

    private ApiKeyRing Ring() => new(Configuration(("Auth:ApiKeysFile", File)));
}
