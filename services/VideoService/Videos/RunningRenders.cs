using System.Collections.Concurrent;
using FrameVideo.Contracts;

namespace VideoService.Videos;

/// <summary>The renders that run in this process, so that whoever deletes a film can wait until nothing is put into the store for it any more.</summary>
internal sealed class RunningRenders
{
    private readonly ConcurrentDictionary<VideoId, Presence> _running = [];

    /// <summary>A render runs from here until the answer is disposed. The queue runs one at a time for each film.</summary>
    public IDisposable Enter(VideoId videoId) => _running.GetOrAdd(videoId, static (id, all) => new Presence(id, all), _running);

    /// <summary>Waits for the render's end, at most so long; false where it still runs.</summary>
    public async Task<bool> WaitForEndAsync(VideoId videoId, TimeSpan patience, CancellationToken cancellationToken)
    {
        if (!_running.TryGetValue(videoId, out var presence)) return true;
        try
        {
            await presence.Ended.WaitAsync(patience, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private sealed class Presence(VideoId videoId, ConcurrentDictionary<VideoId, Presence> running) : IDisposable
    {
        private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Ended => _ended.Task;

        public void Dispose()
        {
            running.TryRemove(videoId, out _);
            _ended.TrySetResult();
        }
    }
}
