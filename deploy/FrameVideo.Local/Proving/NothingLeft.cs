using System.Net;
using FrameVideo.Contracts;
using FrameVideo.Local.Client;

namespace FrameVideo.Local.Proving;

/// <summary>Where rows and objects lie outside of the folder of this run, they do not go with it, and are taken away.</summary>
internal static class NothingLeft
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    public static async Task RunAsync(ProofRun run, IReadOnlyList<Session> sessions, Video video, CancellationToken cancellation)
    {
        run.Checks.Heading(
            "6. Nothing is left",
            """
              This run used servers that stay, so its sessions are deleted. VideoService hears of that by itself, and removes the film.
            """);
        var began = run.Clock.GetTimestamp();
        foreach (var session in sessions) await run.Pair.DeleteSessionAsync(session.RequestId, cancellation);
        run.Checks.Busy("the film is still there");
        while (!await IsGoneAsync(run, video, cancellation) && run.Clock.GetElapsedTime(began) < Patience) await Task.Delay(TimeSpan.FromMilliseconds(200), run.Clock, cancellation);
        run.Checks.Holds(
            await IsGoneAsync(run, video, cancellation),
            $"{sessions.Count} sessions with their frames, and the film, were gone after {run.Clock.GetElapsedTime(began).TotalSeconds:0.0} s",
            () => $"video {video.Id} was to be gone within {Patience.TotalSeconds:0} s");
    }

    private static async Task<bool> IsGoneAsync(ProofRun run, Video video, CancellationToken cancellation)
    {
        try
        {
            await run.Pair.GetAsync<Video>(video.Links.Self, cancellation);
            return false;
        }
        catch (Refusal refusal) when (refusal.Status == HttpStatusCode.NotFound)
        {
            return true;
        }
    }
}
