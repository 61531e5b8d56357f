namespace FrameVideo.Hosting;

/// <summary>What a command that goes through a bucket has done: counts by outcome, in the order in which they first came, and what was passed over with its reason.</summary>
public sealed class Tally
{
    /// <summary>Further ones are counted alone: a report of a large bucket has to stay readable.</summary>
    private const int MaxNotes = 1000;

    private readonly OrderedDictionary<string, long> _counts = new(StringComparer.Ordinal);
    private readonly List<TallyNote> _notes = [];

    /// <summary>Begins with counts of 0, so that each outcome stands in the report.</summary>
    public Tally(params string[] outcomes)
    {
        ArgumentNullException.ThrowIfNull(outcomes);
        foreach (var outcome in outcomes) _counts[outcome] = 0;
    }

    /// <summary>How often each outcome came.</summary>
    public IReadOnlyDictionary<string, long> Counts => _counts;

    /// <summary>What somebody should look at, at most the first thousand.</summary>
    public IReadOnlyList<TallyNote> Notes => _notes;

    /// <summary>Counts an outcome.</summary>
    public void Count(string outcome, long times = 1) => _counts[outcome] = _counts.GetValueOrDefault(outcome) + times;

    /// <summary>Counts an outcome and keeps what it was about.</summary>
    public void Note(string outcome, string subject, string reason)
    {
        Count(outcome);
        if (_notes.Count < MaxNotes) _notes.Add(new TallyNote(outcome, subject, reason));
    }

    /// <summary>The counts in one line.</summary>
    public override string ToString() => string.Join(", ", _counts.Select(pair => $"{pair.Value} {pair.Key}"));
}

/// <summary>One thing that was passed over.</summary>
/// <param name="Outcome">As it was counted.</param>
/// <param name="Subject">The object or request.</param>
/// <param name="Reason">Why, in a sentence.</param>
public sealed record TallyNote(string Outcome, string Subject, string Reason);
