using FrameVideo.Contracts;
using FrameVideo.Storage;
using Microsoft.Extensions.Configuration;

namespace FrameVideo.Hosting;

/// <summary>
/// Writes the addresses that answers carry: absolute, beginning with <c>PublicUrl</c> (by default where the service listens).
/// </summary>
public sealed class PublicLinks(IConfiguration configuration, LinkTokens tokens, TimeProvider clock, IObjectStore store)
{
    /// <summary>How long a link with our token works; it is written again, the same, for half of that.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    private readonly bool _isGuarded = AuthOptions.IsConfigured(configuration);
    private readonly string _base = (configuration["PublicUrl"] ?? "").TrimEnd('/');

    /// <summary>Whether a URL begins with our own address, is a path on it, or names an object of our store.</summary>
    public bool IsOurs(string url)
    {
        ArgumentNullException.ThrowIfNull(url);
        return IsOwnAddress(url) || store.KeyOf(url) is not null;
    }

    /// <summary>The object that a URL of ours names; null for others, and for addresses of ours that name none.</summary>
    public ObjectKey? KeyOf(string url)
    {
        ArgumentNullException.ThrowIfNull(url);
        return store.KeyOf(url) ?? (IsOwnAddress(url) ? StorageUrl.FindKey(url) : null);
    }

    /// <summary>A path of this service, as clients call it.</summary>
    public string To(string path) => _base + path;

    /// <summary>A path of this service with a token, so that it can be read without headers until it expires.</summary>
    public Link Signed(UserId user, string path) => Signed(user, path, Lifetime);

    /// <summary>
    /// A path of this service as it can be read without headers: with a token, which works for at least half of <paramref name="lifetime"/>. None is needed where no authentication is
    /// configured and the user is the one who is meant where nobody is named.
    /// </summary>
    public string WithoutHeaders(UserId user, string path, TimeSpan lifetime) => _isGuarded || user != Caller.Local ? Signed(user, path, lifetime).Url : To(path);

    private Link Signed(UserId user, string path, TimeSpan lifetime)
    {
        var half = lifetime.Ticks / 2;
        var expires = new DateTimeOffset(((clock.GetUtcNow().Ticks / half) + 2) * half, TimeSpan.Zero);
        return new Link($"{To(path)}?token={tokens.Sign(user, path, expires)}", expires);
    }

    private bool IsOwnAddress(string url) => (url.StartsWith('/') && !url.StartsWith("//", StringComparison.Ordinal))
        || (_base.Length > 0 && url.StartsWith(_base + "/", StringComparison.OrdinalIgnoreCase));
}
