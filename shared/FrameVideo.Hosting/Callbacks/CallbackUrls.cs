using System.Collections.Frozen;
using FrameVideo.Contracts;

namespace FrameVideo.Hosting;

/// <summary>Checks a <c>callbackUrl</c> as it comes in. The address that its host has is checked at every attempt.</summary>
public sealed class CallbackUrls
{
    private const int MaxLength = 2048;

    /// <summary>Ports at which nobody speaks HTTP (WHATWG Fetch, "bad ports"): a mail server would take a request for mail.</summary>
    private static readonly FrozenSet<int> BadPorts = new[]
    {
        0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179,
        389, 427, 465, 512, 513, 514, 515, 526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061,
        6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
    }.ToFrozenSet();

    private readonly CallbackSecrets _secrets;
    private readonly CallbackHosts _hosts;

    internal CallbackUrls(CallbackSecrets secrets, CallbackHosts hosts) => (_secrets, _hosts) = (secrets, hosts);

    /// <summary>Lets a URL through, or none.</summary>
    /// <exception cref="ProblemException">validation-failed, with a sentence about <c>callbackUrl</c>.</exception>
    public void Check(UserId user, string? url)
    {
        if (url is not null && Refusal(user, url) is { } reason) throw ProblemException.Field("callbackUrl", reason);
    }

    private string? Refusal(UserId user, string url)
    {
        if (url.Length > MaxLength) return $"callbackUrl has {url.Length} characters; at most {MaxLength} are taken.";
        if (url.Any(c => char.IsControl(c) || char.IsWhiteSpace(c)) || !Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.DnsSafeHost.Length == 0)
            return "callbackUrl is an absolute http or https URL.";
        if (uri.AbsoluteUri.Length > MaxLength) return $"callbackUrl is longer than {MaxLength} characters once it is escaped.";
        if (uri.UserInfo.Length > 0) return "callbackUrl has no user and no password in it; deliveries are signed.";
        if (uri.Fragment.Length > 0) return "callbackUrl has no fragment (#...): it would not be sent.";
        if (BadPorts.Contains(uri.Port)) return $"callbackUrl has port {uri.Port}, which is not one of HTTP.";
        if (!_hosts.MayBeAllowed(uri)) return "callbackUrl leads to this machine or a private network. An operator may allow receivers there by Callbacks:AllowPrivate.";
        return _secrets.Of(user).Count == 0 ? "Callbacks are signed, and no secret is configured here. An operator sets Callbacks:Secrets." : null;
    }
}
