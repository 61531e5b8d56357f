using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using FrameVideo.Contracts;
using FrameVideo.TestKit;
using FrameVideo.TestKit.Oidc;
using Microsoft.Extensions.DependencyInjection;

namespace FrameVideo.Hosting.Tests.Access.Jwt;

/// <summary>Users of identity providers, asking both running services.</summary>
[Collection(GuardedPair.Collection)]
public sealed class JwtTests(GuardedPair pair)
{
    private static readonly string[] All = ["framevideo/frames:read", "framevideo/frames:write", "framevideo/videos:read", "framevideo/videos:write"];

    [Fact]
    public async Task The_access_tokens_of_each_provider_open_what_is_their_user_s()
    {
        var now = pair.Clock.GetUtcNow();
        (string Token, string User)[] tokens =
        [
            (pair.Cognito.Sign(TokenShapes.CognitoAccess(pair.Cognito, "anna", "app", now, All)), "anna"),
            (pair.Auth0.Sign(TokenShapes.Auth0Access(pair.Auth0, "auth0|5f7c", "spa", "https://films.example.org/", now, "frames:read", "frames:write")), "auth0|5f7c"),
            (pair.Supabase.Sign(TokenShapes.Supabase(pair.Supabase, "8ccaa7af-909f-44e7-84cb-67cdccb56be6", now)), "8ccaa7af-909f-44e7-84cb-67cdccb56be6"),
            (pair.Keycloak.Sign(TokenShapes.Keycloak(pair.Keycloak, "b7b5", "spa", now, "frames:read")), "kc|b7b5"),
        ];
        foreach (var (token, user) in tokens)
        {
            using var http = GuardedPair.Bearing(token, pair.Frames);
            Assert.All((await http.GetAsync<Page<Session>>("/v1/sessions")).Items, session => Assert.Equal(user, session.UserId.ToString()));
            Assert.Equal((404, "not-found"), await CodeAsync(http.GetAsync($"/v1/users/{Uri.EscapeDataString(user)}/data")));
            Assert.Equal((403, "user-mismatch"), await CodeAsync(http.GetAsync("/v1/sessions?userId=somebody")));
        }
    }

    public static TheoryData<string, string, string> Matrix()
    {
        var allowed = new Dictionary<string, Func<string, string, bool>>(StringComparer.Ordinal)
        {
            ["framevideo/frames:read framevideo/videos:read"] = (_, method) => method == "GET",
            [string.Join(' ', All)] = (_, _) => true,
            ["framevideo/frames:read framevideo/frames:write"] = (service, _) => service == "frames",
            ["framevideo/videos:read framevideo/videos:write"] = (service, _) => service == "videos",
            // Of another resource server; and what a provider's groups and scopes do not make anybody unless the operator says so.
            ["other/frames:read frames:read framevideo/admin framevideo/users:act-as admin"] = (_, _) => false,
        };
        var data = new TheoryData<string, string, string>();
        foreach (var (scopes, may) in allowed)
        {
            foreach (var (name, service, method, _, _) in AccessTests.Operations)
                data.Add(scopes, name, may(service, method) && (name != "plan a video" || scopes.Contains("frames:read", StringComparison.Ordinal)) ? "done" : "insufficient-scope");
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Matrix))]
    public async Task A_token_does_what_its_scopes_say_and_nothing_else(string scopes, string operation, string outcome)
    {
        var (_, service, method, path, body) = AccessTests.Operations.Single(candidate => candidate.Name == operation);
        string Fill(string text) => text.Replace("{id}", pair.Session.ToString(), StringComparison.Ordinal);
        using var request = new HttpRequestMessage(new HttpMethod(method), Fill(path));
        if (body is not null) request.Content = JsonContent.Create(JsonDocument.Parse(Fill(body)));
        var token = pair.Cognito.Sign(TokenShapes.CognitoAccess(pair.Cognito, "anna", "app", pair.Clock.GetUtcNow(), scopes));
        using var http = GuardedPair.Bearing(token, service == "frames" ? pair.Frames : pair.Videos);
        using var answer = await http.SendAsync(request);
        if (outcome == "done") Assert.True(answer.IsSuccessStatusCode, $"{(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
        else
        {
            Assert.StartsWith("error=\"insufficient_scope\"", answer.Headers.WwwAuthenticate.Single().Parameter, StringComparison.Ordinal);
            Assert.Equal((403, outcome), await CodeAsync(Task.FromResult(answer)));
        }
    }

    [Fact]
    public async Task Groups_of_Cognito_may_be_scopes()
    {
        var claims = TokenShapes.CognitoAccess(pair.Cognito, "anna", "app", pair.Clock.GetUtcNow());
        Assert.Equal((403, "insufficient-scope"), await CodeAsync(GuardedPair.Bearing(pair.Cognito.Sign(claims), pair.Frames).GetAsync("/v1/sessions")));
        claims["cognito:groups"] = new[] { "editors", "framevideo/frames:read" };
        Assert.Equal(HttpStatusCode.OK, (await GuardedPair.Bearing(pair.Cognito.Sign(claims), pair.Frames).GetAsync("/v1/sessions")).StatusCode);
    }

    public static TheoryData<string> Forged => [.. Forgeries.Names];

    [Theory]
    [MemberData(nameof(Forged))]
    public async Task A_token_that_does_not_hold_is_401_and_is_repeated_nowhere(string name)
    {
        pair.Logged.Lines.Clear();
        foreach (var app in new[] { pair.Frames, pair.Videos })
        {
            var token = Forgeries.Make(name, pair, app == pair.Frames ? pair.Clock.GetUtcNow() : TimeProvider.System.GetUtcNow());
            using var http = GuardedPair.Bearing(token, app);
            using var answer = await http.GetAsync(app == pair.Frames ? "/v1/sessions" : "/v1/videos");
            var text = await answer.Content.ReadAsStringAsync();
            Assert.True(answer.StatusCode == HttpStatusCode.Unauthorized, $"{(int)answer.StatusCode}: {text}");
            Assert.Equal("invalid-access-token", JsonSerializer.Deserialize<JsonElement>(text).GetProperty("code").GetString());
            Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
            var challenge = answer.Headers.WwwAuthenticate.Single();
            Assert.Equal(("Bearer", "error=\"invalid_token\""), (challenge.Scheme, challenge.Parameter?.Split(',')[0]));
            foreach (var part in token.Split('.').Where(part => part.Length > 8)) Assert.DoesNotContain(pair.Logged.Lines.Append(text).Append(answer.Headers.ToString()), line => line.Contains(part[..8], StringComparison.Ordinal) && part[..8] != "eyJhbGci");
        }
    }

    [Fact]
    public async Task Nobody_fetches_what_a_token_s_header_points_at()
    {
        foreach (var name in Forgeries.Names.Where(name => name.Contains("stranger", StringComparison.Ordinal)))
            await Assert.ThrowsAsync<ProblemException>(async () => await pair.Frames.Services.GetRequiredService<JwtIssuers>().ReadAsync(Forgeries.Make(name, pair, pair.Clock.GetUtcNow()), CancellationToken.None));
        Assert.Equal(0, pair.Providers.Open("stranger").Reads);
    }

    [Fact]
    public async Task A_token_with_any_character_changed_is_refused()
    {
        var token = pair.Cognito.Sign(TokenShapes.CognitoAccess(pair.Cognito, "anna", "app", pair.Clock.GetUtcNow(), All));
        var issuers = pair.Frames.Services.GetRequiredService<JwtIssuers>();
        Assert.NotNull(await issuers.ReadAsync(token, CancellationToken.None));
        for (var i = 0; i < token.Length; i++)
        {
            foreach (var c in "Az9_." + (char)(token[i] ^ 1))
            {
                if (token[i] == c) continue;
                var refusal = await Assert.ThrowsAsync<ProblemException>(async () => await issuers.ReadAsync(token[..i] + c + token[(i + 1)..], CancellationToken.None));
                Assert.Equal(ErrorCodes.InvalidAccessToken, refusal.Code);
            }
        }
    }

    [Fact]
    public async Task A_token_makes_a_token_for_one_request_that_ends_no_later_than_it()
    {
        var token = pair.Keycloak.Sign(TokenShapes.Keycloak(pair.Keycloak, "b7b5", "spa", pair.Clock.GetUtcNow(), "frames:read", "frames:write"));
        using var http = GuardedPair.Bearing(token, pair.Frames);
        var id = RequestId.New(TimeProvider.System);
        var made = await http.PostAsync("/v1/tokens", new { requestId = id, scopes = new[] { "frames:read", "frames:write" } }).ReadAsync<RequestToken>();
        Assert.InRange(made.ExpiresAt, pair.Clock.GetUtcNow().AddMinutes(4), pair.Clock.GetUtcNow().AddMinutes(5));
        using var browser = GuardedPair.Bearing(made.Token, pair.Frames);
        await browser.PutPictureAsync(id, 1, Pictures.Png()).ReadAsync<Frame>();
        Assert.Equal("kc|b7b5", (await browser.GetAsync<Session>($"/v1/sessions/{id}")).UserId.ToString());
    }

    [Theory]
    [InlineData("scope")]
    [InlineData("client_id")]
    [InlineData("token_use")]
    public async Task A_token_whose_audience_is_the_application_counts_where_it_says_that_it_is_no_ID_token(string mark)
    {
        var claims = TokenShapes.CognitoAccess(pair.Cognito, "anna", "app", pair.Clock.GetUtcNow(), All);
        foreach (var name in new[] { "scope", "client_id", "token_use" }.Where(name => name != mark)) claims.Remove(name);
        claims["aud"] = "app";
        claims["cognito:groups"] = new[] { "framevideo/frames:read" };
        Assert.Equal(HttpStatusCode.OK, (await GuardedPair.Bearing(pair.Cognito.Sign(claims), pair.Frames).GetAsync("/v1/sessions")).StatusCode);
    }

    [Fact]
    public async Task A_token_may_last_as_long_as_the_calendar()
    {
        var claims = TokenShapes.CognitoAccess(pair.Cognito, "anna", "app", pair.Clock.GetUtcNow(), All);
        claims["exp"] = 253_402_300_799;
        Assert.Equal(HttpStatusCode.OK, (await GuardedPair.Bearing(pair.Cognito.Sign(claims), pair.Frames).GetAsync("/v1/sessions")).StatusCode);
    }

    [Fact]
    public async Task A_token_films_since_it_is_passed_on_within_the_request()
    {
        var token = pair.Cognito.Sign(TokenShapes.CognitoAccess(pair.Cognito, "anna", "app", pair.Clock.GetUtcNow(), All));
        var plan = await GuardedPair.Bearing(token, pair.Videos).PostAsync("/v1/videos", new { requestId = pair.Filmed, dryRun = true }).ReadAsync<JsonElement>();
        Assert.Equal(JsonValueKind.Object, plan.ValueKind);
    }

    [Fact]
    public async Task Whoever_shows_nothing_is_told_what_can_be_shown()
    {
        using var nobody = pair.Frames.Client();
        var (status, code, problem) = await nobody.GetAsync("/v1/sessions").RefusalAsync();
        Assert.Equal((401, "unauthorized"), (status, code));
        Assert.Contains("access token", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    private static async Task<(int Status, string? Code)> CodeAsync(Task<HttpResponseMessage> sent)
    {
        using var answer = await sent;
        var text = await answer.Content.ReadAsStringAsync();
        return ((int)answer.StatusCode, text.StartsWith('{') && JsonSerializer.Deserialize<JsonElement>(text).TryGetProperty("code", out var code) ? code.GetString() : null);
    }
}
