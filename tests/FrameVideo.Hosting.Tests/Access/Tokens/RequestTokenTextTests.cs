using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using FrameVideo.Contracts;
using FrameVideo.Storage;
using FrameVideo.TestKit;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace FrameVideo.Hosting.Tests.Access.Tokens;

/// <summary>The text of a request's token, bent in every way.</summary>
public sealed class RequestTokenTextTests : IDisposable
{
    private static readonly UserId Anna = UserId.Parse("auth0|anna@example.org");
    private static readonly RequestId One = RequestId.Parse("req_1700000000000_ab12cd34e");
    private static readonly HashSet<string> Reads = [Scopes.FramesRead, Scopes.VideosRead];
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.FromUnixTimeSeconds(1_800_000_000));
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_token_says_what_it_was_made_for()
    {
        var token = Tokens().Sign(Anna, One, Reads, Later());
        Assert.StartsWith("fvt_1800003600.fv.req_1700000000000_ab12cd34e.", token, StringComparison.Ordinal);
        var grant = Tokens().Read(token);
        Assert.Equal((Anna, One, Later()), (grant.UserId!.Value, grant.Only!.Value, grant.ExpiresAt!.Value));
        Assert.Equal(Reads.Order(), grant.Scopes.Order());
    }

    [Fact]
    public void A_token_holds_until_its_second_and_not_in_it()
    {
        var token = Tokens().Sign(Anna, One, Reads, Later());
        _clock.SetUtcNow(Later().AddMilliseconds(-1));
        Tokens().Read(token);
        _clock.SetUtcNow(Later());
        Refused(token, "expired");
    }

    [Fact]
    public void A_token_with_any_character_changed_added_or_taken_is_refused()
    {
        var token = Tokens().Sign(Anna, One, Reads, Later());
        const string Characters = "AZazQg0459fFvV-_.=+/ \n\0\u00e9";
        // Where it does not begin as one it is read as something else.
        for (var i = RequestTokens.Prefix.Length; i <= token.Length; i++)
        {
            foreach (var c in Characters)
            {
                Refused(token.Insert(i, c.ToString()));
                if (i < token.Length && token[i] != c) Refused(token[..i] + c + token[(i + 1)..]);
            }

            if (i < token.Length) Refused(token.Remove(i, 1));
            Refused(token[..i] == token ? token + token : token[..i]);
        }

        Tokens().Read(token);
    }

    [Fact]
    public void A_token_with_a_part_of_another_one_is_refused()
    {
        var mine = Tokens().Sign(Anna, One, Reads, Later()).Split('.');
        var hers = Tokens().Sign(UserId.Parse("berta"), RequestId.Parse("req_1_b"), new HashSet<string> { Scopes.FramesWrite }, Later().AddHours(1)).Split('.');
        for (var mix = 1; mix < 31; mix++) Refused(string.Join('.', mine.Select((part, i) => (mix >> i & 1) == 0 ? part : hers[i])));
        Refused(string.Join('.', mine[..4]));
        Refused(string.Join('.', mine.Reverse()));
    }

    [Fact]
    public void What_the_link_key_itself_has_signed_is_no_token()
    {
        var head = string.Join('.', Tokens().Sign(Anna, One, Reads, Later()).Split('.')[..4]);
        var key = File.ReadAllBytes(_folder.Combine("link.key"));
        foreach (var text in new[] { head, $"FrameVideo link\n{head}\n", $"FrameVideo request token v1{head}" }) Refused($"{head}.{Base64Url.EncodeToString(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text)))}");
        Refused($"{head}.{Base64Url.EncodeToString(HMACSHA256.HashData(Array.Empty<byte>(), Encoding.UTF8.GetBytes(head)))}");
    }

    [Fact]
    public void A_token_of_another_key_is_refused()
    {
        using var other = new TempFolder();
        Refused(Tokens(other).Sign(Anna, One, Reads, Later()));
    }

    [Theory]
    [InlineData("fvt_")]
    [InlineData("fvt_....")]
    [InlineData("fvt_1.f.req_1_a.YQ.")]
    [InlineData("fvt_\ud800.\udfff")]
    public void Hostile_text_is_refused_without_an_error(string text)
    {
        Refused(text);
        Refused(text + new string('a', 100_000));
    }

    private void Refused(string token, string word = "token")
    {
        var refusal = Assert.Throws<ProblemException>(() => Tokens().Read(token));
        Assert.Equal(ErrorCodes.InvalidAccessToken, refusal.Code);
        Assert.Contains(word, refusal.Message, StringComparison.Ordinal);
    }

    private RequestTokens Tokens(TempFolder? folder = null) => new(new LinkTokens(Options.Create(new LinkTokenOptions { KeyFile = (folder ?? _folder).Combine("link.key") }), _clock), _clock);

    private DateTimeOffset Later() => DateTimeOffset.FromUnixTimeSeconds(1_800_003_600);
}
