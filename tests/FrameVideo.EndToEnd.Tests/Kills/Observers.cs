using System.Collections.Concurrent;
using System.Net;
using FrameVideo.Contracts;
using FrameVideo.TestKit;

namespace FrameVideo.EndToEnd.Tests.Kills;

/// <summary>Somebody who reads every session and video again and again on any node, each one at a time, and notes whatever goes backwards.</summary>
internal sealed class Observers : IAsyncDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentQueue<string> _wrong = new();
    private readonly Dictionary<string, SpreadClient> _clients = new(StringComparer.Ordinal);
    private readonly Cluster _cluster;
    private readonly KillLoad _load;
    private readonly Task _watching;

    public Observers(Cluster cluster, KillLoad load)
    {
        (_cluster, _load) = (cluster, load);
        _watching = Task.WhenAll(WatchAsync(isVideos: false), WatchAsync(isVideos: true));
    }

    public IReadOnlyCollection<string> Wrong => [.. _wrong];

    public int Readings { get; private set; }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _watching;
        foreach (var client in _clients.Values) client.Dispose();
        _end.Dispose();
    }

    private async Task WatchAsync(bool isVideos)
    {
        await Task.Yield();
        while (!_end.IsCancellationRequested)
        {
            foreach (var promise in _load.Promises.Where(promise => promise.Video is not null == isVideos).TakeLast(40))
            {
                if (_end.IsCancellationRequested) return;
                await LookAsync(promise, isVideos);
                // Seeing much is wanted, and so is leaving the machine to those who are seen.
                await Task.Delay(Campaign.IsLong ? 5 : 25);
            }

            await Task.Delay(50);
        }
    }

    private async Task LookAsync(Promise promise, bool isVideos)
    {
        SpreadClient client;
        lock (_clients)
        {
            var key = $"{promise.User} {isVideos}";
            if (!_clients.TryGetValue(key, out client!)) _clients[key] = client = new SpreadClient(isVideos ? _cluster.Videos : _cluster.Frames, promise.User);
        }

        var wasDeleted = promise.IsDeleted;
        if (await client.GetAsync(promise.Path) is not { } answer) return;
        Readings++;
        if (answer.Status == HttpStatusCode.NotFound)
        {
            if (!promise.DeletionAsked) _wrong.Enqueue($"{promise.Path}: {answer}");
        }
        else if (!answer.IsSuccess)
        {
            _wrong.Enqueue($"{promise.Path}: {answer}");
        }
        else if (wasDeleted)
        {
            _wrong.Enqueue($"{promise.Path} was deleted, and then read");
        }
        else
        {
            var (status, progress) = isVideos ? answer.Read<Video>() is var video ? (WireText.Of(video.Status), video.Progress) : default : answer.Read<Session>() is var session ? (WireText.Of(session.Status), session.Progress) : default;
            if (promise.See(answer.Revision, status, progress) is { } wrong) _wrong.Enqueue(wrong);
        }
    }
}
