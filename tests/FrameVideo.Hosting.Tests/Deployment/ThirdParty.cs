using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using FrameVideo.TestKit;

namespace FrameVideo.Hosting.Tests.Deployment;

/// <summary>A package of somebody else's.</summary>
/// <param name="Name">Its ID.</param>
/// <param name="Version">The one that the lock files name.</param>
/// <param name="Licence">An SPDX expression.</param>
/// <param name="Purpose">What it is for, or with what it comes along.</param>
internal sealed record ThirdPartyPackage(string Name, string Version, string Licence, string Purpose);

/// <summary>What the project has of others, as its lock files say, with the licences that the packages themselves state.</summary>
internal static class ThirdParty
{
    /// <summary>Licences under which something may be given to others with ours.</summary>
    public static readonly string[] Allowed = ["MIT", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "PostgreSQL", "OFL-1.1"];

    /// <summary>Those under which a tool may be run.</summary>
    public static readonly string[] AllowedInTests = [.. Allowed, "ISC", "0BSD", "Unlicense", "BlueOak-1.0.0", "Python-2.0", "CC0-1.0"];

    /// <summary>Old packages that state theirs in a form of former times, as it was read by a person.</summary>
    private static readonly Dictionary<string, string> ReadByHand = new(StringComparer.Ordinal) { ["xunit.abstractions"] = "Apache-2.0", ["reserved"] = "MIT" };

    private static readonly string[] BuildOnly = ["Meziantou.Analyzer", "Microsoft.CodeAnalysis.BannedApiAnalyzers"];

    private static string Packages => Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    /// <summary>What the programs are made of, and what else is needed to build and test them.</summary>
    public static (IReadOnlyList<ThirdPartyPackage> Shipped, IReadOnlyList<ThirdPartyPackage> Others) OfNuGet()
    {
        var labels = Labels();
        var (shipped, others) = (new Dictionary<(string, string), ThirdPartyPackage>(), new Dictionary<(string, string), ThirdPartyPackage>());
        foreach (var file in LockFiles().Order(StringComparer.Ordinal))
        {
            var isShipped = !Path.GetRelativePath(Repository.Root, file).StartsWith("tests", StringComparison.Ordinal);
            var packages = JsonDocument.Parse(File.ReadAllText(file)).RootElement.GetProperty("dependencies").EnumerateObject().SelectMany(framework => framework.Value.EnumerateObject())
                .Where(package => package.Value.GetProperty("type").GetString() != "Project").ToList();
            foreach (var package in packages)
            {
                var (name, version) = (package.Name, package.Value.GetProperty("resolved").GetString()!);
                var found = isShipped && !BuildOnly.Contains(name, StringComparer.Ordinal) ? shipped : others;
                found.TryAdd((name, version), new ThirdPartyPackage(name, version, LicenceOf(name, version), labels.TryGetValue(name, out var label) && package.Value.GetProperty("type").GetString() == "Direct" ? label : Bringer(packages, name, label)));
            }
        }

        return (Sorted(shipped.Values), Sorted(others.Where(package => !shipped.ContainsKey(package.Key)).Select(package => package.Value)));
    }

    /// <summary>The programs of <c>tests/node</c>.</summary>
    public static IReadOnlyList<ThirdPartyPackage> OfNpm()
    {
        var root = JsonDocument.Parse(File.ReadAllText(Repository.Combine("tests", "node", "package-lock.json"))).RootElement.GetProperty("packages");
        var found = new Dictionary<(string, string), ThirdPartyPackage>();
        foreach (var package in root.EnumerateObject().Where(package => package.Name.Length > 0))
        {
            var (name, version) = (package.Name[(package.Name.LastIndexOf("node_modules/", StringComparison.Ordinal) + "node_modules/".Length)..], package.Value.GetProperty("version").GetString()!);
            var licence = package.Value.TryGetProperty("license", out var stated) ? stated.GetString()! : ReadByHand.GetValueOrDefault(name, "none that is known");
            found.TryAdd((name, version), new ThirdPartyPackage(name, version, licence, ""));
        }

        return Sorted(found.Values);
    }

    /// <summary>The list as it is committed.</summary>
    public static string Notices()
    {
        var (shipped, others) = OfNuGet();
        var text = new StringBuilder(
            """
            # Third-party notices

            FrameVideo is under the MIT licence. What it has of others is listed here, as the lock files and the packages themselves say; `tests/renew` writes this file.

            The programs run on .NET and ASP.NET Core (MIT), which are installed beside them, and call ffmpeg (LGPL-2.1-or-later or GPL-2.0-or-later, as it was built), a program of its own.

            ## Part of the programs


            """);
        Table(text, shipped);
        text.Append("\n## Fonts in the programs\n\n| Font | Licence | Where it lies |\n|---|---|---|\n| Source Sans 3 | OFL-1.1 | `services/FrameService/Generation/Fonts`, with its licence |\n");
        text.Append("\n## For building and testing alone\n\n");
        Table(text, others);
        text.Append("\n## Programs of npm that the tests run\n\n");
        foreach (var group in OfNpm().GroupBy(package => package.Licence).OrderBy(group => group.Key, StringComparer.Ordinal))
            text.Append(null, $"- **{group.Key}**: {string.Join(", ", group.Select(package => $"{package.Name} {package.Version}"))}\n");
        return text.Replace("\r\n", "\n").ToString();
    }

    /// <summary>Whether one of the licences between which an expression lets one choose is among those that are allowed.</summary>
    public static bool IsAllowed(string licence, string[] allowed) => licence.Trim('(', ')').Split(" OR ").Any(choice => allowed.Contains(choice, StringComparer.Ordinal));

    private static void Table(StringBuilder text, IReadOnlyList<ThirdPartyPackage> packages)
    {
        text.Append("| Package | Version | Licence | For |\n|---|---|---|---|\n");
        foreach (var package in packages) text.Append(null, $"| {package.Name} | {package.Version} | {package.Licence} | {package.Purpose} |\n");
    }

    private static IEnumerable<string> LockFiles() =>
        new[] { "services", "shared", "deploy", "tests" }.SelectMany(folder => Directory.EnumerateFiles(Repository.Combine(folder), "packages.lock.json", SearchOption.AllDirectories));

    private static string LicenceOf(string name, string version)
    {
        var lower = name.ToLowerInvariant();
        var nuspec = XDocument.Load(Path.Combine(Packages, lower, version, lower + ".nuspec")).Root!;
        var stated = nuspec.Descendants().FirstOrDefault(element => element.Name.LocalName == "license" && element.Attribute("type")?.Value == "expression")?.Value;
        return stated ?? ReadByHand.GetValueOrDefault(name, "none that is known");
    }

    /// <summary>What each package of <c>Directory.Packages.props</c> is for: the label above it.</summary>
    private static Dictionary<string, string> Labels() => XDocument.Load(Repository.Combine("Directory.Packages.props")).Root!.Elements("ItemGroup")
        .SelectMany(group => group.Elements("PackageVersion").Select(package => (Name: package.Attribute("Include")!.Value, Label: group.Attribute("Label")!.Value.Split(':')[0])))
        .Where(package => package.Label != "Pinned").ToDictionary(package => package.Name, package => package.Label, StringComparer.Ordinal);

    private static string Bringer(List<JsonProperty> packages, string name, string? label) =>
        packages.FirstOrDefault(package => package.Value.TryGetProperty("dependencies", out var needs) && needs.TryGetProperty(name, out _)) is { Value.ValueKind: JsonValueKind.Object } bringer ? $"with {bringer.Name}" : label ?? "another project of ours";

    private static List<ThirdPartyPackage> Sorted(IEnumerable<ThirdPartyPackage> packages) =>
        [.. packages.OrderBy(package => package.Name, StringComparer.Ordinal).ThenBy(package => package.Version, StringComparer.Ordinal)];
}
