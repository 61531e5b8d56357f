using FrameVideo.Local.CommandLine;

namespace FrameVideo.Local.Proving;

internal static class Prove
{
    public static Task<int> RunAsync(ProveCommand command, Interruption interruption) => throw new PlainFailure("later");
}
