using System.Diagnostics.CodeAnalysis;
using System.Net;
using Microsoft.Extensions.Options;

namespace FrameVideo.Hosting;

/// <summary>Which addresses receivers may have: those of the public Internet, and what <see cref="CallbackOptions.AllowPrivate"/> names.</summary>
internal sealed class CallbackHosts
{
    private readonly List<IPNetwork> _networks = [];
    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase);

    /// <exception cref="InvalidDataException">An entry is neither a network nor a name.</exception>
    [SuppressMessage("Design", "MA0015", Justification = "It names the configuration's key.")]
    public CallbackHosts(IEnumerable<string> allowed)
    {
        foreach (var entry in allowed)
        {
            if (IPNetwork.TryParse(entry, out var network)) _networks.Add(network);
            else if (IPAddress.TryParse(entry, out var address)) _networks.Add(new IPNetwork(address, address.GetAddressBytes().Length * 8));
            else if (Uri.CheckHostName(entry) == UriHostNameType.Dns) _names.Add(entry);
            else throw new InvalidDataException($"Callbacks:AllowPrivate: '{entry}' is no network (10.1.0.0/16, without bits beyond its length), no address and no host name.");
        }
    }

    public CallbackHosts(IOptions<CallbackOptions> options)
        : this(options.Value.AllowPrivate)
    {
    }

    /// <summary>Whether a host may be called at an address that its name has.</summary>
    public bool IsAllowed(string host, IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        return GuardedHttp.IsPublic(address) || _names.Contains(host) || _networks.Any(network => network.Contains(address));
    }

    /// <summary>What can be told without a look-up: false for an address that is not allowed, and for this machine by its name.</summary>
    public bool MayBeAllowed(Uri url)
    {
        var host = url.DnsSafeHost.TrimEnd('.');
        if (IPAddress.TryParse(host, out var address)) return IsAllowed(host, address);
        var isLocal = host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase);
        return !isLocal || IsAllowed(host, IPAddress.Loopback);
    }
}
