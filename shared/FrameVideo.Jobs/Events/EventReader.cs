using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace FrameVideo.Jobs;

/// <summary>
/// The one reader of the log in this process, for all who follow it:
/// <code>
/// a commit here ──signal──▶ look at that resource at once ─┐
///                                                          ├─▶ states of all, one statement ─▶ events of those that went on, one statement ─▶ a new Sight of each
/// every 250 ms, while somebody follows: look at all ───────┘
/// </code>
/// Other processes write, too, so the log itself is what is looked at; the signal only makes it sooner. In an outage those who follow keep their last sight.
/// </summary>
public sealed class EventReader : Poller
{
    /// <summary>How long an event of another process stays unseen at most.</summary>
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(250);

    /// <summary>Resources of one statement.</summary>
    private const int Batch = 1000;

    /// <summary>Events of one statement; the rest comes with the next.</summary>
    private const int MostEvents = 2000;

    private readonly Lock _gate = new();
    private readonly Dictionary<ResourceKey, Watched.Entry> _entries = [];
    private readonly ConcurrentDictionary<ResourceKey, bool> _told = [];
    private readonly IResourceStates _states;
    private readonly EventLog _log;
    private readonly TimeProvider _clock;
    private long? _sawAll;

    /// <summary>One for each process.</summary>
    public EventReader(IResourceStates states, EventLog log, EventSignal signal, TimeProvider clock, ILogger<EventReader> logger)
        : base(Period, clock, logger)
    {
        ArgumentNullException.ThrowIfNull(signal);
        (_states, _log, _clock) = (states, log, clock);
        signal.Hear(Tell);
    }

    /// <summary>Puts a resource on the list, as it was read just now.</summary>
    public Watched Follow(ResourceState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        Watched.Entry? entry;
        lock (_gate)
        {
            if (!_entries.TryGetValue(state.Key, out entry)) _entries.Add(state.Key, entry = new Watched.Entry(state));
            entry.Followers++;
        }

        // Somebody else's sight may be older than what this one knows already.
        if (entry.Now.State?.Revision < state.Revision) Tell(state.Key);
        return new Watched(entry, Leave);
    }

    /// <inheritdoc/>
    protected override async Task<bool> PollAsync(CancellationToken cancellationToken)
    {
        var told = _told.Keys.ToList();
        // Woken by nobody, it is the timer; and signals that never end do not keep the others from their turn.
        var isTime = told.Count == 0 || _sawAll is not { } last || _clock.GetElapsedTime(last) >= Period;
        var entries = Choose(isTime ? null : told);
        if (isTime) _sawAll = _clock.GetTimestamp();
        // Before the look: what is told from here on needs another one.
        foreach (var key in told) _told.TryRemove(key, out _);
        var isMore = false;
        foreach (var batch in entries.Chunk(Batch)) isMore |= await LookAsync(batch, cancellationToken);
        return isMore;
    }

    /// <summary>True where there were more events than one statement reads.</summary>
    private async Task<bool> LookAsync(Watched.Entry[] entries, CancellationToken cancellationToken)
    {
        var states = (await _states.ReadAsync([.. entries.Select(entry => entry.Key)], cancellationToken)).ToDictionary(state => state.Key);
        var behind = entries.Where(entry => states.TryGetValue(entry.Key, out var state) && state.Number > entry.Now.To).ToDictionary(entry => entry.Key, entry => entry.Now.To);
        var news = behind.Count == 0 ? null : await _log.ReadAsync(behind, MostEvents, cancellationToken);
        foreach (var entry in entries)
        {
            var state = states.GetValueOrDefault(entry.Key);
            var events = behind.ContainsKey(entry.Key) ? news![entry.Key].ToList() : [];
            if (events.Count > 0 || state?.Revision != entry.Now.State?.Revision) entry.Show(state, events);
        }

        if (news is null || news.Sum(log => log.Count()) < MostEvents) return false;
        foreach (var key in behind.Keys) _told[key] = true;
        return true;
    }

    private List<Watched.Entry> Choose(List<ResourceKey>? keys)
    {
        lock (_gate) return keys is null ? [.. _entries.Values] : [.. keys.Where(_entries.ContainsKey).Select(key => _entries[key])];
    }

    private void Tell(ResourceKey key)
    {
        lock (_gate)
        {
            if (!_entries.ContainsKey(key)) return;
        }

        _told[key] = true;
        Wake();
    }

    private void Leave(Watched.Entry entry)
    {
        lock (_gate)
        {
            if (--entry.Followers == 0) _entries.Remove(entry.Key);
        }
    }
}
