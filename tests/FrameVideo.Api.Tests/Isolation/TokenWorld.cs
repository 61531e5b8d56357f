using FrameVideo.Contracts;
using FrameVideo.TestKit.Oidc;

namespace FrameVideo.Api.Tests.Isolation;

/// <summary>
/// The same, where nobody has a key: anna and berta log in at Cognito, whoever only reads at Keycloak, and the back end and the administrator at Auth0. The tests' short run leaves out what does not hang on who shows what.
/// </summary>
public sealed class TokenWorld : World
{
    private const string Api = "https://films.example.org/";
    private OidcServer _providers = null!;

    internal override bool IsThorough => Environment.GetEnvironmentVariable("FRAMEVIDEO_LONG") == "1";

    internal override IReadOnlyDictionary<string, ErrorCode> Void { get; } = new[]
    {
        "expired", "of another application", "an ID token", "unsigned", "of a stranger's key", "under another's name", "with two subjects",
    }.ToDictionary(name => name, _ => ErrorCodes.InvalidAccessToken, StringComparer.Ordinal);

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await _providers.DisposeAsync();
    }

    private protected override async Task<IReadOnlyList<string>> LetInAsync(IDictionary<string, string> shown)
    {
        _providers = await OidcServer.StartAsync();
        var (cognito, auth0, keycloak, now) = (_providers.Open("eu-central-1_Ab12"), _providers.Open("auth0/"), _providers.Open("realms/films"), TimeProvider.System.GetUtcNow());
        string[] prefixed = [.. Isolation.Keys.Everything.Select(scope => $"framevideo/{scope}")];
        Dictionary<string, object?> Cognito(string user, DateTimeOffset time) => TokenShapes.CognitoAccess(cognito, user, "app", time, prefixed);

        shown["anna"] = cognito.Sign(Cognito(AnnasId, now));
        shown["berta"] = cognito.Sign(Cognito(BertasId, now));
        shown["reader"] = keycloak.Sign(TokenShapes.Keycloak(keycloak, BertasId, "spa", now, "frames:read", "videos:read"));
        // The subject of whoever acts for users is nobody's: here it is anna's, and helps nothing.
        shown["backend"] = auth0.Sign(TokenShapes.Auth0Access(auth0, AnnasId, "machine", Api, now, [.. Isolation.Keys.Everything, "users:act-as"]));
        shown["admin"] = auth0.Sign(TokenShapes.Auth0Access(auth0, BertasId, "operator", Api, now, "admin"));

        shown["expired"] = cognito.Sign(Cognito(AnnasId, now.AddHours(-2)));
        shown["of another application"] = cognito.Sign(TokenShapes.CognitoAccess(cognito, AnnasId, "other", now, prefixed));
        shown["an ID token"] = cognito.Sign(TokenShapes.CognitoId(cognito, AnnasId, "app", now));
        shown["unsigned"] = JwtWriter.Write("""{"alg":"none","typ":"JWT"}""", System.Text.Json.JsonSerializer.Serialize(Cognito(AnnasId, now)), _ => []);
        shown["of a stranger's key"] = JwtWriter.Sign(Cognito(AnnasId, now), SigningKey.Rsa());
        // Signed by a provider that counts here, in the name of the other one.
        shown["under another's name"] = auth0.Sign(Cognito(AnnasId, now));
        shown["with two subjects"] = JwtWriter.Sign($$"""{"alg":"RS256","kid":"{{cognito.Keys[0].Id}}"}""", System.Text.Json.JsonSerializer.Serialize(Cognito(BertasId, now)).Replace("\"sub\":", $"\"sub\":\"{AnnasId}\",\"sub\":", StringComparison.Ordinal), cognito.Keys[0]);
        return
        [
            $"Auth:Jwt:0:Issuer={cognito.Issuer}", "Auth:Jwt:0:ClientIds:0=app", "Auth:Jwt:0:ScopePrefix=framevideo/", "Auth:Jwt:0:UserPrefix=", "Auth:Jwt:0:Timeout=00:00:30",
            $"Auth:Jwt:1:Issuer={auth0.Issuer}", $"Auth:Jwt:1:Audiences:0={Api}", "Auth:Jwt:1:UserPrefix=", "Auth:Jwt:1:Timeout=00:00:30",
            .. new[] { "frames:read", "frames:write", "videos:read", "videos:write", "users:act-as", "admin" }.Select((scope, i) => $"Auth:Jwt:1:Scopes:{i}={scope}"),
            $"Auth:Jwt:2:Issuer={keycloak.Issuer}", "Auth:Jwt:2:Audiences:0=account", "Auth:Jwt:2:ClientIds:0=spa", "Auth:Jwt:2:UserPrefix=", "Auth:Jwt:2:Timeout=00:00:30",
        ];
    }
}
