using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using FrameVideo.Contracts;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace FrameVideo.Hosting;

/// <summary>A request that bears an <c>Idempotency-Key</c>. Its body is hashed while the operation's parameters are read from it, so it is held nowhere a second time.</summary>
internal sealed class KeyedRequest
{
    /// <summary>The header.</summary>
    public const string Header = "Idempotency-Key";

    /// <summary>The most characters of a key.</summary>
    public const int MaxLength = 255;

    private readonly HashingStream _body;

    private KeyedRequest(string key, HashingStream body) => (Key, _body) = (key, body);

    /// <summary>What the caller chose: 1-255 visible ASCII characters.</summary>
    public string Key { get; }

    /// <summary>Reads the header; null where there is none.</summary>
    /// <exception cref="ProblemException">invalid-idempotency-key.</exception>
    public static KeyedRequest? Of(HttpRequest request)
    {
        if (!request.Headers.TryGetValue(Header, out var values) || values.Count == 0) return null;
        if (!IsKey(values)) throw new ProblemException(ErrorCodes.InvalidIdempotencyKey, $"An {Header} has 1 to {MaxLength} visible ASCII characters, and a request has one of them.");
        var body = new HashingStream(request.Body);
        request.HttpContext.Response.RegisterForDispose(body);
        request.Body = body;
        return new KeyedRequest(values[0]!, body);
    }

    /// <summary>A hash of what was asked for: method, path with its query, and the body's bytes. 64 hex digits.</summary>
    public async Task<string> FingerprintAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var body = await HashBodyAsync(request, cancellationToken);
        var text = string.Create(CultureInfo.InvariantCulture, $"{request.Method}\n{request.PathBase}{request.Path}{request.QueryString}\n{body}");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }

    private static bool IsKey(StringValues values) => values is [{ Length: > 0 and <= MaxLength } key] && key.All(c => c is > ' ' and < '\x7f');

    private async Task<string> HashBodyAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (_body.IsTouched) return await _body.HashToEndAsync(cancellationToken);
        // Nobody has read it yet, so the operation may want to: what is large goes through a temporary file.
        request.Body = _body.Inner;
        request.EnableBuffering();
        var hash = await SHA256.HashDataAsync(request.Body, cancellationToken);
        request.Body.Position = 0;
        return Convert.ToHexStringLower(hash);
    }
}
