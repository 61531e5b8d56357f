using FrameVideo.Contracts;
using FrameVideo.Storage;
using Microsoft.Extensions.Configuration;

namespace FrameVideo.Hosting;

/// <summary>
/// Writes the addresses that answers carry. With <c>PublicUrl</c> configured they are absolute; without it they are paths on the service's own origin.
/// </summary>
public sealed class PublicLinks(IConfiguration configuration, LinkTokens tokens, TimeProvider clock)
{
    /// <summary>How long a link with our token works; it is written again, the same, for half of that.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    private readonly string _base = (configuration["PublicUrl"] ?? "").TrimEnd('/');

    /// <summary>A path of this service, as clients call it.</summary>
    public string To(string path) => _base + path;

    /// <summary>A path of this service with a token, so that it can be read without headers until it expires.</summary>
    public Link Signed(UserId user, string path)
    {
        var half = Lifetime.Ticks / 2;
        var expires = new DateTimeOffset(((clock.GetUtcNow().Ticks / half) + 2) * half, TimeSpan.Zero);
        return new Link($"{To(path)}?token={tokens.Sign(user, path, expires)}", expires);
    }
}
