using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using FrameVideo.Contracts;

namespace FrameVideo.Api.Tests.Fuzz;

/// <summary>What holds for every answer and every line of a log, whatever was asked.</summary>
internal static partial class Verdict
{
    /// <summary>What the server itself answers to what is no HTTP, before any service sees it.</summary>
    private static readonly int[] OfTheServer = [0, 400, 405, 408, 411, 413, 414, 417, 431, 505];

    /// <summary>What is wrong with an answer; null where nothing is.</summary>
    public static string? Of(Case sent, RawAnswer answer)
    {
        var isOurs = answer.Headers.ContainsKey("X-Correlation-Id");
        if (answer.Status >= 500 && (isOurs || answer.Status != 505)) return $"{answer.Status}";
        if (!isOurs) return sent.IsBroken && OfTheServer.Contains(answer.Status) ? null : $"{answer.Status} not by the service";
        if (answer.Header("X-Content-Type-Options") != "nosniff") return "no nosniff";
        if (Inside(sent, answer) is { } word) return $"tells of the inside: {word}";
        if (sent.IsHead) return null;
        if (answer.Status >= 400 && Problem(sent, answer) is { } fault) return fault;
        if (sent.Operation is { } operation && !sent.IsBroken && !operation.Statuses.Contains(answer.Status)) return $"{answer.Status} is not documented for {operation}";
        return null;
    }

    /// <summary>What is wrong with a log.</summary>
    public static IEnumerable<string> OfLog(string log)
    {
        foreach (var line in log.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!LogLine().IsMatch(line)) yield return $"a line that is none: {line}";
            else if (line.Any(c => char.IsControl(c) || c is '\u2028' or '\u2029' or (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069') or '\u200e' or '\u200f')) yield return $"raw controls: {line}";
            // A film whose pictures were deleted under way is told of, and is no fault.
            else if ((line.Contains("Z fail ", StringComparison.Ordinal) && !line.Contains(" RenderVideo: The film failed", StringComparison.Ordinal)) || line.Contains("Z crit ", StringComparison.Ordinal)) yield return $"a fault: {line}";
        }
    }

    private static string? Problem(Case sent, RawAnswer answer)
    {
        JsonElement body;
        try
        {
            body = JsonSerializer.Deserialize<JsonElement>(answer.Body);
        }
        catch (JsonException)
        {
            return $"{answer.Status} whose body is no JSON";
        }

        var isFormer = sent.Target.Split(' ').ElementAtOrDefault(1)?.StartsWith("/api", StringComparison.OrdinalIgnoreCase) == true;
        if (body.ValueKind != JsonValueKind.Object) return "an error that is no object";
        string? Text(string name) => body.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        var code = ErrorCodes.All.GetValueOrDefault(Text("code") ?? "");
        if (code is null || code.Status != answer.Status) return $"{answer.Status} with the code {Text("code")}";
        if (isFormer && Text("error") is { Length: > 0 }) return null;
        if (answer.Header("Content-Type") != "application/problem+json") return $"{answer.Status} as {answer.Header("Content-Type")}";
        if (Text("type") != $"urn:framevideo:problem:{code.Code}" || Text("title") != code.Title || string.IsNullOrEmpty(Text("detail")) || string.IsNullOrEmpty(Text("traceId"))) return "a problem with missing members";
        return body.TryGetProperty("status", out var status) && status.TryGetInt32(out var number) && number == answer.Status ? null : "a problem of another status";
    }

    private static string? Inside(Case sent, RawAnswer answer)
    {
        if (answer.Header("Content-Type") is var type && !(type.Contains("json", StringComparison.Ordinal) || type.StartsWith("text/", StringComparison.Ordinal)) || answer.Status < 400) return null;
        var found = InsideWords().Match(answer.Text);
        return found.Success && !Encoding.UTF8.GetString(sent.Bytes).Contains(found.Value, StringComparison.OrdinalIgnoreCase) ? found.Value : null;
    }

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (trce|dbug|info|warn|fail|crit) \S+: ", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex LogLine();

    [GeneratedRegex(@"   at |System\.|Microsoft\.|FrameVideo\.|FrameService\.|VideoService\.|Exception|SELECT |INSERT |UPDATE .* SET|sqlite|npgsql|dapper|kestrel|skia|quartz|polly|\.cs:|/tmp/|/srv/|\.db\b|StackTrace|`1\[", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex InsideWords();
}
