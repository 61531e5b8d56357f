using System.Text.Json;
using CsCheck;
using Microsoft.Extensions.Time.Testing;

namespace FrameVideo.Contracts.Tests;

public sealed class IdTests
{
    public static TheoryData<string> NoTimedId => new(
        "", "_", "@_", "@_1", "@_1_", "@__a", "@_a_a", "@_1_A", "@_1_a ", " @_1_a", "@_1_a\n", "\n@_1_a", "@_1_a\0", "@_1_a/", "@_1_a_b", "@_1_a-b", "@-1-a", "@_-1_a", "@_+1_a", "@_1.0_a", "@_0x1_a",
        "@_12345678901234567_a", "@_1_abcdefghijklmnopq", "@_\u0661_a", "@_1_\u00e9", "@\uff3f1_a", "session_1_a", "xx@_1_a", "@_1_a@_1_a");

    public static TheoryData<string> NoUser => new(
        "", ".", "..", "reference-frames", "user-uploads", "video-clips", "a/b", "/", "a b", " a", "a\n", "a\0", "a\\b", "a%2fb", "\u00e9", "\uff41", "a\u200bb", "\ud800", "a,b", "a;b", "a'b", "a\"b", "a*b", "a?b", "a#b",
        "a&b", "<a>", "{a}", "[a]", "a$b", "a!b", "(a)", new string('a', 129));

    [Fact]
    public void Request_ids_round_trip() => Values.Timed("req_").Sample(text => RoundTrips<RequestId>(text, id => id.TryFormat), iter: 2000);

    [Fact]
    public void Video_ids_round_trip() => Values.Timed("vid_").Sample(text => RoundTrips<VideoId>(text, id => id.TryFormat), iter: 2000);

    [Fact]
    public void User_ids_round_trip() => Values.User.Sample(user => RoundTrips<UserId>(user.ToString(), id => id.TryFormat), iter: 2000);

    [Theory]
    [InlineData("1280:720", 1280, 720)]
    [InlineData("720:1280", 720, 1280)]
    [InlineData("1104:832", 1104, 832)]
    [InlineData("832:1104", 832, 1104)]
    [InlineData("960:960", 960, 960)]
    [InlineData("1584:672", 1584, 672)]
    [InlineData("1280:768", 1280, 768)]
    [InlineData("768:1280", 768, 1280)]
    public void Aspect_ratios_round_trip(string text, int width, int height)
    {
        Assert.True(RoundTrips<AspectRatio>(text, null));
        Assert.Equal((width, height), (AspectRatio.Parse(text).Width, AspectRatio.Parse(text).Height));
        Assert.Equal(8, AspectRatio.All.Count);
        Assert.Equal("1280:720", default(AspectRatio).ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("16:9")]
    [InlineData("1280x720")]
    [InlineData("1280:720 ")]
    [InlineData("01280:720")]
    [InlineData("1280:721")]
    public void Other_ratios_are_refused(string text)
    {
        Assert.False(AspectRatio.TryParse(text, null, out _));
        Assert.Throws<FormatException>(() => AspectRatio.Parse(text));
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<AspectRatio>(JsonSerializer.Serialize(text)));
    }

    [Theory]
    [MemberData(nameof(NoTimedId))]
    public void What_is_no_timed_id_is_refused(string form)
    {
        var (request, video) = (form.Replace("@", "req", StringComparison.Ordinal), form.Replace("@", "vid", StringComparison.Ordinal));
        Assert.False(RequestId.TryParse(request, out var none));
        Assert.True(none.IsEmpty);
        Assert.False(VideoId.TryParse(video, out _));
        Assert.Throws<FormatException>(() => RequestId.Parse(request));
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<RequestId>(JsonSerializer.Serialize(request)));
        Assert.False(RequestId.TryParse(video, out _) || VideoId.TryParse(request, out _));
    }

    [Theory]
    [MemberData(nameof(NoUser))]
    public void What_is_no_user_id_is_refused(string text)
    {
        Assert.False(UserId.TryParse(text, out _));
        Assert.Throws<FormatException>(() => UserId.Parse(text));
    }

    [Theory]
    [InlineData("alice@example.com")]
    [InlineData("auth0|5f7c8ec7c33c6c004bbafe82")]
    [InlineData("eu-west-1:128d0a74-c82f-4553-916d-90053e4a8b0f")]
    [InlineData("a")]
    [InlineData("...")]
    [InlineData(".tmp")]
    [InlineData("Reference-Frames")]
    public void Users_of_the_usual_kinds_fit(string text) => Assert.Equal(text, UserId.Parse(text).ToString());

    [Fact]
    public void Order_is_by_time_and_then_by_text() => Gen.Select(Values.Request, Values.Request).Sample(
        (a, b) =>
        {
            var (x, y) = (Time(a), Time(b));
            var expected = x != y ? x.CompareTo(y) : Math.Sign(string.CompareOrdinal(a.ToString(), b.ToString()));
            return Math.Sign(a.CompareTo(b)) == expected && (a < b) == (expected < 0) && (a >= b) == (expected >= 0) && (a == b) == (expected == 0);
        },
        iter: 5000);

    [Fact]
    public void A_later_id_sorts_after_an_earlier_one_whatever_its_digits()
    {
        string[] inOrder = ["req_1_z", "req_2_a", "req_10_a", "req_1700000000000_a", "req_1700000000000_b", "req_9999999999999999_a"];
        Assert.Equal(string.Join(' ', inOrder), string.Join(' ', inOrder.Reverse().Select(text => RequestId.Parse(text)).Order()));
        Assert.NotEqual(RequestId.Parse("req_1_a"), RequestId.Parse("req_01_a"));
    }

    [Fact]
    public void New_ids_carry_the_clocks_millisecond_and_nine_characters_and_differ()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_123));
        var ids = Enumerable.Range(0, 10_000).Select(_ => RequestId.New(clock)).ToHashSet();
        Assert.Equal(10_000, ids.Count);
        Assert.All(ids, id => Assert.Matches("^req_1700000000123_[0-9a-z]{9}$", id.ToString()));
        Assert.Matches("^vid_1700000000123_[0-9a-z]{9}$", VideoId.New(clock).ToString());
        Assert.Equal(13, RequestId.New(new FakeTimeProvider(DateTimeOffset.UnixEpoch)).ToString().Split('_')[1].Length);
    }

    [Fact]
    public void A_legacy_session_id_is_known_and_is_no_request_id()
    {
        Assert.True(RequestId.IsLegacySessionId("session_1700000000000_abc"));
        Assert.False(RequestId.IsLegacySessionId("session_x_abc") || RequestId.IsLegacySessionId("req_1_a"));
        Assert.False(RequestId.TryParse("session_1700000000000_abc", out _));
    }

    [Theory]
    [InlineData("1")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[\"req_1_a\"]")]
    [InlineData("true")]
    public void Other_json_than_text_is_refused(string json) => Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<RequestId>(json));

    [Fact]
    public void The_default_values_are_no_ids()
    {
        Assert.True(default(RequestId).IsEmpty && default(VideoId).IsEmpty && default(UserId).IsEmpty && default(ObjectKey).IsEmpty && default(ObjectPrefix).IsEmpty);
        Assert.Equal("", $"{default(RequestId)}{default(VideoId)}{default(UserId)}{default(ObjectKey)}{default(ObjectPrefix)}");
        Assert.True(default(RequestId) < RequestId.Parse("req_0_0"));
    }

    private static long Time(RequestId id) => long.Parse(id.ToString().Split('_')[1]);

    private delegate bool Format(Span<char> to, out int written, ReadOnlySpan<char> format, IFormatProvider? provider);

    private static bool RoundTrips<TId>(string text, Func<TId, Format>? format)
        where TId : struct, ISpanParsable<TId>, IEquatable<TId>
    {
        var id = TId.Parse(text, null);
        Span<char> written = stackalloc char[200];
        var formatted = format is null || (format(id)(written, out var count, default, null) && written[..count].SequenceEqual(text) && !format(id)(written[..(text.Length - 1)], out _, default, null));
        var byKey = JsonSerializer.Deserialize<Dictionary<TId, int>>(JsonSerializer.Serialize(new Dictionary<TId, int> { [id] = 5 }, WireJson.Options), WireJson.Options)!;
        return formatted
            && id.ToString() == text
            && TId.Parse(text.AsSpan(), null).Equals(id)
            && TId.TryParse(text, null, out var again) && again.Equals(id) && again.GetHashCode() == id.GetHashCode()
            && JsonSerializer.Deserialize<TId>(JsonSerializer.Serialize(id)).Equals(id)
            && byKey[id] == 5;
    }
}
