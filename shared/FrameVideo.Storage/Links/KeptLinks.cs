using System.Collections.Concurrent;
using FrameVideo.Contracts;

namespace FrameVideo.Storage;

/// <summary>
/// Links that were given, so that what is read again and again is not signed each time. Of two generations: a full one becomes the former one, which is forgotten when the next is full; what
/// is asked for meanwhile moves over. So a reader of everything takes nothing from those who read the same again.
/// </summary>
internal sealed class KeptLinks
{
    /// <summary>Links of one generation.</summary>
    private const int Most = 20_000;

    private volatile Generation _present = new();
    private volatile Generation _former = new();

    /// <summary>The link of a key, unless it is not kept or its time is over.</summary>
    public bool TryGet(ObjectKey key, long now, out Link link)
    {
        if (!_present.Links.TryGetValue(key, out var kept))
        {
            if (_former.Links.TryGetValue(key, out kept) && now < kept.Until) Keep(key, kept.Link, kept.Until);
        }

        link = kept.Link;
        return link is not null && now < kept.Until;
    }

    /// <summary>Keeps a link until a time, in ticks.</summary>
    public void Keep(ObjectKey key, Link link, long until)
    {
        var present = _present;
        present.Links[key] = (link, until);
        // Counted here, since the dictionary would take all its locks for that; a link that takes another's place counts twice, which does no harm.
        if (Interlocked.Increment(ref present.Count) != Most) return;
        _former = present;
        _present = new Generation();
    }

    private sealed class Generation
    {
        public readonly ConcurrentDictionary<ObjectKey, (Link Link, long Until)> Links = new();
        public int Count;
    }
}
