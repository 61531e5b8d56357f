using FrameVideo.Contracts;
using FrameVideo.TestKit;
using FrameVideo.TestKit.Oidc;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace FrameVideo.Hosting.Tests.Access.Jwt;

/// <summary>An identity provider changes its keys, is away, is slow, or is not what it is said to be.</summary>
public sealed class ProviderTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private OidcServer _server = null!;
    private OidcIssuer _issuer = null!;

    public async Task InitializeAsync()
    {
        _server = await OidcServer.StartAsync();
        _issuer = _server.Open("pool");
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    public static TheoryData<string> Algorithms => ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"];

    [Theory]
    [MemberData(nameof(Algorithms))]
    public async Task Every_algorithm_that_is_asymmetric_counts(string algorithm)
    {
        _issuer.Keys = [algorithm[0] == 'E' ? SigningKey.Curve(algorithm) : SigningKey.Rsa(algorithm)];
        using var issuers = Issuers();
        await HoldsAsync(issuers, Token());
    }

    [Fact]
    public async Task A_key_set_that_says_little_will_do_and_what_is_for_something_else_does_not_count()
    {
        var plain = new[] { SigningKey.Rsa().For(null), SigningKey.Rsa().For("enc"), SigningKey.Rsa(bits: 1024) };
        _issuer.Keys = plain;
        using var issuers = Issuers();
        await HoldsAsync(issuers, Token(plain[0]));
        // Without a kid whichever key fits counts.
        await HoldsAsync(issuers, JwtWriter.Sign("""{"alg":"RS256"}""", System.Text.Json.JsonSerializer.Serialize(Claims()), plain[0]));
        await RefusedAsync(issuers, Token(plain[1]));
        await RefusedAsync(issuers, Token(plain[2]));
    }

    [Fact]
    public async Task A_new_key_counts_at_once_and_one_that_was_taken_out_until_the_next_look()
    {
        using var issuers = Issuers();
        var (former, next) = (_issuer.Keys[0], SigningKey.Rsa());
        await HoldsAsync(issuers, Token());
        _clock.Advance(TimeSpan.FromMinutes(1));
        _issuer.Keys = [next];
        await HoldsAsync(issuers, Token(next));
        await RefusedAsync(issuers, Token(former));
        // By the clock, too, where no token asks for it.
        _issuer.Keys = [former];
        _clock.Advance(TimeSpan.FromMinutes(15));
        await issuers.All.Single().Keys.RefreshAsync();
        await RefusedAsync(issuers, Token(next));
        await HoldsAsync(issuers, Token(former));
    }

    [Fact]
    public async Task A_token_that_held_is_refused_once_its_key_is_out_and_as_soon_as_its_time_is_over()
    {
        using var issuers = Issuers();
        var shown = Token();
        await HoldsAsync(issuers, shown);
        await HoldsAsync(issuers, shown);
        // One character of what was seen to hold.
        await RefusedAsync(issuers, shown[..^1] + (shown[^1] == 'A' ? 'Q' : 'A'));
        _issuer.Keys = [SigningKey.Rsa()];
        _clock.Advance(TimeSpan.FromMinutes(15));
        await HoldsAsync(issuers, shown);
        await issuers.All.Single().Keys.RefreshAsync();
        await RefusedAsync(issuers, shown);
        _issuer.Keys = [SigningKey.Rsa()];
        _clock.Advance(TimeSpan.FromMinutes(15));
        await issuers.All.Single().Keys.RefreshAsync();
        var ending = Token(_issuer.Keys[0]);
        await HoldsAsync(issuers, ending);
        _clock.Advance(TimeSpan.FromHours(2));
        await RefusedAsync(issuers, ending);
    }

    [Fact]
    public async Task A_thousand_tokens_with_keys_that_nobody_has_ask_the_provider_once()
    {
        using var issuers = Issuers();
        await HoldsAsync(issuers, Token());
        _clock.Advance(TimeSpan.FromMinutes(1));
        var before = _issuer.KeySetReads;
        var strangers = Enumerable.Range(0, 1000).Select(i => JwtWriter.Write($$"""{"alg":"RS256","kid":"k{{i}}"}""", System.Text.Json.JsonSerializer.Serialize(Claims()), _ => new byte[256]));
        await Task.WhenAll(strangers.Select(token => RefusedAsync(issuers, token)));
        Assert.Equal(before + 1, _issuer.KeySetReads);
        _clock.Advance(TimeSpan.FromSeconds(6));
        await RefusedAsync(issuers, Token(SigningKey.Rsa()));
        Assert.Equal(before + 2, _issuer.KeySetReads);
    }

    [Fact]
    public async Task While_the_provider_is_down_tokens_of_known_keys_hold_and_of_others_nobody_can_say()
    {
        using var issuers = Issuers();
        await HoldsAsync(issuers, Token());
        _issuer.IsDown = true;
        _clock.Advance(TimeSpan.FromHours(10));
        await issuers.All.Single().Keys.RefreshAsync();
        Assert.Equal("does not answer", issuers.All.Single().Keys.Trouble);
        await HoldsAsync(issuers, Token());
        await UnreachableAsync(issuers, Token(SigningKey.Rsa()));
        _issuer.IsDown = false;
        _clock.Advance(TimeSpan.FromSeconds(6));
        await issuers.All.Single().Keys.RefreshAsync();
        Assert.Null(issuers.All.Single().Keys.Trouble);
    }

    [Fact]
    public async Task A_provider_that_was_never_reached_is_an_outage_and_asked_again_after_a_pause()
    {
        _issuer.IsDown = true;
        using var issuers = Issuers();
        for (var i = 0; i < 50; i++) await UnreachableAsync(issuers, Token());
        Assert.Equal(1, _issuer.Reads);
        _issuer.IsDown = false;
        await UnreachableAsync(issuers, Token());
        _clock.Advance(TimeSpan.FromSeconds(5));
        await HoldsAsync(issuers, Token());
    }

    [Fact]
    public async Task A_provider_that_is_slow_keeps_nobody_waiting_whose_key_is_known()
    {
        using var issuers = Issuers();
        await HoldsAsync(issuers, Token());
        _issuer.IsSlow = true;
        _clock.Advance(TimeSpan.FromHours(1));
        var look = issuers.All.Single().Keys.RefreshAsync();
        await Wait.UntilAsync(() => _issuer.Reads > 2, "the look");
        await HoldsAsync(issuers, Token());
        Assert.False(look.IsCompleted);
    }

    [Fact]
    public async Task A_provider_that_says_nothing_is_given_up()
    {
        _issuer.IsSlow = true;
        using var issuers = Issuers(options => options.Timeout = TimeSpan.FromMilliseconds(200));
        await UnreachableAsync(issuers, Token());
    }

    [Theory]
    [InlineData("https://other.example.org", null, "calls itself https://other.example.org")]
    [InlineData(null, "http://keys.example.org/jwks", "not https")]
    [InlineData(null, "ftp://127.0.0.1/jwks", "not https")]
    public async Task A_provider_that_is_not_what_it_is_said_to_be_is_told_to_the_operator(string? calledItself, string? keySet, string trouble)
    {
        if (calledItself is not null) _issuer.CalledItself = calledItself;
        _issuer.KeySetAddress = keySet;
        using var issuers = Issuers();
        await UnreachableAsync(issuers, Token());
        Assert.Contains(trouble, issuers.All.Single().Keys.Trouble, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_provider_without_usable_keys_is_told_to_the_operator()
    {
        _issuer.Keys = [];
        using var issuers = Issuers();
        await UnreachableAsync(issuers, Token(SigningKey.Rsa()));
        Assert.Contains("no key", issuers.All.Single().Keys.Trouble, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_set_alone_will_do()
    {
        using var issuers = Issuers(options => options.JwksUrl = $"{_issuer.Issuer}/.well-known/jwks.json");
        await HoldsAsync(issuers, Token());
        Assert.Equal(1, _issuer.Reads);
    }

    [Fact]
    public async Task A_token_holds_as_long_as_clocks_may_differ_and_no_longer()
    {
        using var issuers = Issuers();
        var token = Token();
        _clock.Advance(TimeSpan.FromMinutes(60) + TimeSpan.FromSeconds(29));
        await HoldsAsync(issuers, token);
        _clock.Advance(TimeSpan.FromSeconds(1));
        await RefusedAsync(issuers, token);
    }

    [Fact]
    public async Task Users_are_named_by_the_claim_that_is_configured_and_an_address_has_to_be_verified()
    {
        using var issuers = Issuers(options => options.UserClaim = "email");
        var claims = Claims();
        claims["email"] = "anna@example.org";
        await RefusedAsync(issuers, _issuer.Sign(claims));
        claims["email_verified"] = false;
        await RefusedAsync(issuers, _issuer.Sign(claims));
        claims["email_verified"] = true;
        Assert.Equal("anna@example.org", (await issuers.ReadAsync(_issuer.Sign(claims), CancellationToken.None)).UserId.ToString());
    }

    [Fact]
    public async Task ID_tokens_and_wide_scopes_count_where_the_operator_says_so()
    {
        using var issuers = Issuers(options =>
        {
            options.AllowIdTokens = true;
            options.Scopes.Add(Scopes.ActAs);
            options.Scopes.Add(Scopes.FramesRead);
            options.DefaultScopes.Add(Scopes.VideosRead);
        });
        var id = await issuers.ReadAsync(_issuer.Sign(TokenShapes.CognitoId(_issuer, "anna", "app", _clock.GetUtcNow())), CancellationToken.None);
        Assert.Equal(("anna", Scopes.VideosRead), (id.UserId.ToString(), id.Scopes.Single()));
        var backend = await issuers.ReadAsync(_issuer.Sign(TokenShapes.CognitoAccess(_issuer, "app", "app", _clock.GetUtcNow(), "users:act-as", "frames:read", "frames:write")), CancellationToken.None);
        Assert.Null(backend.UserId);
        Assert.Equal([Scopes.FramesRead, Scopes.ActAs], backend.Scopes.Order(StringComparer.Ordinal));
    }

    private JwtIssuers Issuers(Action<JwtIssuerOptions>? configure = null)
    {
        var options = new JwtIssuerOptions { Issuer = _issuer.Issuer, ClientIds = ["app"], Timeout = TimeSpan.FromSeconds(30) };
        configure?.Invoke(options);
        options.Check("Auth:Jwt:0");
        return new JwtIssuers(_clock, [options], NullLogger<JwtIssuers>.Instance);
    }

    private string Token(SigningKey? key = null) => _issuer.Keys.Count == 0 && key is null ? "" : JwtWriter.Sign(Claims(), key ?? _issuer.Keys[0]);

    private Dictionary<string, object?> Claims() => TokenShapes.CognitoAccess(_issuer, "anna", "app", _clock.GetUtcNow(), "frames:read");

    private static async Task HoldsAsync(JwtIssuers issuers, string token) => Assert.Equal("anna", (await issuers.ReadAsync(token, CancellationToken.None)).UserId.ToString());

    private static async Task RefusedAsync(JwtIssuers issuers, string token) =>
        Assert.Equal(ErrorCodes.InvalidAccessToken, (await Assert.ThrowsAsync<ProblemException>(async () => await issuers.ReadAsync(token, CancellationToken.None))).Code);

    private static async Task UnreachableAsync(JwtIssuers issuers, string token)
    {
        var refusal = await Assert.ThrowsAsync<ProblemException>(async () => await issuers.ReadAsync(token, CancellationToken.None));
        Assert.Equal(ErrorCodes.IdentityProviderUnavailable, refusal.Code);
        Assert.NotNull(refusal.RetryAfter);
    }
}
