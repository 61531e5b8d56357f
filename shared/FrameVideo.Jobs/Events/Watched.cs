using System.Collections.Immutable;
using FrameVideo.Contracts;

namespace FrameVideo.Jobs;

/// <summary>
/// What the one reader has seen of a resource last. It never changes: the next look puts another one in its place. All who follow the resource share it, so that none has a queue of
/// its own that could grow; whoever is so slow that the tail has gone on reads the log from its own number.
/// </summary>
public sealed class Sight
{
    private readonly TaskCompletionSource _passed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal Sight(ResourceState? state, long from, ImmutableArray<Event> tail) => (State, From, Tail) = (state, from, tail);

    /// <summary>Where the resource stands; null once it is deleted. Read before the tail, which so has every event up to its number, or more.</summary>
    public ResourceState? State { get; }

    /// <summary>The number before the tail's first.</summary>
    public long From { get; }

    /// <summary>The newest events, in order and without gaps.</summary>
    public ImmutableArray<Event> Tail { get; }

    /// <summary>Ends as soon as there is a newer sight.</summary>
    public Task Passed => _passed.Task;

    /// <summary>The number of the tail's last.</summary>
    internal long To => From + Tail.Length;

    internal void Pass() => _passed.TrySetResult();
}

/// <summary>A resource that somebody follows; given back by disposal.</summary>
public sealed class Watched : IDisposable
{
    private readonly Entry _entry;
    private readonly Action<Entry> _leave;
    private int _left;

    internal Watched(Entry entry, Action<Entry> leave) => (_entry, _leave) = (entry, leave);

    /// <summary>The newest sight of it.</summary>
    public Sight Now => _entry.Now;

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _left, 1) == 0) _leave(_entry);
    }

    /// <summary>A resource on the reader's list.</summary>
    internal sealed class Entry(ResourceState state)
    {
        /// <summary>Events that a sight keeps: enough for those who are a moment behind.</summary>
        private const int TailLength = 64;

        private volatile Sight _now = new(state, state.Number, []);

        public ResourceKey Key { get; } = state.Key;

        /// <summary>How many follow it. Guarded by the reader's lock.</summary>
        public int Followers { get; set; }

        public Sight Now => _now;

        /// <summary>Shows what a look has found; called by the reader alone.</summary>
        public void Show(ResourceState? state, IEnumerable<Event> news)
        {
            var before = _now;
            var tail = before.Tail.AddRange(news);
            var from = before.From;
            if (tail.Length > TailLength)
            {
                from += tail.Length - TailLength;
                tail = tail[^TailLength..];
            }

            _now = new Sight(state, from, tail);
            before.Pass();
        }
    }
}
