using System.Text.RegularExpressions;
using FrameVideo.TestKit;

namespace FrameVideo.Api.Tests.Documents;

/// <summary>The files for people (<c>frames.http</c>, <c>videos.http</c>) call every operation of the documents, and nothing else.</summary>
public sealed partial class HttpFileTests
{
    [Theory]
    [InlineData("FrameService", "frames.http")]
    [InlineData("VideoService", "videos.http")]
    public void Every_operation_is_in_the_file_for_people(string service, string name)
    {
        var document = ApiDocument.Of(service);
        var requests = Request().Matches(File.ReadAllText(Repository.Combine("services", service, name))).Select(match => (Method: match.Groups["method"].Value, Path: PathOf(match.Groups["url"].Value))).ToList();
        foreach (var (method, path) in requests) Assert.True(document.Find(method, path) is not null, $"{method} {path} is no operation");
        var called = requests.Select(request => document.Find(request.Method, request.Path)!.Id).ToHashSet(StringComparer.Ordinal);
        Assert.Empty(document.Operations.Select(operation => operation.Id).Except(called, StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("FrameService", "frames.http")]
    [InlineData("VideoService", "videos.http")]
    public void Every_variable_of_the_file_for_people_is_set_in_it(string service, string name)
    {
        var text = File.ReadAllText(Repository.Combine("services", service, name));
        var set = Setting().Matches(text).Concat(Naming().Matches(text)).Select(match => match.Groups["name"].Value).ToHashSet(StringComparer.Ordinal);
        Assert.Empty(Variable().Matches(text).Select(match => match.Groups["name"].Value).Except(set, StringComparer.Ordinal));
    }

    private static string PathOf(string url) => Variable().Replace(url[(url.IndexOf("}}", StringComparison.Ordinal) + 2)..].Split('?')[0], "x");

    [GeneratedRegex(@"^(?<method>GET|PUT|POST|DELETE|PATCH|HEAD) (?<url>\{\{(host|videos)}}\S+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Request();

    [GeneratedRegex(@"^@(?<name>\w+) *=", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Setting();

    [GeneratedRegex(@"^# @name (?<name>\w+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Naming();

    [GeneratedRegex(@"\{\{(?<name>\w+)[^}]*}}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Variable();
}
