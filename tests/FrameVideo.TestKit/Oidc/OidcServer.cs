using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace FrameVideo.TestKit.Oidc;

/// <summary>
/// Somebody else's identity providers, on one port: each is an issuer with a discovery document and a key set, as OpenID Connect Discovery 1.0 and RFC 7517 have them, and keys of its own. They can
/// change their keys, be down, and be slow.
/// </summary>
public sealed class OidcServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, OidcIssuer> _issuers = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private OidcServer(WebApplication app, string address) => (_app, Address) = (app, address);

    public string Address { get; }

    public static async Task<OidcServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var address = $"http://127.0.0.1:{Ports.Free()}";
        builder.WebHost.UseSetting("urls", address);
        var server = new OidcServer(builder.Build(), address);
        server._app.Run(server.AnswerAsync);
        await server._app.StartAsync();
        return server;
    }

    /// <summary>Opens a provider.</summary>
    /// <param name="name">The path of its issuer; a slash at its end belongs to it, as in Auth0's.</param>
    /// <param name="keys">What it signs with; an RSA key by default.</param>
    public OidcIssuer Open(string name, params SigningKey[] keys) =>
        _issuers.GetOrAdd(name.TrimEnd('/'), _ => new OidcIssuer($"{Address}/{name}", keys.Length > 0 ? keys : [SigningKey.Rsa()]));

    public async ValueTask DisposeAsync()
    {
        _end.TrySetResult();
        using var now = new CancellationTokenSource(TimeSpan.Zero);
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!.Trim('/');
        var name = path.Split("/.well-known")[0];
        if (!_issuers.TryGetValue(name, out var issuer))
        {
            context.Response.StatusCode = 404;
            return;
        }

        issuer.Count(path);
        if (issuer.IsSlow) await _end.Task.WaitAsync(context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (issuer.IsDown || issuer.IsSlow)
        {
            context.Abort();
            return;
        }

        await context.Response.WriteAsJsonAsync(path.EndsWith("jwks.json", StringComparison.Ordinal) ? issuer.KeySet() : issuer.Document());
    }
}
