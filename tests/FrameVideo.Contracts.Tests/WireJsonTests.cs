using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace FrameVideo.Contracts.Tests;

public sealed class WireJsonTests
{
    private static readonly JsonSerializerOptions Server = Made();

    [Theory]
    [InlineData(typeof(Session), "id requestId sessionId object userId status stage progress framesRevision originalPrompt style mood videoDuration frameCount aspectRatio seed story frames framesReady pauseAfter usage metadata createdAt updatedAt expiresAt error links")]
    [InlineData(typeof(Frame), "object requestId number timestamp imageUrl status description prompt sceneStory width height contentType bytes sha256 objectKey provider seed error links")]
    [InlineData(typeof(FrameLinks), "self image regenerate")]
    [InlineData(typeof(RegenerateFrameRequest), "prompt description seed")]
    [InlineData(typeof(ApproveSessionRequest), "story")]
    [InlineData(typeof(EditedStory), "title overallStory profile scenes")]
    [InlineData(typeof(EditedProfile), "characters style")]
    [InlineData(typeof(EditedScene), "sceneNumber timeframe description")]
    [InlineData(typeof(Video), "id object requestId userId status stage progress duration fps width height format clips framesRevision stale frameFailures sha256 bytes objectKey usage metadata createdAt startedAt completedAt expiresAt error links")]
    [InlineData(typeof(SessionLinks), "self events cancel approve retry")]
    [InlineData(typeof(VideoLinks), "self events cancel content poster retry rerender playlist captions")]
    [InlineData(typeof(ResourceError), "code message frame retryable field")]
    [InlineData(typeof(Story), "title overallStory scenes profile provider model")]
    [InlineData(typeof(StoryProfile), "characters style")]
    [InlineData(typeof(Scene), "sceneNumber timeframe description")]
    [InlineData(typeof(SaveFrame), "number timestamp imageUrl description prompt sceneStory")]
    [InlineData(typeof(Event), "id number type attempt time data")]
    [InlineData(typeof(Page<Session>), "items nextCursor")]
    [InlineData(typeof(Link), "url expiresAt")]
    public void Members_have_the_names_of_the_contract(Type type, string names)
    {
        // A name that changes here has changed for every client: api.md first, then this line.
        var info = WireJson.Options.GetTypeInfo(type);
        Assert.Equal(names, string.Join(' ', info.Properties.Select(property => property.Name)));
    }

    [Fact]
    public void A_session_comes_back_as_it_went()
    {
        var json = JsonSerializer.SerializeToNode(Example(), WireJson.Options)!.AsObject();
        Assert.Equal("session", (string?)json["object"]);
        Assert.Equal("in_progress", (string?)json["status"]);
        Assert.Equal("Digital Art", (string?)json["style"]);
        Assert.Equal("1584:672", (string?)json["aspectRatio"]);
        Assert.Equal("2026-07-01T12:00:00+00:00", (string?)json["createdAt"]);
        Assert.Equal("awaiting_approval", JsonSerializer.SerializeToNode(SessionStatus.AwaitingApproval, WireJson.Options)!.GetValue<string>());
        Assert.Equal("waiting_for_store", JsonSerializer.SerializeToNode(VideoStage.WaitingForStore, WireJson.Options)!.GetValue<string>());
        Assert.Equal("kenburns", JsonSerializer.SerializeToNode(Motion.KenBurns, WireJson.Options)!.GetValue<string>());

        var again = json.Deserialize<Session>(Server)!;
        Assert.Equal(Plain(Example()), Plain(again));
        Assert.Equal(Example().Frames, again.Frames);

        // Lists are equal by their entries alone.
        static Session Plain(Session session) => session with { Frames = null, Metadata = null, Usage = session.Usage with { Items = [] } };
    }

    [Theory]
    [InlineData("""{"requestId":"req_1_a","surprise":1}""")]
    [InlineData("""{"RequestId":"req_1_a"}""")]
    [InlineData("""{"requestId":"req_1_a","requestId":"req_2_b"}""")]
    [InlineData("""{"style":5}""")]
    [InlineData("""{"style":"5"}""")]
    [InlineData("""{"style":"DigitalArt"}""")]
    [InlineData("""{"style":""}""")]
    [InlineData("""{"mood":99}""")]
    [InlineData("""{"aspectRatio":"16:9"}""")]
    [InlineData("""{"frameCount":"5"}""")]
    [InlineData("""{"frameCount":5.5}""")]
    [InlineData("""{"videoDuration":"NaN"}""")]
    [InlineData("""{"frames":[{}]}""")]
    [InlineData("""{"frames":[{"number":1,"number":2}]}""")]
    [InlineData("""{"prompt":"a",}""")]
    [InlineData("""{"prompt":"a"} x""")]
    public void A_request_that_is_not_exactly_one_is_refused(string json) => Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<CreateSessionRequest>(json, Server));

    [Fact]
    public void A_request_nested_beyond_reason_is_refused() =>
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<JsonNode>(new string('[', 40) + new string(']', 40), Server));

    [Theory]
    [InlineData(typeof(SessionStatus), "3")]
    [InlineData(typeof(SessionStatus), "\"3\"")]
    [InlineData(typeof(SessionStatus), "null")]
    [InlineData(typeof(VideoStatus), "\"unknown\"")]
    [InlineData(typeof(FrameStatus), "-1")]
    [InlineData(typeof(Style), "\"Realistic, Cartoon\"")]
    [InlineData(typeof(SessionStatus), "\"completed,failed\"")]
    [InlineData(typeof(SessionStatus), "\"InProgress\"")]
    [InlineData(typeof(Mood), "\"calm\"")]
    public void Enumerations_are_read_by_their_names_alone(Type type, string json) => Assert.Throws<JsonException>(() => JsonSerializer.Deserialize(json, type, Server));

    [Fact]
    public void Every_enumeration_of_the_wire_is_text()
    {
        var enums = typeof(Session).Assembly.GetExportedTypes().Where(type => type is { IsEnum: true, Namespace: "FrameVideo.Contracts" } && type != typeof(ObjectKind));
        foreach (var type in enums)
        {
            foreach (var value in Enum.GetValues(type))
            {
                var json = JsonSerializer.Serialize(value, type, WireJson.Options);
                Assert.StartsWith("\"", json, StringComparison.Ordinal);
                Assert.Equal(value, JsonSerializer.Deserialize(json, type, WireJson.Options));
            }
        }
    }

    [Fact]
    public void A_client_passes_over_members_that_are_newer_than_it()
    {
        var link = JsonSerializer.Deserialize<Link>("""{"url":"u","expiresAt":"2026-07-01T12:00:00Z","newer":1}""", WireJson.Options);
        Assert.Equal("u", link!.Url);
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<Link>("""{"url":null,"expiresAt":"2026-07-01T12:00:00Z"}""", WireJson.Options));
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<Link>("""{"url":"u"}""", WireJson.Options));
    }

    private static JsonSerializerOptions Made()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web) { TypeInfoResolver = new DefaultJsonTypeInfoResolver() };
        WireJson.Apply(options);
        return options;
    }

    private static Session Example()
    {
        var (id, time) = (RequestId.Parse("req_1700000000000_abc"), new DateTimeOffset(2026, 7, 1, 12, 0, 0, TimeSpan.Zero));
        return new Session
        {
            Id = id,
            RequestId = id,
            SessionId = id,
            UserId = UserId.Parse("alice"),
            Status = SessionStatus.InProgress,
            Stage = SessionStage.Frames,
            Progress = 40,
            FramesRevision = 2,
            OriginalPrompt = "A quiet harbour",
            Style = Style.DigitalArt,
            Mood = Mood.Calm,
            VideoDuration = 12.5,
            FrameCount = 3,
            AspectRatio = AspectRatio.Parse("1584:672"),
            Seed = 7,
            Frames = [new Frame { RequestId = id, Number = 1, Status = FrameStatus.Stored, ObjectKey = ObjectKeys.Frame(UserId.Parse("alice"), id, 1, new string('a', 64), "png"), Bytes = 10 }],
            Usage = new Usage("draft", 1, 0.5m),
            Metadata = new Dictionary<string, string>(StringComparer.Ordinal) { ["a"] = "b" },
            CreatedAt = time,
            UpdatedAt = time,
            Error = new ResourceError("generation-failed", "No.", 2, true),
            Links = new SessionLinks("/s", "/e", null),
        };
    }
}
