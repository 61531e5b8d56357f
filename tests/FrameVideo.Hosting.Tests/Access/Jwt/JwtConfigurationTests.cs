using System.Net;
using System.Text.Json;
using FrameService;
using FrameService.Operations;
using FrameVideo.TestKit;
using FrameVideo.TestKit.Oidc;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace FrameVideo.Hosting.Tests.Access.Jwt;

/// <summary>Identity providers as operators configure them: what refuses the start, what <c>check-config</c> says, and what a provider's absence looks like from outside.</summary>
public sealed class JwtConfigurationTests : IDisposable
{
    private readonly TempFolder _data = new();

    public void Dispose() => _data.Dispose();

    [Theory]
    [InlineData("Issuer=http://login.example.org/;Audiences:0=a", "https")]
    [InlineData("Issuer=login.example.org;Audiences:0=a", "https")]
    [InlineData("Audiences:0=a", "Issuer")]
    [InlineData("Issuer=https://login.example.org/", "Audiences or ClientIds")]
    [InlineData("Issuer=https://login.example.org/;Audiences:0=", "empty")]
    [InlineData("Issuer=https://login.example.org/;Audiences:0=a;Authority=http://login.internal/", "Authority")]
    [InlineData("Issuer=https://login.example.org/;Audiences:0=a;JwksUrl=http://login.internal/", "JwksUrl")]
    [InlineData("Issuer=https://login.example.org/;Audiences:0=a;Algorithms:0=HS256", "HS256")]
    [InlineData("Issuer=https://login.example.org/;Audiences:0=a;Algorithms:0=none", "none")]
    [InlineData("Issuer=https://login.example.org/;Audiences:0=a;Scopes:0=frames:raed", "frames:raed")]
    [InlineData("Issuer=https://login.example.org/;Audiences:0=a;DefaultScopes:0=admin", "everybody")]
    [InlineData("Issuer=https://login.example.org/;Audiences:0=a;DefaultScopes:0=users:act-as", "everybody")]
    [InlineData("Issuer=https://login.example.org/;Audiences:0=a;UserPrefix=a/b", "UserPrefix")]
    [InlineData("Issuer=https://login.example.org/;Audiences:0=a;UserClaim=", "UserClaim")]
    [InlineData("Issuer=https://login.example.org/;Audiences:0=a;ClockSkew=00:10:00", "ClockSkew")]
    [InlineData("Issuer=https://login.example.org/;Audiences:0=a;Audience=b", "Audience")]
    public void What_is_configured_wrongly_refuses_the_start_with_a_sentence(string entry, string word)
    {
        var settings = entry.Split(';').Select(setting => $"--Auth:Jwt:0:{setting}");
        var refusal = Assert.Throws<InvalidDataException>(() => FrameApp.Build(["--urls=http://127.0.0.1:0", $"--Data:Folder={_data.Path}", .. settings]));
        Assert.Contains(word, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("Auth", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://a.example.org/", null, "UserPrefix")]
    [InlineData("https://login.example.org/", "b|", "twice")]
    public void Two_issuers_have_to_be_two_and_say_whether_their_users_are_the_same(string second, string? prefix, string word)
    {
        string[] settings = ["--Auth:Jwt:0:Issuer=https://login.example.org/", "--Auth:Jwt:0:Audiences:0=a", "--Auth:Jwt:0:UserPrefix=", $"--Auth:Jwt:1:Issuer={second}", "--Auth:Jwt:1:Audiences:0=a"];
        if (prefix is not null) settings = [.. settings, $"--Auth:Jwt:1:UserPrefix={prefix}"];
        Assert.Contains(word, Assert.Throws<InvalidDataException>(() => FrameApp.Build(["--urls=http://127.0.0.1:0", $"--Data:Folder={_data.Path}", .. settings])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_config_asks_the_provider()
    {
        await using var server = await OidcServer.StartAsync();
        var issuer = server.Open("pool/");
        Assert.Contains($"ok      identity provider: {issuer.Issuer} answers and has 1 keys", await CheckAsync(issuer), StringComparison.Ordinal);
        issuer.CalledItself = issuer.Issuer.TrimEnd('/');
        Assert.Contains($"FAILED  identity provider: {issuer.Issuer} calls itself {issuer.CalledItself} in its discovery document", await CheckAsync(issuer), StringComparison.Ordinal);
        issuer.IsDown = true;
        Assert.Contains($"FAILED  identity provider: {issuer.Issuer} does not answer", await CheckAsync(issuer), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_provider_that_is_away_at_the_start_is_503_and_not_ready_until_it_is_back()
    {
        await using var server = await OidcServer.StartAsync();
        var issuer = server.Open("pool");
        issuer.IsDown = true;
        // Its upkeep looks every second.
        await using var app = await RunningApp.StartAsync(
            args => FrameApp.Build(args, builder => builder.Services.Replace(ServiceDescriptor.Singleton<TimeProvider>(new HastyClock()))), _data, $"Auth:Jwt:0:Issuer={issuer.Issuer}", "Auth:Jwt:0:ClientIds:0=app", "Auth:Jwt:0:Timeout=00:00:30");
        using var http = GuardedPair.Bearing(issuer.Sign(TokenShapes.CognitoAccess(issuer, "anna", "app", TimeProvider.System.GetUtcNow(), "frames:read")), app);
        using var refused = await http.GetAsync("/v1/sessions");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Equal("identity-provider-unavailable", JsonSerializer.Deserialize<JsonElement>(await refused.Content.ReadAsStringAsync()).GetProperty("code").GetString());
        Assert.NotNull(refused.Headers.RetryAfter);
        Assert.Equal((503, "unhealthy"), await HealthAsync(http));
        issuer.IsDown = false;
        await Wait.UntilAsync(async () => await HealthAsync(http) == (200, "healthy"), "the provider's keys");
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/v1/sessions")).StatusCode);
        Assert.Equal(401, (int)(await app.Client().GetAsync("/v1/sessions")).StatusCode);
    }

    private static async Task<(int Status, string? State)> HealthAsync(HttpClient http)
    {
        using var answer = await http.GetAsync("/health/ready");
        var text = await answer.Content.ReadAsStringAsync();
        var health = JsonSerializer.Deserialize<JsonElement>(text);
        // Anybody may ask, so nobody is told where things are.
        Assert.Equal(answer.StatusCode == HttpStatusCode.OK, health.GetProperty("problems").EnumerateObject().All(problem => problem.Name != "identityProvider"));
        Assert.DoesNotContain("127.0.0.1", text, StringComparison.Ordinal);
        return ((int)answer.StatusCode, health.GetProperty("checks").GetProperty("identityProvider").GetString());
    }

    private async Task<string> CheckAsync(OidcIssuer issuer)
    {
        using var output = new StringWriter();
        await FrameProgram.Create().RunAsync(["check-config", "--urls=http://127.0.0.1:1", $"--Data:Folder={_data.Path}", $"--Auth:Jwt:0:Issuer={issuer.Issuer}", "--Auth:Jwt:0:ClientIds:0=app", "--Auth:Jwt:0:Timeout=00:00:30"], output, output);
        return output.ToString();
    }
}
