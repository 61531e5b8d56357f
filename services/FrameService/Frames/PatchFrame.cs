using System.Data.Common;
using FrameService.Sessions;
using FrameVideo.Contracts;
using FrameVideo.Hosting;
using FrameVideo.Jobs;

namespace FrameService.Frames;

/// <summary>Changes a frame's texts.</summary>
internal sealed class PatchFrame(DbDataSource database, SessionTable sessions, FrameTable frames)
{
    public Task<FrameRow> RunAsync(SessionKey key, int number, PatchFrameRequest patch, Precondition precondition, CancellationToken cancellationToken)
    {
        var limits = new Limits();
        limits.Text("description", patch.Description);
        limits.Text("prompt", patch.Prompt);
        limits.Text("sceneStory", patch.SceneStory);
        limits.ThrowIfAny();
        return database.WriteAsync(
            async transaction =>
            {
                await sessions.TakeAsync(transaction, key);
                var row = await FrameTable.FindAsync(transaction, key, number) ?? throw new ProblemException(ErrorCodes.FrameNotFound, $"Session {key.RequestId} has no frame {number}.");
                precondition.Require(row.Revision);
                await frames.WriteAsync(transaction, row with
                {
                    Description = Changed(patch.Description, row.Description),
                    Prompt = Changed(patch.Prompt, row.Prompt),
                    SceneStory = Changed(patch.SceneStory, row.SceneStory),
                });
                return (await FrameTable.FindAsync(transaction, key, number))!;
            },
            cancellationToken);
    }

    private static string? Changed(string? given, string? present) => given switch { null => present, "" => null, _ => given };
}
