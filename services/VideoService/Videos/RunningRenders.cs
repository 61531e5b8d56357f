using System.Collections.Concurrent;
using FrameVideo.Contracts;

namespace VideoService.Videos;

/// <summary>The renders that run in this process: whoever changes a film's row can make its render look at it at once, and wait for its end.</summary>
internal sealed class RunningRenders
{
    private readonly ConcurrentDictionary<RunningRender, VideoId> _running = [];

    /// <summary>A render runs from here until the answer is disposed.</summary>
    public RunningRender Enter(VideoId videoId)
    {
        var render = new RunningRender(this);
        _running[render] = videoId;
        return render;
    }

    /// <summary>Makes the film's renders ask now whether it is still theirs. It is a hint: one on another instance asks by itself twice a second.</summary>
    public void Look(VideoId videoId)
    {
        foreach (var render in Of(videoId)) render.Look();
    }

    /// <summary>Waits for the render's end, at most so long; false where it still runs.</summary>
    public async Task<bool> WaitForEndAsync(VideoId videoId, TimeSpan patience, CancellationToken cancellationToken)
    {
        try
        {
            await Task.WhenAll(Of(videoId).Select(render => render.Ended)).WaitAsync(patience, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    internal void Leave(RunningRender render) => _running.TryRemove(render, out _);

    private IEnumerable<RunningRender> Of(VideoId videoId) => _running.Where(running => running.Value == videoId).Select(running => running.Key);
}

/// <summary>One render of this process.</summary>
internal sealed class RunningRender(RunningRenders running) : IDisposable
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile TaskCompletionSource _look = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Its end.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Ends as soon as somebody asks for a look; taken before the row is read, so that none is missed.</summary>
    public Task Asked => _look.Task;

    /// <summary>Asks for a look.</summary>
    public void Look() => Interlocked.Exchange(ref _look, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();

    /// <inheritdoc/>
    public void Dispose()
    {
        running.Leave(this);
        _ended.TrySetResult();
    }
}
