using FrameVideo.Contracts;

namespace FrameVideo.Hosting;

/// <summary>Checks a <c>callbackUrl</c> as it comes in. The address that its host has is checked at every attempt.</summary>
public sealed class CallbackUrls
{
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
        if (!WebAddress.TryParse(url, out var uri, out var problem)) return $"callbackUrl {problem}";
        if (uri.Fragment.Length > 0) return "callbackUrl has no fragment (#...): it would not be sent.";
        if (!_hosts.MayBeAllowed(uri)) return "callbackUrl leads to this machine or a private network. An operator may allow receivers there by Callbacks:AllowPrivate.";
        return _secrets.Of(user).Count == 0 ? "Callbacks are signed, and no secret is configured here. An operator sets Callbacks:Secrets." : null;
    }
}
