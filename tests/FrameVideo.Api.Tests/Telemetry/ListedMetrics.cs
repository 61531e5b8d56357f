using System.Text.RegularExpressions;
using FrameVideo.TestKit;

namespace FrameVideo.Api.Tests.Telemetry;

/// <summary>The table of metrics in the README.</summary>
internal static partial class ListedMetrics
{
    /// <summary>Each name with its unit.</summary>
    public static IReadOnlyList<(string Name, string Unit)> All { get; } =
        [.. Row().Matches(File.ReadAllText(Repository.Combine("README.md"))).Select(match => (match.Groups["name"].Value, match.Groups["unit"].Value))];

    [GeneratedRegex(@"^\| `(?<name>framevideo\.[a-z_.]+)` \| `(?<unit>[^`]+)` \|", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Row();
}
