namespace FrameVideo.Jobs;

/// <summary>Says within this process, after the commit, that a log has a new entry. A hint: other processes write, too, and the log itself is what counts.</summary>
public sealed class EventSignal
{
    private Action<ResourceKey>? _heard;

    /// <summary>Adds somebody who wants to know. Called by the writer: it is short and throws nothing.</summary>
    public void Hear(Action<ResourceKey> heard) => _heard += heard;

    internal void Raise(ResourceKey key) => _heard?.Invoke(key);
}
