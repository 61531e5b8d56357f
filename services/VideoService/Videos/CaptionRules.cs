using System.Text.RegularExpressions;
using FrameVideo.Contracts;
using FrameVideo.Hosting;
using VideoService.Rendering;

namespace VideoService.Videos;

/// <summary>What <c>captions</c> of a film may say.</summary>
internal static partial class CaptionRules
{
    /// <summary>Checks it and fills in the defaults; null for a film without captions.</summary>
    public static CaptionSettings? Check(CaptionsRequest? asked, Dictionary<string, string[]> errors)
    {
        if (asked is null) return null;
        if (asked.Language is { } language && (language.Length > WireLimits.MaxLanguage || !Language().IsMatch(language))) errors["captions.language"] = ["A language is a tag such as en or zh-Hant."];
        if (asked.Lines is { } lines) CheckLines(lines, errors);
        return new CaptionSettings { Burn = asked.Burn ?? true, Track = asked.Track ?? false, Lines = asked.Lines, Language = asked.Language };
    }

    /// <summary>Checks what can be known only with the session: that its frames are named, and that fonts can write what is drawn.</summary>
    /// <exception cref="ProblemException">validation-failed, or caption-font-missing.</exception>
    public static void Require(FilmDraft draft, FilmRenderer renderer)
    {
        if (draft.Settings.Captions is not { } captions) return;
        var numbers = (draft.Session.Frames ?? []).Select(frame => frame.Number).ToHashSet();
        if (captions.Lines?.Select((line, i) => (line, i)).FirstOrDefault(one => !numbers.Contains(one.line.Frame)) is { line: not null } stray)
            throw ProblemException.Field($"captions.lines[{stray.i}].frame", $"The session has no frame {stray.line.Frame}.");
        if (!captions.Burn) return;
        foreach (var frame in draft.Frames)
        {
            try
            {
                if (captions.Of(frame.Number, frame.Description) is { } caption) renderer.CheckCaption(caption);
            }
            catch (CaptionException missing)
            {
                throw new ProblemException(missing.Code, $"Frame {frame.Number}: {missing.Message} With captions.burn false they go into the film's text alone.", inner: missing);
            }
        }
    }

    private static void CheckLines(IReadOnlyList<CaptionLine> lines, Dictionary<string, string[]> errors)
    {
        if (lines.Count is 0 or > WireLimits.MaxFrames) errors["captions.lines"] = [$"There are 1 to {WireLimits.MaxFrames} lines; without any, leave lines out."];
        var seen = new HashSet<int>();
        for (var i = 0; i < Math.Min(lines.Count, WireLimits.MaxFrames); i++)
        {
            if (lines[i] is not { Text: not null } line) errors[$"captions.lines[{i}]"] = ["A line has a frame and a text."];
            else if (line.Frame is < 1 or > WireLimits.MaxFrames) errors[$"captions.lines[{i}].frame"] = [$"A frame's number is 1 to {WireLimits.MaxFrames}."];
            else if (!seen.Add(line.Frame)) errors[$"captions.lines[{i}].frame"] = [$"Frame {line.Frame} has two lines."];
            else if (line.Text.Length > WireLimits.MaxCaption) errors[$"captions.lines[{i}].text"] = [$"A caption has at most {WireLimits.MaxCaption} characters."];
            else if (line.Text.Any(c => char.IsControl(c) && c is not ('\n' or '\r' or '\t'))) errors[$"captions.lines[{i}].text"] = ["A caption has no control characters."];
        }
    }

    [GeneratedRegex(WireLimits.Language + @"\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Language();
}
