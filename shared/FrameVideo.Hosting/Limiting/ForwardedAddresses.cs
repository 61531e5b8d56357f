using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Configuration;
using IPNetwork = System.Net.IPNetwork;

namespace FrameVideo.Hosting;

/// <summary>
/// Takes a client's address from <c>X-Forwarded-For</c> where the connection comes from a proxy that is known: this machine, and the networks of <c>ForwardedHeaders:KnownNetworks</c>.
/// From anybody else it is a word that is not taken. The front door does the same.
/// </summary>
internal static class ForwardedAddresses
{
    /// <summary>The configuration's key: a list of networks (<c>10.0.0.0/8</c>) or addresses.</summary>
    public const string Key = "ForwardedHeaders:KnownNetworks";

    /// <summary>Stands first in the pipeline.</summary>
    /// <exception cref="InvalidDataException">An entry is no network.</exception>
    public static void UseForwardedAddresses(this IApplicationBuilder app, IConfiguration configuration)
    {
        // The scheme and the host that clients see are those of PublicUrl.
        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor, ForwardLimit = null };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        options.KnownIPNetworks.Add(IPNetwork.Parse("127.0.0.0/8"));
        options.KnownIPNetworks.Add(IPNetwork.Parse("::1/128"));
        foreach (var entry in configuration.GetSection(Key).GetChildren().Select(child => child.Value ?? "")) options.KnownIPNetworks.Add(NetworkOf(entry));
        app.UseForwardedHeaders(options);
    }

    private static IPNetwork NetworkOf(string entry) =>
        IPNetwork.TryParse(entry, out var network) ? network
        : IPAddress.TryParse(entry, out var address) ? new IPNetwork(address, address.GetAddressBytes().Length * 8)
        : throw new InvalidDataException($"{Key}: '{entry}' is no network (10.1.0.0/16, without bits beyond its length) and no address.");
}
