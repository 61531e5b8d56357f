using System.Security.Cryptography;
using FrameVideo.Contracts;

namespace FrameVideo.Local.Proving;

/// <summary>Storage that fails in the middle of generation costs nothing.</summary>
internal static class StorageCut
{
    private const int Frames = 16;

    /// <summary>Returns the session, stored whole in the end.</summary>
    public static async Task<Session> RunAsync(ProofRun run, CancellationToken cancellation)
    {
        run.Checks.Heading(
            "2. Storage fails in the middle",
            """
              It used to be that frames which S3 refused were lost, and with them the session.
            """);
        var begun = await run.Pair.CreateSessionAsync(
            new CreateSessionRequest { Prompt = "A paper boat crosses a stormy sea", VideoDuration = 12, FrameCount = Frames, Mood = Mood.Dramatic, Seed = 11 }, cancellation);
        var id = begun.RequestId;
        var cut = await run.UntilAsync(id, state => ProofRun.Count(state, FrameStatus.Stored) >= 2, "two frames were to be stored", TimeSpan.FromSeconds(60), cancellation);
        await File.WriteAllBytesAsync(run.OutageFile, [], cancellation);
        run.Checks.Holds(
            ProofRun.Count(cut, FrameStatus.Stored) < Frames,
            $"storage is cut while {id} is being drawn: {ProofRun.Count(cut, FrameStatus.Stored)} of {Frames} frames are stored",
            () => "generation was over before storage could be cut");

        run.Checks.Busy("the other frames are being drawn");
        var session = await run.UntilAsync(id, state => state.Status == SessionStatus.Completed, "generation was to go on", TimeSpan.FromSeconds(120), cancellation);
        var inline = session.Frames!.Where(frame => frame.Status == FrameStatus.Inline).ToList();
        run.Checks.Holds(
            inline.Count > 0 && inline.Count + ProofRun.Count(session, FrameStatus.Stored) == Frames,
            $"generation goes on and completes: {ProofRun.Counts(session)} (kept by the service itself)",
            () => $"every frame was to be stored or inline; they are {ProofRun.Counts(session)}");
        var served = 0;
        foreach (var frame in inline)
        {
            if (Convert.ToHexStringLower(SHA256.HashData(await run.FetchAsync(frame.ImageUrl!, cancellation))) == frame.Sha256) served++;
        }

        run.Checks.Holds(
            served == inline.Count, $"the link of each of the {inline.Count} serves its picture, byte for byte, while storage is down", () => $"{inline.Count} pictures were expected; {served} were served whole");
        var plan = await run.Pair.PlanVideoAsync(new CreateVideoRequest { RequestId = id.ToString() }, cancellation);
        run.Checks.Holds(plan.Frames.Count == Frames, $"VideoService finds all {Frames} by the same ID", () => $"{Frames} frames were expected; VideoService found {plan.Frames.Count}");

        File.Delete(run.OutageFile);
        run.Checks.Busy("storage is back; the service notices by itself");
        var back = run.Clock.GetTimestamp();
        var stored = await run.UntilAsync(id, state => ProofRun.Count(state, FrameStatus.Stored) == Frames, $"all {Frames} frames were to be stored", TimeSpan.FromSeconds(90), cancellation);
        run.Checks.Holds(
            stored.Frames!.Zip(session.Frames!).All(pair => pair.First.ObjectKey == pair.Second.ObjectKey && pair.First.Sha256 == pair.Second.Sha256),
            $"storage is back: {run.Clock.GetElapsedTime(back).TotalSeconds:0.0} s later all {Frames} are stored, and nobody did anything",
            () => "the stored frames are not those that were kept");
        return stored;
    }
}
