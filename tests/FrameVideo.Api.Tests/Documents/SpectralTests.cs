using FrameVideo.TestKit;
using FrameVideo.TestKit.Servers;

namespace FrameVideo.Api.Tests.Documents;

/// <summary>The committed documents before Spectral, with its OpenAPI and OWASP rule sets; what is argued stands in <c>tests/node/spectral.yaml</c>.</summary>
[Needs(TestServers.Node)]
public sealed class SpectralTests
{
    [ServerFact]
    public void Spectral_finds_nothing_in_the_documents()
    {
        Copy(service => File.ReadAllText(ServiceDocuments.PathOf(service)));
        NodePrograms.Run("spectral", ["lint", "documents/FrameService.json", "documents/VideoService.json", "--ruleset", "spectral.yaml", "--fail-severity", "hint"]);
    }

    [ServerFact]
    public void Spectral_would_find_an_example_that_its_schema_does_not_allow()
    {
        var bent = ServiceDocuments.Read("VideoService");
        foreach (var path in bent["paths"]!.AsObject().Select(path => path.Key).Where(path => path != "/v1/videos/{videoId}").ToList()) bent["paths"]!.AsObject().Remove(path);
        bent["paths"]!["/v1/videos/{videoId}"]!["get"]!["responses"]!["200"]!["content"]!["application/json"]!["example"]!["progress"] = 101;
        Directory.CreateDirectory(Path.Combine(NodePrograms.Folder, "documents"));
        File.WriteAllText(Path.Combine(NodePrograms.Folder, "documents", "Bent.json"), bent.ToJsonString());
        var failure = Assert.Throws<InvalidOperationException>(() => NodePrograms.Run("spectral", ["lint", "documents/Bent.json", "--ruleset", "spectral.yaml"]));
        Assert.Contains("oas3-valid-media-example", failure.Message, StringComparison.Ordinal);
    }

    private static void Copy(Func<string, string> text)
    {
        var folder = Directory.CreateDirectory(Path.Combine(NodePrograms.Folder, "documents")).FullName;
        foreach (var service in ServiceDocuments.Services) File.WriteAllText(Path.Combine(folder, $"{service}.json"), text(service));
    }
}
