using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using CsCheck;
using FrameVideo.Contracts;
using Microsoft.Extensions.Time.Testing;

namespace FrameVideo.Storage.Tests;

public sealed class LinkTokenTests : IDisposable
{
    private static readonly UserId Alice = UserId.Parse("alice@example.com");
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.FromUnixTimeSeconds(1_700_000_000));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_token_tells_its_user_for_its_resource()
    {
        var token = _folder.Tokens(_clock).Sign(Alice, "objects/a", Later());
        Assert.True(_folder.Tokens(_clock).TryVerify(token, "objects/a", out var user));
        Assert.Equal(Alice, user);
        Assert.DoesNotContain(token, c => !char.IsAsciiLetterOrDigit(c) && c is not ('.' or '-' or '_'));
    }

    [Fact]
    public void A_token_ends_to_the_second()
    {
        var tokens = _folder.Tokens(_clock);
        var token = tokens.Sign(Alice, "r", _clock.GetUtcNow().AddSeconds(10));
        _clock.Advance(TimeSpan.FromSeconds(9.999));
        Assert.True(tokens.TryVerify(token, "r", out _));
        _clock.Advance(TimeSpan.FromSeconds(0.001));
        Assert.False(tokens.TryVerify(token, "r", out var user));
        Assert.True(user.IsEmpty);
    }

    [Theory]
    [InlineData("objects/b")]
    [InlineData("objects/a/")]
    [InlineData("objects/A")]
    [InlineData("object")]
    [InlineData("objects/a\n")]
    public void A_token_is_for_its_resource_alone(string other) =>
        Assert.False(_folder.Tokens(_clock).TryVerify(_folder.Tokens(_clock).Sign(Alice, "objects/a", Later()), other, out _));

    [Fact]
    public void A_token_with_any_character_changed_added_or_taken_is_refused()
    {
        var tokens = _folder.Tokens(_clock);
        var token = tokens.Sign(Alice, "r", Later());
        const string Characters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/ \n\0\u00e9";
        for (var i = 0; i <= token.Length; i++)
        {
            foreach (var c in Characters)
            {
                Assert.False(tokens.TryVerify(token.Insert(i, c.ToString()), "r", out _), $"{c} inserted at {i}");
                if (i < token.Length && token[i] != c) Assert.False(tokens.TryVerify(token[..i] + c + token[(i + 1)..], "r", out _), $"{c} at {i}");
            }

            if (i < token.Length) Assert.False(tokens.TryVerify(token.Remove(i, 1), "r", out _), $"without {i}");
        }

        Assert.True(tokens.TryVerify(token, "r", out _));
    }

    [Fact]
    public void A_token_bent_in_any_field_is_refused()
    {
        var tokens = _folder.Tokens(_clock);
        var (mine, hers) = (tokens.Sign(Alice, "r", Later()).Split('.'), tokens.Sign(UserId.Parse("bob"), "r", Later().AddHours(1)).Split('.'));
        for (var field = 1; field < 4; field++)
        {
            var bent = mine.ToArray();
            bent[field] = hers[field];
            Assert.False(tokens.TryVerify(string.Join('.', bent), "r", out _), $"field {field}");
        }

        Assert.False(tokens.TryVerify($"v2.{string.Join('.', mine[1..])}", "r", out _));
        Assert.False(tokens.TryVerify(string.Join('.', mine[..3]), "r", out _));
    }

    [Fact]
    public void A_token_that_is_signed_but_of_another_version_is_refused()
    {
        var token = _folder.Tokens(_clock).Sign(Alice, "r", Later());
        var head = $"v2{token[2..token.LastIndexOf('.')]}";
        var mac = HMACSHA256.HashData(File.ReadAllBytes(_folder.In("link.key")), Encoding.UTF8.GetBytes($"FrameVideo link\n{head}\nr"));
        Assert.False(_folder.Tokens(_clock).TryVerify($"{head}.{Base64Url.EncodeToString(mac)}", "r", out _));
    }

    [Fact]
    public void A_token_of_another_key_is_refused()
    {
        using var other = new TemporaryFolder();
        Assert.False(_folder.Tokens(_clock).TryVerify(other.Tokens(_clock).Sign(Alice, "r", Later()), "r", out _));
    }

    [Fact]
    public void Hostile_text_is_refused_without_an_error()
    {
        var tokens = _folder.Tokens(_clock);
        Gen.OneOf(Gen.String, Gen.String[Gen.Char["v1.0-_aZ="], 0, 600]).Sample(text => !tokens.TryVerify(text, "r", out _), iter: 5000);
        Assert.False(tokens.TryVerify(null, "r", out _));
    }

    [Fact]
    public async Task Processes_that_come_first_together_get_the_same_key()
    {
        var key = _folder.In("keys/link.key");
        var children = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => Child.Run("key", _folder.In($"o{i}"), key)));
        Assert.Single(children.Distinct(StringComparer.Ordinal));
        Assert.StartsWith("v1.", children[0], StringComparison.Ordinal);
        Assert.Equal([key], Directory.GetFiles(_folder.In("keys")));
    }

    [Fact]
    public void Threads_that_come_first_together_get_the_same_key_and_the_file_is_its_users_alone()
    {
        var keys = new string[32];
        Parallel.For(0, keys.Length, new ParallelOptions { MaxDegreeOfParallelism = 32 }, i => keys[i] = Convert.ToHexString(LinkKeyFile.ReadOrCreate(_folder.In("link.key"))));
        Assert.Single(keys.Distinct(StringComparer.Ordinal));
        Assert.Equal(64, keys[0].Length);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_folder.In("link.key")));
    }

    [Fact]
    public void A_key_that_is_too_short_is_refused()
    {
        File.WriteAllBytes(_folder.In("link.key"), new byte[31]);
        Assert.Throws<InvalidDataException>(() => _folder.Tokens().Sign(Alice, "r", Later()));
    }

    [Fact]
    public void A_link_is_given_again_until_half_its_life_is_over()
    {
        using var store = _folder.Store(clock: _clock);
        var key = TemporaryFolder.FrameKey("a:b@c");
        var (links, half) = (new List<Link>(), TimeSpan.FromMinutes(30));
        for (var minute = 0; minute < 120; minute++)
        {
            var link = store.Link(key);
            Assert.InRange(link.ExpiresAt - _clock.GetUtcNow(), half, 2 * half);
            if (links.LastOrDefault() != link) links.Add(link);
            _clock.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.InRange(links.Count, 4, 5);
        Assert.StartsWith("http://127.0.0.1:8080/v1/objects/a%3Ab%40c/req_1_a/reference-frames/frame_01_", links[0].Url, StringComparison.Ordinal);
        var token = links[^1].Url[(links[^1].Url.IndexOf("token=", StringComparison.Ordinal) + 6)..];
        Assert.True(_folder.Tokens(_clock).TryVerify(token, LinkTokens.ResourceOf(key), out var user));
        Assert.Equal(key.UserId, user);
    }

    private DateTimeOffset Later() => _clock.GetUtcNow().AddHours(1);
}
