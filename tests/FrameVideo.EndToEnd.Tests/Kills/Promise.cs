using FrameVideo.Contracts;

namespace FrameVideo.EndToEnd.Tests.Kills;

/// <summary>A session or a video of the campaign: what was asked for it, and what was acknowledged. One actor writes it; observers read.</summary>
internal sealed class Promise(string user, RequestId session, VideoId? video)
{
    private readonly Lock _gate = new();
    private (long Revision, int Rank, string Status, int Progress)? _seen;
    private volatile bool _deletionAsked;
    private volatile bool _cancelAsked;
    private volatile int _againAsked;

    public string User => user;

    public RequestId Session => session;

    public VideoId? Video => video;

    public string Path => video is { } id ? $"/v1/videos/{id}" : $"/v1/sessions/{session}";

    public string Id => video?.ToString() ?? session.ToString();

    /// <summary>Whether somebody has asked to delete it, or its session.</summary>
    public bool DeletionAsked { get => _deletionAsked; set => _deletionAsked = value; }

    /// <summary>Whether its deletion was acknowledged.</summary>
    public bool IsDeleted { get; set; }

    public bool CancelAsked { get => _cancelAsked; set => _cancelAsked = value; }

    /// <summary>Whether its cancellation was acknowledged, and nobody has asked for it again since.</summary>
    public bool IsCanceled { get; set; }

    /// <summary>How often it was asked for again after its end.</summary>
    public int AgainAsked { get => _againAsked; set => _againAsked = value; }

    /// <summary>How often that was acknowledged.</summary>
    public int AgainPromised { get; set; }

    /// <summary>The hash of each frame that was acknowledged last, by number.</summary>
    public Dictionary<int, string> Pictures { get; } = [];

    /// <summary>Whether its end is a generation's: the frames are the service's own.</summary>
    public bool IsGenerated { get; init; }

    /// <summary>
    /// Compares an answer with those before it. The caller holds that no two readings of one resource overlap, so a later one may not be older: a revision never goes back, one revision has
    /// one state, and within an attempt states and progress only go on.
    /// </summary>
    /// <returns>What is wrong; null for nothing.</returns>
    public string? See(long revision, string status, int progress)
    {
        var rank = status switch { "draft" or "queued" => 0, "in_progress" => 1, "awaiting_approval" => 2, _ => 3 };
        lock (_gate)
        {
            var before = _seen;
            _seen = (revision, rank, status, progress);
            if (before is not { } last) return null;
            if (revision < last.Revision) return $"{Path}: revision {last.Revision}, then {revision}";
            if (revision == last.Revision && status != last.Status) return $"{Path}: {last.Status}, then {status}, both at revision {revision}";
            if (AgainAsked > 0) return null;
            if (rank < last.Rank || (rank == 3 && last.Rank == 3 && status != last.Status)) return $"{Path}: {last.Status}, then {status}";
            return progress < last.Progress && rank == last.Rank ? $"{Path}: {last.Progress} %, then {progress} %" : null;
        }
    }
}
