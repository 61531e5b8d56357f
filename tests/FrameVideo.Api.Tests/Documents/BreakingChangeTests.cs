using System.Text.Json.Nodes;

namespace FrameVideo.Api.Tests.Documents;

/// <summary>Clients of the last release go on working: nothing that they send is refused, and nothing that they read is missing.</summary>
public sealed class BreakingChangeTests
{
    private const string Get = "paths./v1/videos/{videoId}.get";
    private const string Post = "paths./v1/videos.post";
    private const string Video = "components.schemas.Video";
    private const string Asked = "components.schemas.CreateVideoRequest";

    /// <summary>Each with what it does to VideoService's document, and whether a client may notice.</summary>
    private static readonly Dictionary<string, (bool Breaks, Action<JsonObject> Change)> Mutations = new(StringComparer.Ordinal)
    {
        ["a path is removed"] = (true, document => At(document, "paths").Remove("/v1/videos")),
        ["an operation is removed"] = (true, document => At(document, "paths./v1/videos").Remove("delete")),
        ["an operationId is changed"] = (true, document => At(document, Get)["operationId"] = "readVideo"),
        ["a status is removed"] = (true, document => At(document, $"{Post}.responses").Remove("202")),
        ["a media type of an answer is removed"] = (true, document => At(document, $"{Get}.responses.200.content").Remove("application/json")),
        ["a header is removed"] = (true, document => At(document, $"{Get}.responses.200.headers").Remove("ETag")),
        ["a security alternative is removed"] = (true, document => At(document, Get)["security"]!.AsArray().RemoveAt(0)),
        ["a parameter is removed"] = (true, document => Parameters(document, "paths./v1/videos.get").RemoveAt(0)),
        ["a parameter becomes required"] = (true, document => Parameters(document, "paths./v1/videos.get")[0]!["required"] = true),
        ["a required parameter is added"] = (true, document => Parameters(document, Get).Add(new JsonObject { ["name"] = "now", ["in"] = "query", ["required"] = true, ["schema"] = new JsonObject { ["type"] = "string" } })),
        ["a parameter's range is tightened"] = (true, document => Parameter(document, "paths./v1/videos.get", "limit")["schema"]!["maximum"] = 50),
        ["a member of a request becomes required"] = (true, document => At(document, Asked)["required"]!.AsArray().Add("fps")),
        ["a member of a request is removed"] = (true, document => At(document, $"{Asked}.properties").Remove("fps")),
        ["a value of a request is removed"] = (true, document => At(document, $"{Asked}.properties.fps")["enum"] = new JsonArray(24, 25)),
        ["a request takes no null any more"] = (true, document => At(document, $"{Asked}.properties.secondsPerFrame")["type"] = "number"),
        ["a range of a request is tightened"] = (true, document => At(document, $"{Asked}.properties.secondsPerFrame")["maximum"] = 30),
        ["a text of a request is held to a pattern"] = (true, document => At(document, $"{Asked}.properties.callbackUrl")["pattern"] = "^https:"),
        ["a text of a request is shorter"] = (true, document => At(document, $"{Asked}.properties.callbackUrl")["maxLength"] = 100),
        ["a word of a request is removed"] = (true, document => At(document, "components.schemas.VideoQuality")["enum"] = new JsonArray("draft", "standard")),
        ["a member of an answer is removed"] = (true, document => At(document, $"{Video}.properties").Remove("progress")),
        ["a member of an answer becomes optional"] = (true, document => Remove(At(document, Video)["required"]!.AsArray(), "progress")),
        ["a member of an answer becomes nullable"] = (true, document => At(document, $"{Video}.properties.progress")["type"] = new JsonArray("integer", "null")),
        ["a referred member of an answer becomes nullable"] = (true, document => At(document, $"{Video}.properties")["usage"] = new JsonObject { ["oneOf"] = new JsonArray(new JsonObject { ["$ref"] = "#/components/schemas/Usage" }, new JsonObject { ["type"] = "null" }) }),
        ["a member of an answer has another type"] = (true, document => At(document, $"{Video}.properties.progress")["type"] = "string"),
        ["a word of an answer is added"] = (true, document => At(document, "components.schemas.VideoStatus")["enum"]!.AsArray().Add("paused")),
        ["a range of an answer is widened"] = (true, document => At(document, $"{Video}.properties.progress")["maximum"] = 1000),
        ["a member deep in an answer is removed"] = (true, document => At(document, "components.schemas.Clip.properties").Remove("url")),
        ["a callback is removed"] = (true, document => At(document, "webhooks").Remove("video.completed")),
        ["a callback tells less"] = (true, document => At(document, "components.schemas.VideoCompleted.properties").Remove("sha256")),

        ["a path is added"] = (false, document => At(document, "paths")["/v2/videos"] = At(document, "paths./v1/videos").DeepClone()),
        ["a status is added"] = (false, document => At(document, $"{Get}.responses")["418"] = new JsonObject { ["description"] = "A teapot." }),
        ["an optional parameter is added"] = (false, document => Parameters(document, Get).Add(new JsonObject { ["name"] = "now", ["in"] = "query", ["schema"] = new JsonObject { ["type"] = "string" } })),
        ["a member of an answer is added"] = (false, document => At(document, $"{Video}.properties")["mood"] = new JsonObject { ["type"] = "string" }),
        ["a member of a request is added"] = (false, document => At(document, $"{Asked}.properties")["mood"] = new JsonObject { ["type"] = "string" }),
        ["a value of a request is added"] = (false, document => At(document, $"{Asked}.properties.fps")["enum"]!.AsArray().Add(120)),
        ["a range of a request is widened"] = (false, document => At(document, $"{Asked}.properties.secondsPerFrame")["maximum"] = 600),
        ["a required member of a request becomes optional"] = (false, document => At(document, Asked).Remove("required")),
        ["a range of an answer is tightened"] = (false, document => At(document, $"{Video}.properties.duration")["maximum"] = 10),
        ["a nullable member of an answer is always there"] = (false, document => At(document, $"{Video}.properties.sha256")["type"] = "string"),
        ["a word is added where clients were told to expect it"] = (false, document => At(document, "components.schemas.VideoStatus")["enum"]!.AsArray().Add("paused")),
        ["a description is written anew"] = (false, document => At(document, Get)["description"] = "Otherwise."),
        ["a way to say who one is is added"] = (false, document => At(document, Get)["security"]!.AsArray().Add(new JsonObject { ["other"] = new JsonArray() })),
    };

    public static TheoryData<string> Each => [.. Mutations.Keys];

    [Theory]
    [MemberData(nameof(ServiceDocuments.Each), MemberType = typeof(ServiceDocuments))]
    public void Nothing_of_the_last_release_is_broken(string service)
    {
        var broken = BreakingChanges.Find(ServiceDocuments.Read(service, released: true), ServiceDocuments.Read(service));
        Assert.True(broken.Count == 0, $"Clients of the last release would notice:\n{string.Join('\n', broken)}\nA release copies openapi.json to openapi.released.json; until then this is what clients have.");
    }

    [Theory]
    [MemberData(nameof(Each))]
    public void Of_each_change_it_is_known_whether_it_breaks(string name)
    {
        var (breaks, change) = Mutations[name];
        var before = ServiceDocuments.Read("VideoService");
        if (name.EndsWith("told to expect it", StringComparison.Ordinal)) At(before, "components.schemas.VideoStatus")[BreakingChanges.Extensible] = true;
        var after = before.DeepClone().AsObject();
        change(after);
        Assert.False(JsonNode.DeepEquals(before, after), "nothing was changed");
        var found = BreakingChanges.Find(before, after);
        Assert.True(found.Count > 0 == breaks, $"{name}: {(found.Count == 0 ? "not found" : string.Join('\n', found))}");
    }

    /// <summary>A place by its keys; a path's points stand for none of them, since names of schemas and members have none.</summary>
    private static JsonObject At(JsonObject document, string path)
    {
        JsonNode node = document;
        foreach (var key in path.Split('.')) node = node[key] ?? throw new InvalidOperationException($"{path}: there is no {key}.");
        return node.AsObject();
    }

    private static JsonArray Parameters(JsonObject document, string operation) => At(document, operation)["parameters"]!.AsArray();

    private static JsonNode Parameter(JsonObject document, string operation, string name) => Parameters(document, operation).Single(parameter => parameter!["name"]?.GetValue<string>() == name)!;

    private static void Remove(JsonArray texts, string text) => texts.Remove(texts.Single(one => one!.GetValue<string>() == text));
}
