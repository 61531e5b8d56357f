using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using FrameVideo.Contracts;

namespace FrameVideo.Hosting;

/// <summary>Puts what the framework says of a request that it cannot read into words for its sender. Names of .NET types are internals, and say nothing to who writes JSON.</summary>
internal static partial class RequestFaults
{
    /// <summary>Longer ones are no mistake in spelling.</summary>
    private const int LongestName = 64;

    private static readonly string[] Internals = ["FrameVideo.", "FrameService.", "VideoService.", "System.", "Microsoft.", "Nullable", "converted to ", "parameter "];

    /// <summary>What is asked for instead of a value of another kind, by a name in the framework's own sentence.</summary>
    private static readonly (string Type, string Words)[] Kinds =
    [
        ("List", "A list is asked for, in [ ]."), ("Dictionary", "An object is asked for, in { }."), ("Request", "An object is asked for, in { }."),
        ("Boolean", "true or false is asked for, without quotes."), ("bool", "true or false is asked for, without quotes."),
        ("Double", "A number is asked for, without quotes."), ("Decimal", "A number is asked for, without quotes."),
        ("Int32", "A whole number is asked for, without quotes."), ("Int64", "A whole number is asked for, without quotes."), ("int", "A whole number is asked for."), ("long", "A whole number is asked for."),
        ("String", "A text is asked for, in quotes."),
    ];

    /// <summary>JSON that cannot be read: where, and what is asked for there.</summary>
    public static ProblemException Of(JsonException json)
    {
        var field = json.Path is { Length: > 2 } path && path.StartsWith("$.", StringComparison.Ordinal) ? path[2..] : "body";
        var sentence = SentenceOf(json.Message.Split(" Path:", StringSplitOptions.None)[0]);
        return new ProblemException(ErrorCodes.InvalidJson, $"The JSON cannot be read at '{field}'. {sentence}", new Dictionary<string, string[]>(StringComparer.Ordinal) { [field] = [sentence] });
    }

    /// <summary>What the framework says, in words for outside.</summary>
    public static string SentenceOf(string message)
    {
        if (message.StartsWith("The JSON property", StringComparison.Ordinal)) return message.Split(" could not")[0] + " is not known here." + Meant(message);
        if (message.StartsWith("Implicit body inferred", StringComparison.Ordinal) || message.EndsWith("was not provided from body.", StringComparison.Ordinal)) return "A JSON body is asked for, with Content-Type: application/json.";
        if (Bound().Match(message) is { Success: true } bound) return $"{char.ToLowerInvariant(bound.Groups["name"].ValueSpan[0])}{bound.Groups["name"].ValueSpan[1..]} is of another kind. {KindOf(bound.Groups["type"].Value) ?? "See /swagger for what it takes."}";
        if (!Internals.Any(name => message.Contains(name, StringComparison.Ordinal))) return message;
        var target = message.Split("converted to ") is [_, var type] ? KindOf(type) : null;
        return target ?? "The value is not of the form that is asked for.";
    }

    /// <summary>What may have been meant by a name that is not known: the one that is spelt most like it, or all that there are.</summary>
    private static string Meant(string message)
    {
        if (message.Split('\'') is not [_, { Length: <= LongestName } name, _, var type, _] || typeof(WireJson).Assembly.GetType(type) is not { } record) return "";
        string[] known = [.. record.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite).Select(property => JsonNamingPolicy.CamelCase.ConvertName(property.Name))];
        return Spelling.Nearest(name, known) is { } nearest ? $" Is {nearest} meant?" : $" There are {string.Join(", ", known)}.";
    }

    private static string? KindOf(string type) => Kinds.FirstOrDefault(kind => type.Contains(kind.Type, StringComparison.Ordinal)).Words;

    [GeneratedRegex("""^Failed to bind parameter "(?<type>.+) (?<name>\w+)" from ".*"\.$""", RegexOptions.Singleline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 100)]
    private static partial Regex Bound();
}
