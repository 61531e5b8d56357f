using System.ComponentModel.DataAnnotations;
using System.Net;

namespace FrameVideo.Hosting;

/// <summary>One identity provider whose access tokens count. An entry of the list <c>Auth:Jwt</c>.</summary>
public sealed class JwtIssuerOptions
{
    /// <summary>The <c>iss</c> of its tokens, to the letter: an https address, or http on loopback. A slash at the end belongs to it (Auth0 has one).</summary>
    public string Issuer { get; set; } = "";

    /// <summary>Where its discovery document is found, below <c>/.well-known/openid-configuration</c>; default <see cref="Issuer"/>. For a provider that this service reaches by another name than its users.</summary>
    public string? Authority { get; set; }

    /// <summary>Where its keys are found, for a provider without a discovery document. Default none.</summary>
    public string? JwksUrl { get; set; }

    /// <summary>Who a token has to be made for: one of these is its <c>aud</c>. This or <see cref="ClientIds"/> is needed; where both are given, both have to hold.</summary>
    public IList<string> Audiences { get; init; } = [];

    /// <summary>Applications whose tokens count, by <c>client_id</c> or <c>azp</c>. A token that names an audience needs <see cref="Audiences"/>, unless it is one of these; Cognito's access tokens name none.</summary>
    public IList<string> ClientIds { get; init; } = [];

    /// <summary>Whether ID tokens count, too. Default false: they say who has logged in, and are not meant to open anything.</summary>
    public bool AllowIdTokens { get; set; }

    /// <summary>What tokens may be signed with; default RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384 and ES512, of which these may be some.</summary>
    public IList<string> Algorithms { get; init; } = [];

    /// <summary>The claim that names the user; default <c>sub</c>. With <c>email</c> the token has to say <c>email_verified</c>.</summary>
    public string UserClaim { get; set; } = "sub";

    /// <summary>What is put before the claim to make the user ID, such as <c>partner|</c>. Needed, be it empty, where there are several issuers: two that know the same name mean one user only where this says so. Whom a longer one names is that issuer's alone: tokens of the others do not name it.</summary>
    public string? UserPrefix { get; set; }

    /// <summary>What our scopes bear before their names in tokens, such as <c>framevideo/</c> for a resource server of Cognito's. Default none; scopes of another form do not count.</summary>
    public string ScopePrefix { get; set; } = "";

    /// <summary>The scopes that a token can bring; default those of reading and writing. <c>admin</c> and <c>users:act-as</c> count where they are named here.</summary>
    public IList<string> Scopes { get; init; } = [];

    /// <summary>What a token may do that brings none of <see cref="Scopes"/>; default nothing.</summary>
    public IList<string> DefaultScopes { get; init; } = [];

    /// <summary>By how much clocks may differ: 0 to 5 minutes, default 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan ClockSkew { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How often the provider's keys are read again, and so how long a key that it took out still counts: 10 s to 24 h, default 15 minutes. A token with a key that is not known asks at once.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "24:00:00")]
    public TimeSpan RefreshPeriod { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>How long the provider may take to answer: 0.1 to 30 s, default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:00:30")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Checks the entry.</summary>
    /// <exception cref="InvalidDataException">Something about it is wrong; the message says what, and names the entry.</exception>
    internal void Check(string place)
    {
        if (!IsAddress(Issuer)) throw new InvalidDataException($"{place}: Issuer is the address that tokens have as iss, https://... (or http://127.0.0.1:... on this machine); it is '{Issuer}'.");
        if (Authority is not null && !IsAddress(Authority)) throw new InvalidDataException($"{place}: Authority is an https address (or http on loopback); it is '{Authority}'.");
        if (JwksUrl is not null && !IsAddress(JwksUrl)) throw new InvalidDataException($"{place}: JwksUrl is an https address (or http on loopback); it is '{JwksUrl}'.");
        if (Audiences.Count == 0 && ClientIds.Count == 0) throw new InvalidDataException($"{place}: Audiences or ClientIds say for whom tokens have to be made; without either, tokens for any other application would open this one.");
        if (Audiences.Concat(ClientIds).Any(string.IsNullOrWhiteSpace)) throw new InvalidDataException($"{place}: Audiences and ClientIds have no empty entries.");
        if (Algorithms.FirstOrDefault(name => !JwtText.Algorithms.Contains(name)) is { } algorithm) throw new InvalidDataException($"{place}: Algorithms are some of {string.Join(", ", JwtText.Algorithms.Order(StringComparer.Ordinal))}; '{algorithm}' is none.");
        if (Scopes.Concat(DefaultScopes).FirstOrDefault(scope => !Hosting.Scopes.All.Contains(scope)) is { } unknown)
            throw new InvalidDataException($"{place}: there is no scope '{unknown}'; there are {string.Join(", ", Hosting.Scopes.All.Order(StringComparer.Ordinal))}.");
        if (DefaultScopes.Any(scope => scope is Hosting.Scopes.Admin or Hosting.Scopes.ActAs)) throw new InvalidDataException($"{place}: DefaultScopes are for everybody who logs in, so {Hosting.Scopes.Admin} and {Hosting.Scopes.ActAs} are none.");
        if (UserClaim.Length == 0) throw new InvalidDataException($"{place}: UserClaim names the claim of the user ID, such as sub.");
        if (UserPrefix is { Length: > 0 } && !Contracts.UserId.TryParse(UserPrefix + "x", out _)) throw new InvalidDataException($"{place}: UserPrefix has characters of a user ID: A-Z, a-z, 0-9 and ._@+=:|~-");
    }

    /// <summary>Whether what is read from an address can be trusted to come from there.</summary>
    internal static bool IsAddress(string? text) => Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.UserInfo.Length == 0 && uri.Fragment.Length == 0
        && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && IsLoopback(uri)));

    /// <summary>Whether an address is this machine's.</summary>
    internal static bool IsLoopback(Uri uri) => uri.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(uri.DnsSafeHost, out var address) && IPAddress.IsLoopback(address));
}
