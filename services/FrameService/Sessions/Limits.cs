using FrameVideo.Contracts;
using FrameVideo.Hosting;

namespace FrameService.Sessions;

/// <summary>The ranges of what callers may send; every violation of one body is told at once, by field.</summary>
internal sealed class Limits
{
    public const int MaxFrames = WireLimits.MaxFrames;

    public const int MaxStory = WireLimits.MaxStory;

    /// <summary>What JavaScript holds exactly.</summary>
    public const long MaxSeed = WireLimits.MaxSeed;

    private const int MaxText = WireLimits.MaxText;
    private readonly Dictionary<string, string[]> _errors = new(StringComparer.Ordinal);

    /// <exception cref="ProblemException">validation-failed, where any check has failed.</exception>
    public void ThrowIfAny()
    {
        if (_errors.Count > 0) throw new ProblemException(ErrorCodes.ValidationFailed, string.Join(" ", _errors.Values.SelectMany(messages => messages).Take(5)), _errors);
    }

    public void Fail(string field, string message) => _errors.TryAdd(field, [message]);

    /// <summary>At most so many characters, 4,000 by default, without control characters other than line breaks and tabs.</summary>
    public void Text(string field, string? text, int most = MaxText)
    {
        if (text is null) return;
        if (text.Length > most) Fail(field, $"{field} has {text.Length} characters; at most {most} are taken.");
        else if (text.Any(c => char.IsControl(c) && c is not ('\n' or '\r' or '\t'))) Fail(field, $"{field} has control characters.");
    }

    public void Range<T>(string field, T? value, T least, T most, string unit = "")
        where T : struct, IComparable<T>
    {
        if (value is { } given && !(given.CompareTo(least) >= 0 && given.CompareTo(most) <= 0)) Fail(field, $"{field} is {least} to {most}{unit}.");
    }

    public void Metadata(IReadOnlyDictionary<string, string>? metadata)
    {
        if (metadata is null) return;
        if (metadata.Count > WireLimits.MaxNotes) Fail("metadata", $"metadata has at most {WireLimits.MaxNotes} entries.");
        else if (metadata.Any(entry => entry.Key.Length is 0 or > WireLimits.MaxNoteName || entry.Value is null or { Length: > WireLimits.MaxNoteText })) Fail("metadata", $"metadata has keys of 1-{WireLimits.MaxNoteName} and values of at most {WireLimits.MaxNoteText} characters.");
    }

    /// <summary>What generating and saving have in common.</summary>
    public void Session(CreateSessionRequest request)
    {
        Text("prompt", request.Prompt);
        Range("videoDuration", request.VideoDuration, WireLimits.MinDuration, WireLimits.MaxDuration, " seconds");
        Range("frameCount", request.FrameCount, 1, MaxFrames);
        Range("seed", request.Seed, 0, MaxSeed);
        Range("maxCostUsd", request.MaxCostUsd, 0, 1_000_000m, " US dollars");
        Metadata(request.Metadata);
    }
}
