using FrameVideo.Contracts;

namespace FrameVideo.Local.Proving;

/// <summary>Frames that one service has just made are found by the other at once.</summary>
internal static class FoundAtOnce
{
    public static async Task<Session> RunAsync(ProofRun run, CancellationToken cancellation)
    {
        run.Checks.Heading(
            "1. Frames are found the moment they exist",
            """
              It used to be that frames had just been made and the video service answered "no frames found".
            """);
        var began = run.Clock.GetTimestamp();
        var begun = await run.Pair.CreateSessionAsync(
            new CreateSessionRequest { Prompt = "A lighthouse keeper rows out into the fog and comes back with the sun", VideoDuration = 30, Seed = 7 }, cancellation);
        run.Checks.Busy("six frames are being drawn");
        var session = await run.UntilAsync(begun.RequestId, state => state.Status == SessionStatus.Completed, "generation was to be done", TimeSpan.FromSeconds(60), cancellation);
        var asked = run.Clock.GetTimestamp();
        var plan = await run.Pair.PlanVideoAsync(new CreateVideoRequest { RequestId = session.RequestId.ToString() }, cancellation);
        var found = run.Clock.GetElapsedTime(asked);

        run.Checks.Holds(
            session.Frames?.Count == 6 && ProofRun.Count(session, FrameStatus.Stored) == 6,
            $"FrameService drew and stored 6 frames in {run.Clock.GetElapsedTime(began, asked).TotalSeconds:0.0} s, as {session.RequestId}",
            () => $"6 stored frames were expected; there are {ProofRun.Counts(session)}");
        run.Checks.Holds(
            plan.RequestId == session.RequestId && plan.Frames.Count == 6,
            $"VideoService, asked in the same moment and only once, found all 6 by that ID ({found.TotalMilliseconds:0} ms)",
            () => $"6 frames of {session.RequestId} were expected; VideoService found {plan.Frames.Count} of {plan.RequestId}");
        run.Checks.Holds(
            plan.Frames.Zip(session.Frames!).All(pair => pair.First.ObjectKey == pair.Second.ObjectKey && pair.First.Sha256 == pair.Second.Sha256),
            "and they are the same pictures: every key and every SHA-256 is equal",
            () => "the keys and hashes that VideoService found are not those of the session");
        return session;
    }
}
