using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;

namespace FrameVideo.Hosting;

/// <summary>What every URL of a user's has to be, before anybody looks up its host.</summary>
internal static class WebAddress
{
    /// <summary>The longest that is taken, also once it is escaped.</summary>
    public const int MaxLength = 2048;

    /// <summary>Ports at which nobody speaks HTTP (WHATWG Fetch, "bad ports"): a mail server would take a request for mail.</summary>
    private static readonly FrozenSet<int> BadPorts = new[]
    {
        0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179,
        389, 427, 465, 512, 513, 514, 515, 526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061,
        6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
    }.ToFrozenSet();

    /// <summary>Reads a URL; else says what is wrong with it, as the end of a sentence that begins with its name.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out Uri? uri, [NotNullWhen(false)] out string? problem)
    {
        uri = null;
        problem = text.Length > MaxLength ? $"has {text.Length} characters; at most {MaxLength} are taken."
            : text.Any(c => char.IsControl(c) || char.IsWhiteSpace(c)) || !Uri.TryCreate(text, UriKind.Absolute, out uri) || uri.Scheme is not ("http" or "https") || uri.DnsSafeHost.Length == 0 ? "is an absolute http or https URL."
            : uri.AbsoluteUri.Length > MaxLength ? $"is longer than {MaxLength} characters once it is escaped."
            : uri.UserInfo.Length > 0 ? "has no user and no password in it."
            : BadPorts.Contains(uri.Port) ? $"has port {uri.Port}, which is not one of HTTP."
            : null;
        return problem is null;
    }
}
