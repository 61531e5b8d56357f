namespace FrameService.Generation.Writing;

/// <summary>
/// Sentences for the moments between a prompt's own clauses. <c>{S}</c> is the subject, never the subject of a verb, so that one or many fit alike. None
/// names a place, an hour or a weather: those belong to the prompt.
/// </summary>
internal static class Beats
{
    private static readonly string[][] WithSubject =
    [
        [
            "Before anything happens, there is only {S} and the quiet.", "The story opens slowly, on {S}.", "A first, long look at {S}.", "The eye comes to rest on {S}.",
            "Piece by piece, the world around {S} takes shape.", "Nothing here knows yet what is coming for {S}.", "Light settles on {S}.",
        ],
        [
            "Little by little, we come to know {S}.", "We keep pace with {S}.", "With so much going on, {S} could almost be missed.", "For a while, nothing matters but {S}.", "Something stirs not far from {S}.",
            "There is no way round what waits ahead of {S}.", "Shadows lengthen around {S}.", "The distance begins to close around {S}.", "A small movement gives {S} away.",
            "What was far away is now within reach of {S}.", "It is too late to turn {S} aside.",
        ],
        [
            "Everything leans in on {S} at once.", "For a moment, all seems lost for {S}.", "Nothing can be taken back now, not for {S}.", "The world grows narrow around {S}.", "A single choice stands before {S}.",
            "This is where it could still go wrong for {S}.", "No one else can do this; it comes down to {S}.", "The world seems to turn against {S}.",
        ],
        [
            "The worst is over, and light comes back to {S}.", "Slowly, we let {S} go into the distance.", "A last look at {S}, and the picture holds.", "The world opens again around {S}.",
            "What was heavy has grown light around {S}.", "The light that began the story ends it, on {S}.", "There is time now to look at {S} once more.",
        ],
    ];

    private static readonly string[][] Bare =
    [
        ["Everything is still.", "The story opens slowly, and nothing hurries.", "All is quiet; nothing has begun to move.", "It begins with almost nothing."],
        ["There is still a long way to go.", "Details come forward: a texture, a shadow, a breath.", "The light shifts, and time passes.", "The distance grows shorter.", "Something is about to change.", "One thing leads to the next.", "The pace quickens."],
        ["This is the moment on which the story turns.", "The light fails, and with it every certainty.", "Everything happens at once.", "There is no way back from here.", "Then, for one long second, nothing moves."],
        ["Calm again, and nothing is quite as it was.", "The tension goes out of everything at once.", "What was lost comes back in another form.", "The light that began the story also ends it.", "It ends as quietly as it began."],
    ];

    private static readonly string[] Details =
    [
        "Nobody speaks.", "The sound falls away.", "The moment lasts a little longer than it should.", "Time seems to slow.",
        "A breath, and then the next step.", "Out of sight, something answers.", "The silence has a weight of its own.", "Small movements, nothing more.", "The light says the rest.",
        "It lasts only a moment.", "A shadow passes and is gone.", "No words are needed.", "Then that, too, is past.",
    ];

    private static readonly string[] NoDetail = [""];

    /// <summary>Every sentence of English, for those who check them.</summary>
    public static IEnumerable<string> All => WithSubject.Concat(Bare).SelectMany(b => b).Concat(Details);

    /// <summary>A supply of sentences for one part of the story (0 opening, 1 rising, 2 turn, 3 end), in the language.</summary>
    public static BeatSupply For(Language language, int part, string? subject, Dice dice)
    {
        if (language != Language.English) return new BeatSupply(ForeignBeats.Of(language, part), NoDetail, dice);
        if (subject is null) return new BeatSupply(Bare[part], Details, dice);
        var definite = English.Definite(subject);
        return new BeatSupply([.. WithSubject[part].Select(b => b.Replace("{S}", definite, StringComparison.Ordinal)), .. Bare[part]], Details, dice);
    }
}

/// <summary>Sentences in a chance order that goes round; what was said last is not said next, also where one round meets the next.</summary>
internal sealed class BeatSupply(IReadOnlyList<string> beats, IReadOnlyList<string> details, Dice dice)
{
    private readonly Queue<string> _beats = new();
    private readonly Queue<string> _details = new();
    private string? _last;
    private int _given;

    public bool IsEmpty => beats.Count == 0;

    public string Next()
    {
        _last = Draw(_beats, beats, _last);
        // Two of three moments carry a second sentence, so that the rhythm varies.
        var detail = _given++ % 3 == 1 ? "" : Draw(_details, details, null);
        return detail.Length == 0 ? _last : $"{_last} {detail}";
    }

    private string Draw(Queue<string> queue, IReadOnlyList<string> all, string? last)
    {
        if (queue.Count == 0)
        {
            foreach (var i in dice.Order(all.Count)) queue.Enqueue(all[i]);
            if (all.Count > 1 && queue.Peek() == last) queue.Enqueue(queue.Dequeue());
        }

        return queue.Dequeue();
    }
}
