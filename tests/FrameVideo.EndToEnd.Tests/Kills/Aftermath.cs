using System.Globalization;
using System.Net;
using FrameVideo.Contracts;
using FrameVideo.TestKit;

namespace FrameVideo.EndToEnd.Tests.Kills;

/// <summary>What is looked at when it is calm again: each promise from outside, and the rows past the services.</summary>
internal sealed class Aftermath(Cluster cluster, KillLoad load)
{
    private readonly List<string> _wrong = [];
    private readonly Dictionary<string, (SpreadClient Frames, SpreadClient Videos)> _clients = new(StringComparer.Ordinal);

    public IReadOnlyList<string> Wrong => _wrong;

    /// <summary>How many objects and links were compared with their hashes.</summary>
    public int Compared { get; private set; }

    /// <summary>Films and sessions that gave up after too many ends of their process, and said so.</summary>
    public int Exhausted { get; private set; }

    /// <summary>Waits until nothing is left to do: every row has ended, nothing is parked or waits for its removal, and VideoService has heard of every deletion.</summary>
    public Task CalmAsync() => Wait.UntilAsync(
        async () =>
        {
            await using var rows = cluster.Rows();
            return await CountAsync(rows.FramesAsync, "SELECT count(*) FROM sessions WHERE (status IN ('queued', 'in_progress') AND deleted_at IS NULL) OR (deleted_at IS NOT NULL AND purged_at IS NULL)") == 0
                && await CountAsync(rows.FramesAsync, "SELECT count(*) FROM parked") == 0
                && await CountAsync(rows.VideosAsync, "SELECT count(*) FROM videos WHERE (status IN ('queued', 'in_progress') AND deleted_at IS NULL) OR (deleted_at IS NOT NULL AND purged_at IS NULL)") == 0
                && await CountAsync(rows.VideosAsync, "SELECT count(*) FROM deleted_sessions WHERE purged_at IS NULL") == 0
                && await CountAsync(rows.VideosAsync, "SELECT coalesce(max(sequence), 0) FROM deleted_sessions") == await CountAsync(rows.FramesAsync, "SELECT coalesce(max(sequence), 0) FROM deletions");
        },
        "all work to end",
        TimeSpan.FromMinutes(5));

    /// <summary>Every acknowledged request has exactly one outcome, and every link leads to the bytes that were promised.</summary>
    public async Task PromisesAsync()
    {
        var deleted = load.Promises.Where(promise => promise is { Video: null, IsDeleted: true }).Select(promise => promise.Session).ToHashSet();
        foreach (var promise in load.Promises)
        {
            var (frames, videos) = ClientsOf(promise.User);
            var client = promise.Video is null ? frames : videos;
            if (await client.GetAsync(promise.Path) is not { } answer)
            {
                _wrong.Add($"{promise.Path} does not answer");
                continue;
            }

            if (answer.Status == HttpStatusCode.NotFound)
            {
                if (!promise.DeletionAsked) _wrong.Add($"{promise.Path} was never deleted and is not there");
                else if (promise.Video is null) await NothingLeftAsync(promise);
                continue;
            }

            if (promise.IsDeleted || deleted.Contains(promise.Session)) _wrong.Add($"{promise.Path}: its deletion was acknowledged, and it is there");
            if (promise.Video is null) await SessionAsync(promise, answer.Read<Session>(), client);
            else await VideoAsync(promise, answer.Read<Video>(), client);
            await EventsAsync(promise, client);
        }
    }

    /// <summary>The rows themselves: events without gaps or doubles, each film's pieces told once.</summary>
    public async Task RowsAsync()
    {
        await using var rows = cluster.Rows();
        foreach (var (read, table, id) in new (Func<string, Task<IReadOnlyList<object?[]>>>, string, string)[] { (rows.FramesAsync, "sessions", "request_id"), (rows.VideosAsync, "videos", "video_id") })
        {
            var odd = await read($"SELECT resource_id FROM events GROUP BY user_id, resource_id HAVING count(*) <> max(number) OR min(number) <> 1");
            _wrong.AddRange(odd.Select(row => $"the events of {row[0]} have gaps"));
            var counted = await read(
                $"SELECT r.{id}, r.event_number, count(e.number) FROM {table} r LEFT JOIN events e ON e.user_id = r.user_id AND e.resource_id = r.{id} WHERE r.deleted_at IS NULL GROUP BY r.{id}, r.event_number HAVING count(e.number) <> r.event_number");
            _wrong.AddRange(counted.Select(row => $"{row[0]} has counted {row[1]} events and has {row[2]}"));
        }

        var unknown = (await rows.VideosAsync("SELECT video_id, request_id FROM videos WHERE deleted_at IS NULL")).Where(row => load.Promises.All(promise => promise.Id != (string)row[0]!)).ToList();
        if (load.Unanswered == 0) _wrong.AddRange(unknown.Select(row => $"{row[0]} of {row[1]}: a film that nobody was promised"));
    }

    private async Task SessionAsync(Promise promise, Session session, SpreadClient client)
    {
        if (promise.IsCanceled ? session.Status != SessionStatus.Canceled : session.Status != SessionStatus.Completed && !(promise.CancelAsked && session.Status == SessionStatus.Canceled))
        {
            // Uploaded, and nobody knows whether it was saved.
            if (session.Status == SessionStatus.Draft && !promise.IsGenerated) return;
            if (session.Error?.Code == "attempts-exhausted") Exhausted++;
            else _wrong.Add($"{promise.Path} is {session.Status}: {session.Error}");
        }

        if (promise.IsGenerated && session.Status == SessionStatus.Completed && session.Usage.Pictures != session.FrameCount) _wrong.Add($"{promise.Path}: {session.FrameCount} frames, and {session.Usage.Pictures} pictures counted");
        foreach (var frame in session.Frames!.Where(frame => frame.ImageUrl is not null))
        {
            if (frame.Status != FrameStatus.Stored) _wrong.Add($"{promise.Path}, frame {frame.Number} is {frame.Status}");
            await CompareAsync(client, frame.ImageUrl!, frame.Sha256!, $"{promise.Path}, frame {frame.Number}");
        }

        foreach (var (number, sha256) in promise.Pictures)
        {
            if (session.Frames!.SingleOrDefault(frame => frame.Number == number)?.Sha256 != sha256) _wrong.Add($"{promise.Path}: frame {number} is not the picture that was acknowledged");
        }
    }

    private async Task VideoAsync(Promise promise, Video video, SpreadClient client)
    {
        if (promise.IsCanceled ? video.Status != VideoStatus.Canceled : video.Status != VideoStatus.Completed && !(promise.CancelAsked && video.Status == VideoStatus.Canceled))
        {
            if (video.Error?.Code == "attempts-exhausted") Exhausted++;
            else _wrong.Add($"{promise.Path} is {video.Status}: {video.Error}");
        }

        if (video.Status != VideoStatus.Completed) return;
        await CompareAsync(client, video.Links.Content!, video.Sha256!, promise.Path);
        foreach (var link in video.Clips.Select(clip => clip.Url).Append(video.Links.Poster))
        {
            if (link is null || await client.GetAsync(link) is not { IsSuccess: true, Bytes.Length: > 0 }) _wrong.Add($"{promise.Path}: a link of a completed film leads nowhere: {link}");
        }
    }

    private async Task EventsAsync(Promise promise, SpreadClient client)
    {
        if (await client.GetAsync($"{promise.Path}/events?limit=100") is not { IsSuccess: true } answer) return;
        var events = answer.Read<Page<Event>>().Items;
        if (!events.Select(entry => entry.Number).SequenceEqual(Enumerable.Range(1, events.Count).Select(number => (long)number))) _wrong.Add($"{promise.Path}: events {string.Join(' ', events.Select(entry => entry.Number))}");
        if (events.Zip(events.Skip(1)).Any(pair => pair.Second.Attempt < pair.First.Attempt)) _wrong.Add($"{promise.Path}: attempts go back: {string.Join(' ', events.Select(entry => entry.Attempt))}");
        var ends = events.Where(entry => entry.Type.Split('.')[1] is "completed" or "failed" or "canceled").ToList();
        if (ends.Count < 1 + promise.AgainPromised || ends.Count > 1 + promise.AgainAsked) _wrong.Add($"{promise.Path} has ended {ends.Count} times: {string.Join(' ', events.Select(entry => entry.Type))}");
        if (promise.Video is null) return;
        var clips = events.Where(entry => entry.Type == "video.clip_completed").GroupBy(entry => entry.Data.GetProperty("number").GetInt32());
        if (promise.AgainAsked == 0) _wrong.AddRange(clips.Where(clip => clip.Count() > 1).Select(clip => $"{promise.Path}: clip {clip.Key} was told {clip.Count()} times"));
    }

    private async Task NothingLeftAsync(Promise promise)
    {
        var left = await cluster.ObjectsOfAsync(promise.User, promise.Session);
        if (left > 0) _wrong.Add($"{promise.Path} is deleted, and {left} of its objects are there");
    }

    private async Task CompareAsync(SpreadClient client, string link, string sha256, string what)
    {
        Compared++;
        if (await client.GetAsync(link) is not { IsSuccess: true } answer) _wrong.Add($"{what}: its link leads nowhere: {link}");
        else if (Pictures.Sha256(answer.Bytes) != sha256) _wrong.Add($"{what}: other bytes than its hash says");
    }

    private (SpreadClient Frames, SpreadClient Videos) ClientsOf(string user)
    {
        if (!_clients.TryGetValue(user, out var clients)) _clients[user] = clients = (new SpreadClient(cluster.Frames, user), new SpreadClient(cluster.Videos, user));
        return clients;
    }

    private static async Task<long> CountAsync(Func<string, Task<IReadOnlyList<object?[]>>> read, string statement) => Convert.ToInt64((await read(statement))[0][0], CultureInfo.InvariantCulture);
}
