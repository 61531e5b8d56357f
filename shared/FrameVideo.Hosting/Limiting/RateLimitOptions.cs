using System.ComponentModel.DataAnnotations;

namespace FrameVideo.Hosting;

/// <summary>
/// How often one caller may ask one instance. Section <c>RateLimits</c>. Each number is a minute's quota, which may be spent at once and comes back evenly; 0 is no limit. Where no
/// authentication is configured nothing is limited, unless the section says something.
/// </summary>
public sealed class RateLimitOptions
{
    /// <summary>The section of the configuration that binds to this.</summary>
    public const string Section = "RateLimits";

    /// <summary>GET and HEAD of one user: 0 to 10,000,000 a minute, default 6000.</summary>
    [Range(0, 10_000_000)]
    public int Reads { get; set; } = 6000;

    /// <summary>Everything else of one user that is no upload: 0 to 10,000,000 a minute, default 1200.</summary>
    [Range(0, 10_000_000)]
    public int Writes { get; set; } = 1200;

    /// <summary>Pictures, and other bodies of more than 1 MiB, of one user: 0 to 10,000,000 a minute, default 1200.</summary>
    [Range(0, 10_000_000)]
    public int Uploads { get; set; } = 1200;

    /// <summary>Reads by the links of one user, whoever follows them: 0 to 10,000,000 a minute, default 60,000. A player of films asks for many ranges.</summary>
    [Range(0, 10_000_000)]
    public int Links { get; set; } = 60_000;

    /// <summary>What one client address asks without saying who it is: 0 to 10,000,000 a minute, default 1200. Of IPv6 the first 64 bits count.</summary>
    [Range(0, 10_000_000)]
    public int Unauthenticated { get; set; } = 1200;

    /// <summary>Keys and tokens that do not hold, of one client address: 0 to 10,000,000 a minute, default 60. When they are spent such ones are 429; what holds is let in all the same.</summary>
    [Range(0, 10_000_000)]
    public int FailedAuthentications { get; set; } = 60;

    /// <summary>Requests that one user has under way at a time, links and streams of events apart: 0 to 100,000, default 200.</summary>
    [Range(0, 100_000)]
    public int ConcurrentRequests { get; set; } = 200;

    /// <summary>Uploads among them: 0 to 100,000, default 32.</summary>
    [Range(0, 100_000)]
    public int ConcurrentUploads { get; set; } = 32;

    /// <summary>Lifts every limit.</summary>
    internal void TurnOff() => (Reads, Writes, Uploads, Links, Unauthenticated, FailedAuthentications, ConcurrentRequests, ConcurrentUploads) = (0, 0, 0, 0, 0, 0, 0, 0);
}
