using System.Text.Json.Nodes;
using FrameService.Operations;
using FrameVideo.Hosting;
using FrameVideo.TestKit;
using VideoService.Operations;

namespace FrameVideo.Api.Tests.Documents;

/// <summary>The OpenAPI documents of both services: as the code tells them, as they are committed, and as the last release had them.</summary>
internal static class ServiceDocuments
{
    public static readonly string[] Services = ["FrameService", "VideoService"];

    /// <summary>For theories over both services.</summary>
    public static TheoryData<string> Each => [.. Services];

    /// <summary>Where a service's document is committed.</summary>
    public static string PathOf(string service, bool released = false) => Repository.Combine("services", service, released ? "openapi.released.json" : "openapi.json");

    /// <summary>The committed document.</summary>
    public static JsonObject Read(string service, bool released = false) => JsonNode.Parse(File.ReadAllText(PathOf(service, released)))!.AsObject();

    /// <summary>What <c>dotnet &lt;Service&gt;.dll openapi</c> writes, under a data folder of its own.</summary>
    public static async Task<string> WriteAsync(string service, params string[] arguments)
    {
        using var data = new TempFolder();
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var code = await ProgramOf(service).RunAsync(["openapi", .. arguments, $"--Data:Folder={data.Path}"], output, errors);
        return code == 0 ? output.ToString() : throw new InvalidOperationException(errors.ToString());
    }

    private static ServiceProgram ProgramOf(string service) => service == "FrameService" ? FrameProgram.Create() : VideoProgram.Create();
}
