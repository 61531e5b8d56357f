using FrameService.Operations;
using FrameVideo.TestKit;
using VideoService.Operations;

namespace FrameVideo.Hosting.Tests.Access;

/// <summary>The operators' command <c>keys new</c>.</summary>
public sealed class NewKeyCommandTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_key_goes_to_standard_output_alone_and_its_hash_to_the_file()
    {
        var file = _folder.Combine("keys.json");
        var (code, key, said) = await RunAsync(VideoProgram.Create(), "keys", "new", "--user", "anna", "--scope", "frames:read,videos:read", "--expires", "90d", "--name", "for the shop", "--append", file);
        Assert.Equal(0, code);
        Assert.True(ApiKey.TryParse(key.Trim(), out var parsed));
        var entry = Assert.Single(ApiKeyFile.Read(file));
        Assert.Equal((parsed.Hash, "anna", "for the shop"), (entry.Hash, entry.UserId, entry.Name));
        Assert.InRange(entry.ExpiresAt!.Value - DateTimeOffset.UtcNow, TimeSpan.FromDays(89), TimeSpan.FromDays(90));
        Assert.DoesNotContain(key.Trim(), said + await File.ReadAllTextAsync(file), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, "keys", "new", "--user", "anna")]
    [InlineData(2, "keys", "new", "--scope", "admin")]
    [InlineData(2, "keys", "new", "--user", "anna", "--act-as", "--scope", "admin")]
    [InlineData(2, "keys", "new", "--user", "no such user", "--scope", "admin")]
    [InlineData(1, "keys", "new", "--user", "anna", "--scope", "everything")]
    [InlineData(1, "keys", "new", "--user", "anna", "--scope", "admin", "--expires", "2020-01-01")]
    [InlineData(1, "keys", "new", "--user", "anna", "--scope", "admin", "--expires", "soon")]
    public async Task What_makes_no_sense_makes_no_key(int code, params string[] args)
    {
        var (ended, key, said) = await RunAsync(FrameProgram.Create(), args);
        Assert.Equal((code, ""), (ended, key));
        Assert.NotEmpty(said);
    }

    private static async Task<(int Code, string Output, string Errors)> RunAsync(ServiceProgram program, params string[] args)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        return (await program.RunAsync(args, output, errors), output.ToString(), errors.ToString());
    }
}
