using System.Runtime.CompilerServices;

namespace FrameVideo.TestKit.Providers;

/// <summary>Takes the keys of real AI services out of the environment of every process that tests, and so of those that it starts: no test pays, and none is chosen a provider for that it did not name.</summary>
internal static class NoRealKeys
{
    private static readonly string[] Names = ["OPENAI_API_KEY", "OPENAI_BASE_URL", "RUNWAYML_API_SECRET"];

#pragma warning disable CA2255 // It is to happen before anything of a test does.
    [ModuleInitializer]
    internal static void Clear()
    {
        foreach (var name in Names) Environment.SetEnvironmentVariable(name, null);
    }
#pragma warning restore CA2255
}
