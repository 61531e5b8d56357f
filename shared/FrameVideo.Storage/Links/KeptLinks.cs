using FrameVideo.Contracts;

namespace FrameVideo.Storage;

/// <summary>
/// Links that were given, so that what is asked for again is not signed again. Where all places are taken, only what is asked for again and again comes in, and little of that: whoever lists
/// everything neither takes the place of what others read, nor leaves thousands of young objects behind for the collector to carry about; and with more links in use than there are places
/// each would push out another one, and none would ever be found. Safe for use from many threads, without a lock; two at once may lose one link, which is signed again.
/// </summary>
/// <remarks>
/// A set-associative cache behind a doorkeeper (Einziger, Friedman and Manes, "TinyLFU: A Highly Efficient Cache Admission Policy", 2017, section 3.4.2): one bit for each hash, cleared
/// when many are set. Its size is fixed, about 400 KiB and the links: a dictionary that grows takes all its locks for that, and its arrays go to the heap of large objects.
/// </remarks>
internal sealed class KeptLinks
{
    private const int Ways = 4;
    private const int Sets = 8192;
    private const int DoorBits = 1 << 20;

    /// <summary>One of so many takes the place of another one whose time is not over.</summary>
    private const int Reluctance = 16;

    /// <summary>Hashes that the doorkeeper remembers; with more, too many strangers would look familiar.</summary>
    private const int MostAsked = DoorBits / 5;

    private readonly Kept?[] _kept = new Kept?[Sets * Ways];
    private readonly ulong[] _asked = new ulong[DoorBits / 64];
    private int _askedCount;
    private int _pushed;

    /// <summary>The link of a key, unless it is not kept or its time is over.</summary>
    public bool TryGet(ObjectKey key, long now, out Link link)
    {
        foreach (ref readonly var place in SetOf(key.GetHashCode()))
        {
            if (Volatile.Read(in place) is not { } kept || kept.Until <= now || kept.Key != key) continue;
            link = kept.Link;
            return true;
        }

        link = default!;
        return false;
    }

    /// <summary>Keeps a link until a time, in ticks, where there is room.</summary>
    public void Keep(ObjectKey key, Link link, long now, long until)
    {
        var hash = key.GetHashCode();
        var set = SetOf(hash);
        ref var place = ref set[0];
        var isFree = false;
        foreach (ref var other in set)
        {
            isFree = other is null || other.Key == key;
            if (isFree || other!.Until < place!.Until) place = ref other;
            if (isFree) break;
        }

        if (!isFree && place!.Until > now && (!WasAsked(hash) || Interlocked.Increment(ref _pushed) % Reluctance != 0)) return;
        Volatile.Write(ref place, new Kept(key, link, until));
    }

    private Span<Kept?> SetOf(int hash) => _kept.AsSpan((hash & (Sets - 1)) * Ways, Ways);

    /// <summary>Whether the key was asked for before, as far as its hash tells; from now on it was.</summary>
    private bool WasAsked(int hash)
    {
        var bit = (uint)hash % DoorBits;
        var mask = 1UL << (int)(bit % 64);
        if ((Interlocked.Or(ref _asked[bit / 64], mask) & mask) != 0) return true;
        if (Interlocked.Increment(ref _askedCount) == MostAsked)
        {
            Array.Clear(_asked);
            Volatile.Write(ref _askedCount, 0);
        }

        return false;
    }

    private sealed record Kept(ObjectKey Key, Link Link, long Until);
}
