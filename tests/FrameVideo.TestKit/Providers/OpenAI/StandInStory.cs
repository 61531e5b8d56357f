using System.Text.Json.Nodes;

namespace FrameVideo.TestKit.Providers.OpenAI;

/// <summary>What a model that does as it is told would write: as many scenes as the data of the call ask for.</summary>
public static class StandInStory
{
    public const string Characters = "Mara is a girl of nine with a short black bob, a mustard raincoat and red boots; the lighthouse is white with one blue band.";

    public const string Look = "Gouache on rough paper, muted teal and ochre, low evening light.";

    /// <summary>The story as JSON.</summary>
    public static string Write(OpenAICall call) => Of((int?)call.Data?["firstScene"] ?? 1, (int?)call.Data?["lastScene"] ?? 1).ToJsonString();

    /// <summary>A story whose scenes have those numbers.</summary>
    public static JsonObject Of(int first, int last) => new()
    {
        ["title"] = "The lamp and the paper boat",
        ["overallStory"] = "Mara carries a lamp to the lighthouse before the storm comes.",
        ["characters"] = Characters,
        ["look"] = Look,
        ["scenes"] = new JsonArray([.. Enumerable.Range(first, Math.Max(0, last - first + 1)).Select(number => (JsonNode)new JsonObject
        {
            ["number"] = number,
            ["description"] = $"Mara takes step {number} towards the lighthouse.",
            ["picture"] = $"A girl walks along a pier, seen from behind, moment {number}.",
        })]),
    };
}
