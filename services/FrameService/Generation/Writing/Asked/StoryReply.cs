using System.Text;
using System.Text.Json;

namespace FrameService.Generation.Writing.Asked;

/// <summary>What one answer of a language model is good for.</summary>
internal sealed record StoryPart(string? Title, string? OverallStory, string? Characters, string? Look, IReadOnlyList<ScenePart> Scenes);

/// <summary>One scene of it; one of the two texts is there at least.</summary>
internal sealed record ScenePart(int? Number, string? Description, string? Picture);

/// <summary>
/// Reads the answer of a language model as a story. Also one that is not quite what was asked for: with text or code fences around it, with commas too many, within another object, with scenes that are mere texts or stand in another
/// order, or cut off in the middle, in which case what was whole counts.
/// </summary>
internal static class StoryReply
{
    /// <summary>Nobody's batch of scenes is longer.</summary>
    private const int MaxLength = 400_000;

    /// <summary>Text before the object may have braces of its own.</summary>
    private const int MaxStarts = 20;

    private static readonly JsonReaderOptions Lenient = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip, MaxDepth = 16 };

    /// <summary>The story, or a part of one; null where there is none.</summary>
    public static StoryPart? Read(string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) return null;
        if (text.Length > MaxLength) text = text[..MaxLength];
        var start = -1;
        for (var tries = 0; tries < MaxStarts && (start = text.IndexOf('{', start + 1)) >= 0; tries++)
        {
            if ((Parse(text[start..]) ?? Parse(Closed(text[start..]))) is not { } document) continue;
            using (document)
            {
                if (Find(document.RootElement, depth: 0) is { } part) return part;
            }
        }

        return null;
    }

    private static JsonDocument? Parse(string? text)
    {
        if (text is null) return null;
        try
        {
            // One value; whatever stands after it is left.
            var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(text), Lenient);
            return JsonDocument.ParseValue(ref reader);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>A text that was cut off, up to the last entry of a list that was whole, with everything closed that was open there; null where there is none.</summary>
    private static string? Closed(string text)
    {
        var open = new Stack<char>();
        var (isText, isEscaped, cut, closing) = (false, false, 0, "");
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (isText)
            {
                if (isEscaped) isEscaped = false;
                else if (c == '\\') isEscaped = true;
                else if (c == '"') isText = false;
                continue;
            }

            if (c == '"') isText = true;
            else if (c is '{' or '[') open.Push(c);
            else if (c is '}' or ']' && open.Count > 0)
            {
                open.Pop();
                if (c == '}' && open.TryPeek(out var around) && around == '[') (cut, closing) = (i + 1, new string([.. open.Select(opened => opened == '{' ? '}' : ']')]));
            }
        }

        return cut == 0 ? null : text[..cut] + closing;
    }

    /// <summary>The object that has the scenes, or one within it that has.</summary>
    private static StoryPart? Find(JsonElement element, int depth)
    {
        if (element.ValueKind != JsonValueKind.Object || depth > 2) return null;
        if (Member(element, "scenes") is { ValueKind: JsonValueKind.Array } list)
        {
            var scenes = list.EnumerateArray().Select(SceneOf).OfType<ScenePart>().ToList();
            if (scenes.Count > 0) return new StoryPart(Text(element, "title"), Text(element, "overallStory"), Text(element, "characters"), Text(element, "look"), InOrder(scenes));
        }

        return element.EnumerateObject().Select(member => Find(member.Value, depth + 1)).FirstOrDefault(part => part is not null);
    }

    private static ScenePart? SceneOf(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.String) return new ScenePart(null, element.GetString(), null);
        if (element.ValueKind != JsonValueKind.Object) return null;
        var number = Member(element, "number") is { ValueKind: JsonValueKind.Number } told && told.TryGetInt32(out var whole) ? whole : (int?)null;
        var (description, picture) = (Text(element, "description"), Text(element, "picture"));
        return string.IsNullOrWhiteSpace(description) && string.IsNullOrWhiteSpace(picture) ? null : new ScenePart(number, description, picture);
    }

    /// <summary>By their numbers, where every one has one of its own; a second scene of a number is none.</summary>
    private static List<ScenePart> InOrder(List<ScenePart> scenes) =>
        scenes.TrueForAll(scene => scene.Number is not null) ? [.. scenes.DistinctBy(scene => scene.Number).OrderBy(scene => scene.Number)] : scenes;

    private static JsonElement? Member(JsonElement element, string name) =>
        element.EnumerateObject().Where(member => member.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(member => (JsonElement?)member.Value).FirstOrDefault();

    /// <summary>A text; a list of texts or of named things is one, too.</summary>
    private static string? Text(JsonElement element, string name) => Member(element, name) switch
    {
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        { ValueKind: JsonValueKind.Array } list => string.Join(" ", list.EnumerateArray().Select(Flat)),
        { ValueKind: JsonValueKind.Object } members => Flat(members),
        _ => null,
    };

    private static string Flat(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => element.GetString()!,
        JsonValueKind.Object => string.Join(", ", element.EnumerateObject().Where(member => member.Value.ValueKind is JsonValueKind.String).Select(member => member.Value.GetString())) + ".",
        _ => "",
    };
}
