using FrameVideo.Api.Tests.Documents;
using FrameVideo.TestKit;

namespace FrameVideo.Api.Tests.Clients;

/// <summary>The client that openapi-typescript makes of the committed documents, with what calls it, compiled; once for all tests.</summary>
public sealed class TypeScriptClient : IDisposable
{
    private static readonly string Sources = Repository.Combine("tests", "FrameVideo.Api.Tests", "Clients", "TypeScript");
    private readonly Lazy<string> _folder;

    public TypeScriptClient() => _folder = new Lazy<string>(Compile);

    /// <summary>Where a browser finds <c>index.html</c>, and Node <c>readme.js</c>.</summary>
    public string Folder => _folder.Value;

    public void Dispose()
    {
        if (_folder.IsValueCreated) Directory.Delete(_folder.Value, recursive: true);
    }

    private static string Compile()
    {
        // Below the programs' folder, where the compiler and Node find openapi-fetch.
        var folder = Directory.CreateDirectory(Path.Combine(NodePrograms.Folder, $"clients-{Environment.ProcessId}")).FullName;
        foreach (var file in Directory.GetFiles(Sources)) File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        // As the README says, except for where the service is; a package of modules lets Node await at the top.
        File.WriteAllText(Path.Combine(folder, "readme.ts"), Readme.Block("### TypeScript", 1)
            .Replace("\"http://localhost:8080\"", "globalThis.API", StringComparison.Ordinal).Replace("\"fv_...\"", "globalThis.KEY", StringComparison.Ordinal)
            .Replace("videoDuration: 10", "videoDuration: 2, frameCount: 2", StringComparison.Ordinal) + "declare global { var API: string; var KEY: string; }\n");
        File.WriteAllText(Path.Combine(folder, "package.json"), """{"type": "module"}""");
        NodePrograms.Run("openapi-typescript", [ServiceDocuments.PathOf("FrameService"), "--output", Path.Combine(folder, "frames.d.ts")]);
        NodePrograms.Run("openapi-typescript", [ServiceDocuments.PathOf("VideoService"), "--output", Path.Combine(folder, "videos.d.ts")]);
        NodePrograms.Run("tsc", ["--project", folder]);
        File.Copy(Path.Combine(NodePrograms.Folder, "node_modules", "openapi-fetch", "dist", "index.mjs"), Path.Combine(folder, "openapi-fetch.mjs"));
        return folder;
    }
}
