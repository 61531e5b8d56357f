using System.Collections.Concurrent;
using System.Net;
using FrameVideo.Contracts;
using FrameVideo.TestKit;

namespace FrameVideo.EndToEnd.Tests.Kills;

/// <summary>
/// People who generate, upload, save, film, cancel, try again, render again and delete, while services are killed under them; each remembers what was acknowledged. What they do follows from
/// the seed; when, from the machine.
/// </summary>
internal sealed class KillLoad : IDisposable
{
    private static readonly int People = Campaign.IsLong ? 6 : 3;

    private readonly ConcurrentDictionary<string, Promise> _promises = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _wrong = new();
    private readonly ConcurrentDictionary<string, int> _counts = new(StringComparer.Ordinal);
    private readonly List<(SpreadClient Frames, SpreadClient Videos)> _clients = [];
    private readonly int _seed;
    private readonly int _wanted;
    private readonly Func<bool> _goOn;
    private readonly Task _work;
    private int _pieces;

    /// <summary>Begins at once.</summary>
    /// <param name="cluster">Whom to ask.</param>
    /// <param name="seed">What is done.</param>
    /// <param name="wanted">Sessions and videos, at the least.</param>
    /// <param name="goOn">Whether more of them are wanted all the same.</param>
    public KillLoad(Cluster cluster, int seed, int wanted, Func<bool> goOn)
    {
        (_seed, _wanted, _goOn) = (seed, wanted, goOn);
        for (var person = 0; person < People; person++) _clients.Add((new SpreadClient(cluster.Frames, $"person{person}"), new SpreadClient(cluster.Videos, $"person{person}")));
        _work = Task.WhenAll(Enumerable.Range(0, People).Select(person => Task.Run(() => LiveAsync(person))));
    }

    public IReadOnlyCollection<Promise> Promises => [.. _promises.Values];

    /// <summary>Answers that nobody should get.</summary>
    public IReadOnlyCollection<string> Wrong => [.. _wrong];

    /// <summary>What was acknowledged, by kind.</summary>
    public string Summary => string.Join(", ", _counts.OrderBy(count => count.Key).Select(count => $"{count.Value} {count.Key}"));

    public int Count => _promises.Count;

    /// <summary>Requests that no attempt had an answer to: nobody was promised what they may have done.</summary>
    public int Unanswered => _counts.GetValueOrDefault("unanswered");

    public bool IsDone => _work.IsCompleted;

    public Task EndAsync() => _work;

    public void Dispose()
    {
        foreach (var (frames, videos) in _clients)
        {
            frames.Dispose();
            videos.Dispose();
        }
    }

    private async Task LiveAsync(int person)
    {
        while (_promises.Count < _wanted || _goOn())
        {
            var piece = Interlocked.Increment(ref _pieces);
            try
            {
                await new PieceOfLife(this, person, new Random(HashCode.Combine(_seed, piece)), piece).LiveAsync();
            }
            catch (Exception unexpected) when (unexpected is not OutOfMemoryException)
            {
                _wrong.Enqueue($"piece {piece}: {unexpected}");
            }
        }
    }

    /// <summary>One session with its videos, from the first picture to the last wish.</summary>
    private sealed class PieceOfLife(KillLoad load, int person, Random random, int piece)
    {
        private readonly SpreadClient _frames = load._clients[person].Frames;
        private readonly SpreadClient _videos = load._clients[person].Videos;
        private readonly string _user = $"person{person}";
        private readonly RequestId _id = RequestId.New(TimeProvider.System);

        public async Task LiveAsync()
        {
            var session = random.Next(3) == 0 ? await GenerateAsync() : await SaveAsync();
            if (session is null) return;
            if (!session.IsCanceled)
            {
                for (var film = random.Next(3); film > 0; film--) await FilmAsync(session);
            }

            if (random.Next(6) == 0) await DeleteAsync(session, _frames);
        }

        private async Task<Promise?> GenerateAsync()
        {
            var count = random.Next(1, Campaign.IsLong ? 4 : 2);
            var asked = await _frames.PostAsync("/v1/sessions", new { requestId = _id, prompt = $"piece {piece}: a ship in the fog", frameCount = count, videoDuration = 2, seed = piece });
            if (!Counts(asked, "generations", HttpStatusCode.Accepted)) return null;
            var session = Add(new Promise(_user, _id, null) { IsGenerated = true });
            if (random.Next(5) == 0)
            {
                await Moment(1000);
                await CancelAsync(session, _frames);
            }

            return await EndAsync(session, _frames) ? session : null;
        }

        private async Task<Promise?> SaveAsync()
        {
            Promise? session = null;
            var count = random.Next(1, 4);
            for (var i = 0; i < count + 1; i++)
            {
                // The last one replaces another.
                var number = i < count ? i + 1 : random.Next(1, count + 1);
                var picture = Pictures.Png(96, 54, 0xff000000u | (uint)random.Next(1 << 24));
                var put = await _frames.PutPictureAsync(_id, number, picture);
                if (!Counts(put, "uploads")) return null;
                session ??= Add(new Promise(_user, _id, null));
                session.Pictures[number] = Pictures.Sha256(picture);
            }

            var saved = await _frames.PostAsync("/v1/sessions", new { requestId = _id, videoDuration = 2, frames = Enumerable.Range(1, count).Select(number => new { number, description = $"{piece}.{number}" }) });
            return Counts(saved, "saves") ? session : null;
        }

        private async Task FilmAsync(Promise session)
        {
            var asked = await _videos.PostAsync("/v1/videos", new { requestId = _id, fps = 24, quality = "draft", secondsPerFrame = 0.5, motion = "none" });
            // A cancellation whose answer was lost may have left frames out.
            if (session.CancelAsked && asked?.Code == "frames-missing") return;
            if (!Counts(asked, "films", HttpStatusCode.Accepted)) return;
            var film = Add(new Promise(_user, _id, asked!.Read<Video>().Id));
            switch (random.Next(6))
            {
                case 0:
                    await Moment(1500);
                    await CancelAsync(film, _videos);
                    if (await EndAsync(film, _videos) && random.Next(2) == 0) await RetryAsync(film);
                    break;
                case 1 when await EndAsync(film, _videos):
                    var again = await _videos.PostAsync($"{film.Path}/rerender", new { });
                    if (Counts(again, "rerenders", HttpStatusCode.Accepted)) await EndAsync(Add(new Promise(_user, _id, again!.Read<Video>().Id)), _videos);
                    break;
                case 2:
                    await Moment(1500);
                    await DeleteAsync(film, _videos);
                    break;
                case 3:
                    // Nobody waits for it.
                    break;
                default:
                    await EndAsync(film, _videos);
                    break;
            }
        }

        private async Task CancelAsync(Promise promise, SpreadClient client)
        {
            promise.CancelAsked = true;
            var answer = await client.PostAsync($"{promise.Path}/cancel", new { });
            promise.IsCanceled = Counts(answer, "cancellations", HttpStatusCode.OK, "wrong-state") && answer!.IsSuccess;
        }

        private async Task RetryAsync(Promise film)
        {
            film.AgainAsked++;
            var answer = await _videos.PostAsync($"{film.Path}/retry", new { });
            if (!Counts(answer, "retries", HttpStatusCode.Accepted, "wrong-state") || !answer!.IsSuccess) return;
            film.AgainPromised++;
            film.IsCanceled = false;
            await EndAsync(film, _videos);
        }

        private async Task DeleteAsync(Promise promise, SpreadClient client)
        {
            foreach (var gone in promise.Video is null ? load.Promises.Where(other => other.Session == _id) : [promise]) gone.DeletionAsked = true;
            var answer = await client.DeleteAsync(promise.Path);
            // Asked a second time, where the first answer was lost: it is gone.
            if (!Counts(answer, "deletions", null, "session-not-found", "video-not-found")) return;
            // Films follow their session within a minute.
            promise.IsDeleted = true;
        }

        /// <summary>Waits for a state that does not change by itself; false where the resource is not there.</summary>
        private static async Task<bool> EndAsync(Promise promise, SpreadClient client)
        {
            var isThere = true;
            await Wait.UntilAsync(
                async () =>
                {
                    if (await client.GetAsync(promise.Path) is not { } answer) return false;
                    isThere = answer.Status != HttpStatusCode.NotFound;
                    return !isThere || (promise.Video is null ? answer.Read<Session>().Status is not (SessionStatus.Queued or SessionStatus.InProgress) : answer.Read<Video>().Status is not (VideoStatus.Queued or VideoStatus.InProgress));
                },
                $"the end of {promise.Path}",
                TimeSpan.FromMinutes(5));
            return isThere;
        }

        private Promise Add(Promise promise)
        {
            load._promises[promise.Id] = promise;
            return promise;
        }

        /// <summary>Whether an answer was one of those that are expected; another one is told, and none at all is nobody's fault.</summary>
        private bool Counts(Answer? answer, string what, HttpStatusCode? success = null, params ReadOnlySpan<string> refusals)
        {
            if (answer is null)
            {
                load._counts.AddOrUpdate("unanswered", 1, (_, count) => count + 1);
                return false;
            }

            if (answer.IsSuccess ? success is null || answer.Status == success : refusals.Contains(answer.Code))
            {
                load._counts.AddOrUpdate(what, 1, (_, count) => count + 1);
                return true;
            }

            load._wrong.Enqueue($"piece {piece}, {what} of {_id}: {answer}");
            return false;
        }

        /// <summary>A moment of the work, chosen by the seed: time itself is what is varied.</summary>
        private Task Moment(int most) => Task.Delay(random.Next(most));
    }
}
