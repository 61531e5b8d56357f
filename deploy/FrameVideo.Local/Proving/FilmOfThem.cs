using FrameVideo.Contracts;
using FrameVideo.Local.Pair;

namespace FrameVideo.Local.Proving;

/// <summary>A film from the frames that went through the outage.</summary>
internal static class FilmOfThem
{
    public static async Task<Video> RunAsync(ProofRun run, Session session, CancellationToken cancellation)
    {
        run.Checks.Heading("3. A film of them", "  The request ID is all that VideoService is told.");
        var began = run.Clock.GetTimestamp();
        var video = await run.Pair.CreateVideoAsync(new CreateVideoRequest { RequestId = session.RequestId.ToString(), Quality = VideoQuality.Draft }, cancellation);
        await using var news = run.Pair.Follow(video.Links.Events);
        while (video.Status is VideoStatus.Queued or VideoStatus.InProgress)
        {
            run.Checks.Busy($"{video.Clips.Count(clip => clip.Status == "completed")} of {video.Clips.Count} clips are rendered");
            await news.NextAsync(cancellation);
            video = await run.Pair.GetAsync<Video>(video.Links.Self, cancellation);
        }

        run.Checks.Holds(
            video.Status == VideoStatus.Completed && video.Links.Content is not null,
            $"{video.Clips.Count} clips are rendered and joined in {run.Clock.GetElapsedTime(began).TotalSeconds:0.0} s",
            () => $"a completed film was expected; it is {video.Status}: {video.Error?.Message}");
        var bytes = await run.FetchAsync(video.Links.Content!, cancellation);
        var file = Path.Combine(run.Data, "film.mp4");
        await File.WriteAllBytesAsync(file, bytes, cancellation);
        run.Checks.Holds(bytes.Length > 0 && bytes.AsSpan(4, 4).SequenceEqual("ftyp"u8), $"its link serves {bytes.Length / 1e6:0.0} MB of MP4", () => $"an MP4 file was expected; {bytes.Length} other bytes came");
        if (Programs.Find("ffprobe") is not { } ffprobe)
        {
            run.Checks.Tell("(ffprobe is not installed, so nobody looks into the file.)");
            return video;
        }

        var found = await FilmFacts.ReadAsync(ffprobe, file, cancellation);
        var wanted = new FilmFacts("h264", "yuv420p", video.Width, video.Height, (int)Math.Round(session.VideoDuration!.Value * video.Fps), session.VideoDuration.Value);
        run.Checks.Holds(
            found.Matches(wanted, video.Fps),
            $"ffprobe counts {found.Frames} frames, {found.Seconds:0.000} s, {found.Codec}, {found.PixelFormat}, {found.Width}x{found.Height}",
            () => $"{wanted} was expected; ffprobe found {found}");
        return video;
    }
}
