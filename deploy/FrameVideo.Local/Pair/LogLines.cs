using System.Text.RegularExpressions;

namespace FrameVideo.Local.Pair;

/// <summary>Finds the sentence in a service's log that tells a person why it stopped.</summary>
internal static partial class LogLines
{
    private const string Thrown = "Unhandled exception. ";
    private const string Refused = " does not start: ";

    /// <summary>
    /// Why it did not start, else the text of the exception that ended the process, else the last error, else the last line that was printed and not logged; null where there is none.
    /// </summary>
    public static string? Tell(IReadOnlyCollection<string> lines)
    {
        if (lines.LastOrDefault(line => line.Contains(Refused, StringComparison.Ordinal) && !Head().IsMatch(line)) is { } refused)
            return refused[(refused.IndexOf(Refused, StringComparison.Ordinal) + Refused.Length)..].Trim();
        if (lines.LastOrDefault(line => line.StartsWith(Thrown, StringComparison.Ordinal)) is { } thrown) return WithoutTypes(thrown[Thrown.Length..]);
        var line = lines.LastOrDefault(line => Head().Match(line) is { Success: true } head && head.Groups["level"].Value is "fail" or "crit")
            ?? lines.LastOrDefault(line => line.Length > 3 && char.IsLetter(line[0]) && !Head().IsMatch(line));
        return line is null ? null : Tidy(line);
    }

    /// <summary>Without time, level and category, and without the exception and the IDs behind the text.</summary>
    private static string Tidy(string line)
    {
        var text = Head().Replace(line, "");
        var exception = text.IndexOf(" | ", StringComparison.Ordinal);
        if (exception >= 0) text = text[..exception];
        return Tail().Replace(text, "").Trim();
    }

    /// <summary>From <c>System.X: the sentence</c> to the sentence; of several, nested in each other, the innermost.</summary>
    private static string WithoutTypes(string text) => TypeName().Replace(text, "").Trim();

    [GeneratedRegex(@"^\S+Z (?<level>[a-z]{4}):? \S+?(\[\d+\])?:? ", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Head();

    [GeneratedRegex(@"( (requestId|videoId|traceId)=\S*)+$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Tail();

    [GeneratedRegex(@"^([\w.+]+Exception( \(0x[0-9A-Fa-f]+\))?: )+", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex TypeName();
}
