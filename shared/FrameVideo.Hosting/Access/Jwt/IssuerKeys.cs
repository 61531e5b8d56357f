using System.Buffers.Text;
using FrameVideo.Contracts;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace FrameVideo.Hosting;

/// <summary>
/// The public keys of one identity provider, by its discovery document. They are read again from time to time, and once where a token names a key that is not known. Keys that were read
/// stay in force while the provider does not answer.
/// </summary>
internal sealed partial class IssuerKeys : IDisposable
{
    private const int MinRsaBits = 2048;

    /// <summary>How soon a provider that did not answer is asked again, and how often unknown keys make us ask.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly JwtIssuerOptions _options;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly DocumentReader _documents;
    private readonly Lock _gate = new();
    private volatile IReadOnlyList<JsonWebKey> _keys = [];
    private volatile string? _trouble = "has not been asked yet";
    private Task? _running;
    private DateTimeOffset _attemptAt;
    private DateTimeOffset _unknownAt;

    public IssuerKeys(JwtIssuerOptions options, TimeProvider clock, ILogger logger) => (_options, _clock, _logger, _documents) = (options, clock, logger, new DocumentReader(options));

    /// <summary>The keys in force: another object as soon as they have been read again.</summary>
    public object InForce => _keys;

    /// <summary>How many keys are in force.</summary>
    public int Count => _keys.Count;

    /// <summary>Why the last attempt to read the keys has failed, as the end of a sentence about the provider; null where it has not.</summary>
    public string? Trouble => _trouble;

    /// <summary>The keys with which a token may be signed: the one that it names, or each that fits where it names none.</summary>
    /// <exception cref="ProblemException">identity-provider-unavailable where nobody can say; invalid-access-token where there is no such key.</exception>
    public async ValueTask<IReadOnlyList<JsonWebKey>> FindAsync(string? keyId, string algorithm, CancellationToken cancellationToken)
    {
        if (Fitting(keyId, algorithm) is { Count: > 0 } known) return known;
        await AskOnceAsync().WaitAsync(cancellationToken);
        if (Fitting(keyId, algorithm) is { Count: > 0 } found) return found;
        if (_trouble is null) throw JwtText.Refused("The token is signed with a key that its issuer does not have.");
        throw new ProblemException(ErrorCodes.IdentityProviderUnavailable, "The identity provider does not answer, so the token cannot be checked. Try again soon.") { RetryAfter = Pause };
    }

    /// <summary>Reads the keys where it is time for that.</summary>
    public Task RefreshAsync()
    {
        lock (_gate) return _clock.GetUtcNow() - _attemptAt < (_trouble is null ? _options.RefreshPeriod : Pause) ? Task.CompletedTask : ReadOnce();
    }

    /// <inheritdoc/>
    public void Dispose() => _documents.Dispose();

    /// <summary>Reads the keys for a token that names an unknown one: many such tokens make one look.</summary>
    private Task AskOnceAsync()
    {
        lock (_gate)
        {
            var now = _clock.GetUtcNow();
            if (_running is null && now - (_trouble is null ? _unknownAt : _attemptAt) < Pause) return Task.CompletedTask;
            _unknownAt = now;
            return ReadOnce();
        }
    }

    private Task ReadOnce()
    {
        if (_running is null) _attemptAt = _clock.GetUtcNow();
        return _running ??= Task.Run(ReadAsync);
    }

    private async Task ReadAsync()
    {
        string? trouble = null;
        try
        {
            using var limit = new CancellationTokenSource(_options.Timeout);
            var keys = (await FetchAsync(limit.Token)).Where(IsUsable).ToList();
            if (keys.Count == 0) trouble = "has no key that a token could be signed with";
            else _keys = keys;
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or OperationCanceledException)
        {
            trouble = "does not answer";
        }
        catch (Exception failure)
        {
            trouble = failure is InvalidDataException ? failure.Message : "answers with something that is no discovery document or no key set";
        }

        lock (_gate) _running = null;
        if (trouble is not null && trouble != _trouble) Broken(_options.Issuer, trouble, _keys.Count);
        if (trouble is null && _trouble is not null) Read(_keys.Count, _options.Issuer);
        _trouble = trouble;
    }

    private async Task<IEnumerable<JsonWebKey>> FetchAsync(CancellationToken cancellationToken)
    {
        if (_options.JwksUrl is { } keySet) return new JsonWebKeySet(await _documents.GetDocumentAsync(keySet, cancellationToken)).Keys;
        var address = (_options.Authority ?? _options.Issuer).TrimEnd('/') + "/.well-known/openid-configuration";
        var document = await OpenIdConnectConfigurationRetriever.GetAsync(address, _documents, cancellationToken);
        if (document.Issuer != _options.Issuer) throw new InvalidDataException($"calls itself {document.Issuer} in its discovery document; the two have to be equal to the letter");
        return document.JsonWebKeySet?.Keys ?? [];
    }

    private IReadOnlyList<JsonWebKey> Fitting(string? keyId, string algorithm)
    {
        var keys = _keys;
        return [.. keys.Where(key => (keyId is null || key.Kid == keyId) && (string.IsNullOrEmpty(key.Alg) || key.Alg == algorithm) && key.Kty == (algorithm[0] == 'E' ? JsonWebAlgorithmsKeyTypes.EllipticCurve : JsonWebAlgorithmsKeyTypes.RSA))];
    }

    /// <summary>Public keys for signatures, of a size that is no invitation.</summary>
    private static bool IsUsable(JsonWebKey key) => key.Use is null or "" or "sig"
        && (key.Kty == JsonWebAlgorithmsKeyTypes.EllipticCurve || (key.Kty == JsonWebAlgorithmsKeyTypes.RSA && key.N is { Length: > 0 } modulus && Base64Url.IsValid(modulus) && key.KeySize >= MinRsaBits));

    [LoggerMessage(LogLevel.Warning, "The identity provider {Issuer} {Trouble}; {Count} of its keys were read before and stay in force")]
    private partial void Broken(string issuer, string trouble, int count);

    [LoggerMessage(LogLevel.Information, "{Count} keys in force of the identity provider {Issuer}")]
    private partial void Read(int count, string issuer);

    /// <summary>Reads what the provider publishes: from itself alone, over TLS unless it is on this machine, and not much of it.</summary>
    private sealed class DocumentReader(JwtIssuerOptions options) : IDocumentRetriever, IDisposable
    {
        private readonly HttpClient _http = new(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = !JwtIssuerOptions.IsLoopback(new Uri(options.JwksUrl ?? options.Authority ?? options.Issuer)),
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        })
        {
            MaxResponseContentBufferSize = 1024 * 1024,
            Timeout = Timeout.InfiniteTimeSpan,
        };

        public async Task<string> GetDocumentAsync(string address, CancellationToken cancel)
        {
            if (!JwtIssuerOptions.IsAddress(address)) throw new InvalidDataException("names an address for its keys that is not https");
            using var answer = await _http.GetAsync(new Uri(address), cancel);
            answer.EnsureSuccessStatusCode();
            return await answer.Content.ReadAsStringAsync(cancel);
        }

        public void Dispose() => _http.Dispose();
    }
}
