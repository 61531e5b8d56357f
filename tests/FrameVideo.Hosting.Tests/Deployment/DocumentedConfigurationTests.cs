using System.Text.RegularExpressions;
using FrameService.Operations;
using FrameVideo.TestKit;
using VideoService.Operations;

namespace FrameVideo.Hosting.Tests.Deployment;

/// <summary>What operators read is what the services read.</summary>
public sealed class DocumentedConfigurationTests
{
    /// <summary>Of the framework, the SDK and the images.</summary>
    private static readonly string[] Foreign = ["ASPNETCORE_URLS"];

    private static readonly HashSet<string> Known = FrameProgram.Keys().All.Concat(VideoProgram.Keys().All).ToHashSet(StringComparer.Ordinal);

    [Fact]
    public void The_README_names_every_key_and_no_other()
    {
        var table = Section(Read("README.md"), "## Configuration").Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal));
        var named = table.SelectMany(line => Regex.Matches(line.Split('|')[1], "`([^`]+)`").Select(match => match.Groups[1].Value)).ToList();
        Assert.Equal(named.Count, named.Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(Known.Order(StringComparer.Ordinal), named.Except(Foreign, StringComparer.Ordinal).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Compose_sets_keys_that_are_read()
    {
        var set = Regex.Matches(Read("deploy/compose.yaml"), "^ +(?<key>[A-Z][A-Za-z]+(?:__[A-Za-z]+)*): ", RegexOptions.Multiline | RegexOptions.ExplicitCapture).Select(match => match.Groups["key"].Value.Replace("__", ":", StringComparison.Ordinal)).ToHashSet(StringComparer.Ordinal);
        Assert.Contains("Storage:PublicEndpoint", set);
        // The front door's own, besides.
        Assert.Equal(["VideoService:Url"], set.Except(Known, StringComparer.Ordinal));
    }

    [Fact]
    public void The_Dockerfile_publishes_projects_that_there_are()
    {
        var published = Regex.Matches(Read("deploy/Dockerfile"), "dotnet publish ([^ ]+)").Select(match => match.Groups[1].Value).ToList();
        Assert.Equal(3, published.Count);
        Assert.All(published, folder => Assert.True(File.Exists(Repository.Combine(folder, Path.GetFileName(folder) + ".csproj")), folder));
    }

    private static string Section(string text, string heading)
    {
        var rest = text[text.IndexOf(heading, StringComparison.Ordinal)..];
        return rest[..rest.IndexOf("\n## ", StringComparison.Ordinal)];
    }

    private static string Read(string path) => File.ReadAllText(Repository.Combine(path));
}
