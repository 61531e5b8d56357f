using System.Net;
using FrameVideo.Contracts;
using FrameVideo.Local.Client;

namespace FrameVideo.Local.Proving;

/// <summary>One ID in every place where it stands, and the refusal that keeps it so.</summary>
internal static class SameId
{
    public static async Task RunAsync(ProofRun run, Session session, Video video, CancellationToken cancellation)
    {
        run.Checks.Heading(
            "4. One ID, wherever you look",
            """
              It used to be that every step made an ID of its own. Here is what each place says of this film and its frame 1.
            """);
        var id = session.RequestId.ToString();
        var frame = session.Frames![0];
        var (rowId, rowKey) = await FrameRow.ReadAsync(run.Data, session, cancellation);
        List<(string Where, string What)> places =
        [
            ("database row", $"request_id = {rowId}"),
            ("object key", rowKey),
            ("image link", Unsigned(frame.ImageUrl!)),
            ("session JSON", $"\"requestId\": \"{session.RequestId}\", \"sessionId\": \"{session.SessionId}\""),
            ("video JSON", $"\"requestId\": \"{video.RequestId}\""),
            ("film's key", video.ObjectKey.ToString()!),
            ("log line", await LogLineAsync(run, "frames.log", "Starting frame generation with request ID: ", id, cancellation)),
        ];
        run.Checks.Table(id, places);
        run.Checks.Holds(
            places.TrueForAll(place => place.What.Contains(id, StringComparison.Ordinal)) && rowKey == frame.ObjectKey.ToString(),
            $"all {places.Count} name the same request ID",
            () => $"{id} was expected in: {string.Join(", ", places.Where(place => !place.What.Contains(id, StringComparison.Ordinal)).Select(place => place.Where))}");
        await RefusalAsync(run, session, cancellation);
    }

    private static async Task RefusalAsync(ProofRun run, Session session, CancellationToken cancellation)
    {
        run.Checks.Heading(
            "5. The old mistake, made again",
            """
              The frames of one request are saved under another ID. That is how frames and sessions used to part, without a word.
            """);
        var other = RequestId.New(run.Clock);
        var frames = session.Frames!.Take(3).Select(frame => new SaveFrame { Number = frame.Number, ImageUrl = frame.ImageUrl }).ToList();
        Refusal? refusal = null;
        try
        {
            await run.Pair.CreateSessionAsync(new CreateSessionRequest { RequestId = other.ToString(), Frames = frames }, cancellation);
        }
        catch (Refusal refused)
        {
            refusal = refused;
        }

        run.Checks.Holds(
            refusal is { Status: HttpStatusCode.Conflict, Code: "request-id-mismatch" },
            $"saving frames 1 to 3 as {other} is refused: 409 {refusal?.Code}",
            () => $"409 request-id-mismatch was expected; the answer was {(refusal is null ? "success" : $"{(int)refusal.Status} {refusal.Code}")}");
        run.Checks.Tell($"\"{refusal!.Detail}\"");
        run.Checks.Holds(
            refusal.Detail.Contains(session.RequestId.ToString(), StringComparison.Ordinal) && frames.TrueForAll(frame => Words(refusal.Detail).Contains(frame.Number.ToString())),
            "the refusal names the frames, and the ID to which they belong",
            () => $"frames 1, 2, 3 and {session.RequestId} were expected in: {refusal.Detail}");
        run.Checks.Holds(await IsUnknownAsync(run, other, cancellation), "and nothing was saved under the other ID", () => $"no session {other} was expected; there is one");
    }

    private static string[] Words(string text) => text.Split([' ', ',', '.', ':'], StringSplitOptions.RemoveEmptyEntries);

    private static async Task<bool> IsUnknownAsync(ProofRun run, RequestId id, CancellationToken cancellation)
    {
        try
        {
            await run.Pair.GetSessionAsync(id, cancellation);
            return false;
        }
        catch (Refusal refusal)
        {
            return refusal.Status == HttpStatusCode.NotFound;
        }
    }

    private static async Task<string> LogLineAsync(ProofRun run, string file, string words, string id, CancellationToken cancellation)
    {
        // Still being written.
        await using var stream = new FileStream(Path.Combine(run.Data, "logs", file), FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(stream);
        while (await reader.ReadLineAsync(cancellation) is { } line)
        {
            var at = line.IndexOf(words + id, StringComparison.Ordinal);
            if (at >= 0) return line.Substring(at, words.Length + id.Length);
        }

        return "none";
    }

    /// <summary>The link without the address of this run, and without its signature.</summary>
    private static string Unsigned(string link) => new Uri(link) is { Query: ['?', ..] query } signed ? $"{signed.AbsolutePath}?{query[1..].Split('=')[0]}=..." : new Uri(link).AbsolutePath;
}
