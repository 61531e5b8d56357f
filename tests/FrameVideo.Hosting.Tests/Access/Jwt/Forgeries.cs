using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FrameVideo.TestKit.Oidc;

namespace FrameVideo.Hosting.Tests.Access.Jwt;

/// <summary>Tokens that somebody might try, by what is wrong with them. Each would hold if that one thing were right.</summary>
internal static class Forgeries
{
    private static readonly string[] Scopes = ["framevideo/frames:read", "framevideo/videos:read"];
    private static readonly SigningKey Stranger = SigningKey.Rsa();
    private static readonly SigningKey Weak = SigningKey.Rsa(bits: 1024);

    private static readonly Dictionary<string, Func<Bench, string>> Makers = new(StringComparer.Ordinal)
    {
        ["alg none"] = bench => bench.Unsigned("none"),
        ["alg None"] = bench => bench.Unsigned("None"),
        ["alg NONE"] = bench => bench.Unsigned("NONE"),
        ["alg nOnE with the signature left on"] = bench => JwtWriter.Sign(bench.Header("nOnE"), bench.Claims(), bench.Key),
        ["alg empty"] = bench => bench.Unsigned(""),
        ["no alg"] = bench => JwtWriter.Sign($$"""{"typ":"JWT","kid":"{{bench.Key.Id}}"}""", bench.Claims(), bench.Key),
        ["alg is a number"] = bench => JwtWriter.Sign($$"""{"alg":256,"kid":"{{bench.Key.Id}}"}""", bench.Claims(), bench.Key),
        ["alg is a list"] = bench => JwtWriter.Sign($$"""{"alg":["RS256"],"kid":"{{bench.Key.Id}}"}""", bench.Claims(), bench.Key),
        ["HS256 with the public key as its secret"] = bench => bench.Keyed("HS256", Encoding.ASCII.GetBytes(bench.Key.PublicPem)),
        ["HS256 with the public key's lines as its secret"] = bench => bench.Keyed("HS256", Encoding.ASCII.GetBytes(bench.Key.PublicPem + "\n")),
        ["HS256 with the modulus as its secret"] = bench => bench.Keyed("HS256", Base64Url.DecodeFromChars(bench.Key.ToJwk()["n"])),
        ["HS512 with an empty secret"] = bench => bench.Keyed("HS512", []),
        ["another algorithm than the key's"] = bench => JwtWriter.Sign(bench.Header("RS512"), bench.Claims(), bench.Key, "RS512"),
        ["PS256 with a key for RS256"] = bench => JwtWriter.Sign(bench.Header("PS256"), bench.Claims(), bench.Key, "PS256"),
        ["alg in another case"] = bench => JwtWriter.Sign(bench.Header("rs256"), bench.Claims(), bench.Key),
        ["ES256 named, RSA signed"] = bench => JwtWriter.Sign(bench.Header("ES256"), bench.Claims(), bench.Key),
        ["ECDSA signature of zeros"] = bench => JwtWriter.Write($$"""{"alg":"ES256","kid":"{{bench.Pair.Supabase.Keys[0].Id}}"}""", JsonSerializer.Serialize(TokenShapes.Supabase(bench.Pair.Supabase, "anna", bench.Now)), _ => new byte[64]),
        ["signed by a stranger"] = bench => JwtWriter.Sign(bench.Header(), bench.Claims(), Stranger),
        ["signed by a stranger, without kid"] = bench => JwtWriter.Sign("""{"alg":"RS256","typ":"JWT"}""", bench.Claims(), Stranger),
        ["kid that nobody has"] = bench => JwtWriter.Sign("""{"alg":"RS256","typ":"JWT","kid":"nobody"}""", bench.Claims(), bench.Key),
        ["kid of another key of another issuer"] = bench => JwtWriter.Sign($$"""{"alg":"RS256","kid":"{{bench.Pair.Auth0.Keys[0].Id}}"}""", bench.Claims(), bench.Key),
        ["kid that is a path"] = bench => JwtWriter.Sign("""{"alg":"RS256","kid":"../../../../dev/null"}""", bench.Claims(), bench.Key),
        ["kid that is SQL"] = bench => JwtWriter.Sign("""{"alg":"RS256","kid":"' UNION SELECT 'key"}""", bench.Claims(), bench.Key),
        ["kid that is an address"] = bench => JwtWriter.Sign(JsonSerializer.Serialize(new { alg = "RS256", kid = bench.StrangersKeys() }), bench.Claims(), Stranger),
        ["kid twice"] = bench => JwtWriter.Sign($$"""{"alg":"RS256","kid":"nobody","kid":"{{bench.Key.Id}}"}""", bench.Claims(), bench.Key),
        ["kid is a number"] = bench => JwtWriter.Sign("""{"alg":"RS256","kid":1}""", bench.Claims(), bench.Key),
        ["signed by another issuer"] = bench => bench.Pair.Auth0.Sign(JsonSerializer.Deserialize<Dictionary<string, object?>>(bench.Claims())!),
        ["another issuer's key under its own kid"] = bench => JwtWriter.Sign(bench.Header(), bench.Claims(), bench.Pair.Auth0.Keys[0]),
        ["embedded jwk"] = bench => JwtWriter.Sign(JsonSerializer.Serialize(new { alg = "RS256", typ = "JWT", jwk = Stranger.ToJwk() }), bench.Claims(), Stranger),
        ["embedded jwk under a known kid"] = bench => JwtWriter.Sign(JsonSerializer.Serialize(new { alg = "RS256", kid = bench.Key.Id, jwk = Stranger.ToJwk() }), bench.Claims(), Stranger),
        ["jku of a stranger"] = bench => JwtWriter.Sign(JsonSerializer.Serialize(new { alg = "RS256", kid = Stranger.Id, jku = bench.StrangersKeys() }), bench.Claims(), Stranger),
        ["jku of a stranger under a known kid"] = bench => JwtWriter.Sign(JsonSerializer.Serialize(new { alg = "RS256", kid = bench.Key.Id, jku = bench.StrangersKeys() }), bench.Claims(), Stranger),
        ["x5u of a stranger"] = bench => JwtWriter.Sign(JsonSerializer.Serialize(new { alg = "RS256", kid = Stranger.Id, x5u = bench.StrangersKeys() }), bench.Claims(), Stranger),
        ["x5c of a stranger"] = bench => JwtWriter.Sign(JsonSerializer.Serialize(new { alg = "RS256", x5c = new[] { Convert.ToBase64String(Encoding.ASCII.GetBytes(Stranger.PublicPem)) } }), bench.Claims(), Stranger),
        ["crit that nobody understands"] = bench => JwtWriter.Sign($$"""{"alg":"RS256","kid":"{{bench.Key.Id}}","crit":["exp"]}""", bench.Claims(), bench.Key),
        ["typ of something else"] = bench => JwtWriter.Sign($$"""{"alg":"RS256","kid":"{{bench.Key.Id}}","typ":"logout+jwt"}""", bench.Claims(), bench.Key),
        ["alg twice"] = bench => JwtWriter.Sign($$"""{"alg":"none","alg":"RS256","kid":"{{bench.Key.Id}}"}""", bench.Claims(), bench.Key),
        ["sub twice"] = bench => JwtWriter.Sign(bench.Header(), bench.Claims().Replace("\"sub\":", "\"sub\":\"admin\",\"sub\":", StringComparison.Ordinal), bench.Key),
        ["exp twice"] = bench => JwtWriter.Sign(bench.Header(), bench.Claims().Replace("\"exp\":", "\"exp\":1,\"exp\":", StringComparison.Ordinal), bench.Key),
        ["wrong issuer"] = bench => bench.With("iss", "https://evil.example.org/"),
        ["issuer with a slash more"] = bench => bench.With("iss", bench.Pair.Cognito.Issuer + "/"),
        ["issuer in another case"] = bench => bench.With("iss", bench.Pair.Cognito.Issuer.ToUpperInvariant()),
        ["no issuer"] = bench => bench.Without("iss"),
        ["issuer is a list"] = bench => bench.With("iss", new[] { bench.Pair.Cognito.Issuer }),
        ["another application's client_id"] = bench => bench.With("client_id", "other"),
        ["no client_id"] = bench => bench.Without("client_id"),
        ["client_id is a list"] = bench => bench.With("client_id", new[] { "app" }),
        ["made for another audience"] = bench => bench.With("aud", "https://other.example.org/"),
        ["audience is an object"] = bench => bench.With("aud", new { app = true }),
        ["audience of Auth0's other API"] = bench => bench.Pair.Auth0.Sign(TokenShapes.Auth0Access(bench.Pair.Auth0, "anna", "app", "https://other.example.org/", bench.Now, "frames:read", "videos:read")),
        ["audience is longer than ours"] = bench => bench.Pair.Auth0.Sign(TokenShapes.Auth0Access(bench.Pair.Auth0, "anna", "app", "https://films.example.org/evil", bench.Now, "frames:read", "videos:read")),
        ["audience is a list of others"] = bench => bench.With("aud", new[] { "https://other.example.org/", "https://more.example.org/" }),
        ["audience is a list within a list"] = bench => bench.With("aud", new[] { new[] { "app" } }),
        ["audience is text that holds ours"] = bench => bench.With("aud", "other app"),
        ["audience is an empty list of another client's"] = bench => bench.Pair.Cognito.Sign(new Dictionary<string, object?>(StringComparer.Ordinal) { ["iss"] = bench.Pair.Cognito.Issuer, ["sub"] = "anna", ["aud"] = Array.Empty<string>(), ["client_id"] = "other", ["token_use"] = "access", ["scope"] = Scopes[0], ["exp"] = bench.Now.AddHours(1).ToUnixTimeSeconds() }),
        ["aud twice"] = bench => JwtWriter.Sign(bench.Header(), bench.Claims().Replace("\"client_id\":", "\"aud\":\"app\",\"aud\":\"other\",\"client_id\":", StringComparison.Ordinal), bench.Key),
        ["Keycloak's other client"] = bench => bench.Pair.Keycloak.Sign(TokenShapes.Keycloak(bench.Pair.Keycloak, "anna", "other", bench.Now, "frames:read", "videos:read")),
        ["an ID token"] = bench => bench.Pair.Cognito.Sign(TokenShapes.CognitoId(bench.Pair.Cognito, "anna", "app", bench.Now)),
        ["an ID token that does not say that it is one"] = bench => bench.Pair.Cognito.Sign(bench.Bare("app")),
        ["an ID token for us and for others"] = bench => bench.Pair.Cognito.Sign(bench.Bare(new[] { "other", "app" })),
        ["token_use id"] = bench => bench.With("token_use", "id"),
        ["token_use refresh"] = bench => bench.With("token_use", "refresh"),
        ["token_use is a list"] = bench => bench.With("token_use", new[] { "access" }),
        ["Keycloak's ID token"] = bench => bench.KeycloakTyped("ID"),
        ["Keycloak's refresh token"] = bench => bench.KeycloakTyped("Refresh"),
        ["expired"] = bench => bench.With("exp", bench.Now.AddSeconds(-31).ToUnixTimeSeconds()),
        ["no exp"] = bench => bench.Without("exp"),
        ["exp is text"] = bench => bench.With("exp", "9999999999"),
        ["exp is null"] = bench => bench.With("exp", null),
        ["exp is negative"] = bench => bench.With("exp", -1),
        ["exp is no time any more"] = bench => JwtWriter.Sign(bench.Header(), bench.Claims().Replace($"\"exp\":{bench.Now.AddHours(1).ToUnixTimeSeconds()}", "\"exp\":1e999", StringComparison.Ordinal), bench.Key),
        ["not yet valid"] = bench => bench.With("nbf", bench.Now.AddSeconds(60).ToUnixTimeSeconds()),
        ["nbf is text"] = bench => bench.With("nbf", "0"),
        ["no sub"] = bench => bench.Without("sub"),
        ["sub is empty"] = bench => bench.With("sub", ""),
        ["sub is a number"] = bench => bench.With("sub", 1),
        ["sub is a path"] = bench => bench.With("sub", "../anna"),
        ["sub is a folder of the layout"] = bench => bench.With("sub", "video-clips"),
        ["sub that names a user of another issuer's"] = bench => bench.With("sub", "kc|b7b5"),
        ["sub is too long"] = bench => bench.With("sub", new string('a', 129)),
        ["sub has a line break"] = bench => bench.With("sub", "anna\nroot"),
        ["sub is half a character"] = bench => JwtWriter.Sign(bench.Header(), bench.Claims().Replace("\"anna\"", "\"\\ud800\"", StringComparison.Ordinal), bench.Key),
        ["a name is half a character"] = bench => JwtWriter.Sign(bench.Header(), bench.Claims().Replace("\"version\"", "\"\\udfff\"", StringComparison.Ordinal), bench.Key),
        ["kid is half a character"] = bench => JwtWriter.Sign("""{"alg":"RS256","kid":"\ud800"}""", bench.Claims(), bench.Key),
        ["scope is an object"] = bench => bench.With("scope", new { all = true }),
        ["claims are a list"] = bench => JwtWriter.Sign(bench.Header(), $"[{bench.Claims()}]", bench.Key),
        ["claims are no JSON"] = bench => JwtWriter.Sign(bench.Header(), bench.Claims()[..^1], bench.Key),
        ["claims are no UTF-8"] = bench => bench.Raw([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]),
        ["claims nested without end"] = bench => JwtWriter.Sign(bench.Header(), $$"""{"iss":{{new string('[', 2000)}}{{new string(']', 2000)}}}""", bench.Key),
        ["a token in a token"] = bench => JwtWriter.Sign($$"""{"alg":"RS256","kid":"{{bench.Key.Id}}","cty":"JWT"}""", bench.Good(), bench.Key),
        ["payload that is not encoded"] = bench => $"{bench.Good().Split('.')[0]}.{bench.Claims()}.{bench.Good().Split('.')[2]}",
        ["encrypted"] = _ => "eyJhbGciOiJSU0EtT0FFUCIsImVuYyI6IkEyNTZHQ00ifQ.OKOawDo13gRp2ojaHV7LFpZcgV7T6DVZKTyKOMTYUmKoTCVJRgckCL9k.48V1_ALb6US04U3b.5eym8TW_c8SuK0ltJ3rpYIzOeDQz7TALvtu6UG9oMo4vpzs9tX_EFShS8iB7j6ji.XFBoMYUZodetZdvTiFvSkQ",
        ["payload of another token"] = bench => Swap(bench.Good(), bench.With("sub", "berta"), 1),
        ["header of another token"] = bench => Swap(bench.Good(), JwtWriter.Sign(bench.Header("RS384"), bench.Claims(), bench.Key, "RS384"), 0),
        ["signature of another token"] = bench => Swap(bench.Good(), bench.With("sub", "berta"), 2),
        ["signature twice as long"] = bench => bench.Good() + bench.Good().Split('.')[2],
        ["signature cut off"] = bench => bench.Good()[..^4],
        ["no signature"] = bench => bench.Good()[..bench.Good().LastIndexOf('.')] + ".",
        ["two parts"] = bench => bench.Good()[..bench.Good().LastIndexOf('.')],
        ["four parts"] = bench => bench.Good() + ".AAAA",
        ["dots alone"] = _ => "..",
        ["padded"] = bench => bench.Good() + "==",
        ["base64 of the other kind"] = bench => bench.Good().Replace('_', '/').Replace('-', '+') + "/",
        ["huge"] = bench => bench.With("more", new string('x', 20_000)),
        ["signed with a key too short to count"] = bench => JwtWriter.Sign($$"""{"alg":"RS256","kid":"{{bench.WithWeakKey().Id}}"}""", bench.Claims(), Weak),
    };

    public static IEnumerable<string> Names => Makers.Keys;

    public static string Make(string name, GuardedPair pair, DateTimeOffset now) => Makers[name](new Bench(pair, now));

    private static string Swap(string token, string other, int part) => string.Join('.', token.Split('.').Select((text, i) => i == part ? other.Split('.')[i] : text));

    /// <summary>A token of Cognito's that holds, to be bent.</summary>
    private sealed record Bench(GuardedPair Pair, DateTimeOffset Now)
    {
        public SigningKey Key => Pair.Cognito.Keys[0];

        public string Header(string algorithm = "RS256") => JsonSerializer.Serialize(new { alg = algorithm, typ = "JWT", kid = Key.Id });

        public string Claims() => JsonSerializer.Serialize(Shape());

        public string Good() => Pair.Cognito.Sign(Shape());

        public string With(string claim, object? value) => Pair.Cognito.Sign(new Dictionary<string, object?>(Shape(), StringComparer.Ordinal) { [claim] = value });

        public string Without(string claim) => Pair.Cognito.Sign(Shape().Where(pair => pair.Key != claim).ToDictionary(StringComparer.Ordinal));

        public string Unsigned(string algorithm) => JwtWriter.Write(Header(algorithm), Claims(), _ => []);

        public string Keyed(string algorithm, byte[] secret) =>
            JwtWriter.Write(Header(algorithm), Claims(), text => algorithm == "HS256" ? HMACSHA256.HashData(secret, Encoding.ASCII.GetBytes(text)) : HMACSHA512.HashData(secret, Encoding.ASCII.GetBytes(text)));

        public string Raw(byte[] claims)
        {
            var head = $"{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(Header()))}.{Base64Url.EncodeToString(claims)}";
            return $"{head}.{Base64Url.EncodeToString(Key.Sign(Encoding.ASCII.GetBytes(head)))}";
        }

        /// <summary>What OpenID Connect asks of an ID token, and no more.</summary>
        public Dictionary<string, object?> Bare(object audience) => new(StringComparer.Ordinal)
        {
            ["iss"] = Pair.Cognito.Issuer,
            ["sub"] = "anna",
            ["aud"] = audience,
            ["azp"] = "app",
            ["exp"] = Now.AddHours(1).ToUnixTimeSeconds(),
            ["iat"] = Now.ToUnixTimeSeconds(),
            ["nonce"] = "n-0S6",
        };

        public string KeycloakTyped(string type) =>
            Pair.Keycloak.Sign(new Dictionary<string, object?>(TokenShapes.Keycloak(Pair.Keycloak, "anna", "spa", Now, "frames:read", "videos:read"), StringComparer.Ordinal) { ["typ"] = type });

        public string StrangersKeys() => $"{Pair.Providers.Open("stranger", Stranger).Issuer}/.well-known/jwks.json";

        public SigningKey WithWeakKey()
        {
            Pair.Cognito.Keys = [Key, Weak];
            return Weak;
        }

        private Dictionary<string, object?> Shape() => TokenShapes.CognitoAccess(Pair.Cognito, "anna", "app", Now, Scopes);
    }
}
