using System.Buffers;
using System.Text.Json;
using System.Text.RegularExpressions;
using Xunit.Abstractions;

namespace FrameVideo.Contracts.Tests;

/// <summary>
/// Keys that are generated come back whole, and of a million hostile strings none becomes a key that leaves its prefix. 100,000 each time, a million each with FRAMEVIDEO_LONG=1
/// (<see cref="Seeded"/>).
/// </summary>
[Trait("Campaign", "keys")]
public sealed partial class KeyPropertyTests(ITestOutputHelper output)
{
    private static readonly SearchValues<char> KeyCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._@+=:|~-/");

    private static readonly UserId Alice = UserId.Parse("alice");
    private static readonly RequestId Request = RequestId.Parse("req_1_a");
    private static readonly string Sha256 = new('a', 64);

    [Fact]
    public void Generated_keys_come_back_whole_from_text_span_json_and_url() => Seeded.Check(output, Seeded.Count, Values.Key, ComesBack, key => key.ToString());

    [Fact]
    public void Hostile_strings_are_refused_or_stay_within_their_prefix() => Seeded.Check(output, Seeded.Count, Values.HostileText, IsRefusedOrStays, Print);

    [Fact]
    public void Hostile_file_names_become_uploads_of_their_own_request() => Seeded.Check(
        output,
        Seeded.Count,
        Values.HostileText,
        name =>
        {
            var key = ObjectKeys.Upload(Alice, Request, name, Sha256, "png");
            return key.Kind == ObjectKind.Upload && ObjectKeys.UploadsPrefix(Alice, Request).Contains(key) && Stays(key);
        },
        Print);

    [Fact]
    public void Hostile_strings_are_no_ids_unless_they_are_written_exactly_so() => Seeded.Check(
        output,
        Seeded.Count,
        Values.HostileText,
        text => RequestId.TryParse(text, out var request) == RequestPattern().IsMatch(text) && (request.IsEmpty || (request.ToString() == text && request.UnixMilliseconds >= 0))
            && VideoId.TryParse(text, out var video) == VideoPattern().IsMatch(text) && (video.IsEmpty || (video.ToString() == text && video.UnixMilliseconds >= 0))
            && (!UserId.TryParse(text, out var user) || (user.ToString() == text && !text.AsSpan().ContainsAnyExcept(KeyCharacters) && !text.Contains('/')))
            && (!AspectRatio.TryParse(text, null, out var ratio) || ratio.ToString() == text)
            && (RequestId.FromUrl(text) is not { } found || text.Contains(found.ToString(), StringComparison.Ordinal) || text.Contains('%'))
            && (StorageUrl.FindKey(text) is not { } key || Stays(key)),
        Print);

    private static bool ComesBack(ObjectKey key)
    {
        var text = key.ToString();
        var encoded = Uri.EscapeDataString(text);
        return ObjectKey.Parse(text) == key
            && ObjectKey.TryParse(text.AsSpan(), null, out var again)
            && Parts(again) == Parts(key)
            && JsonSerializer.Deserialize<ObjectKey>(JsonSerializer.Serialize(key)) == key
            && text.Length <= ObjectKey.MaxLength
            && StorageUrl.FindKey($"https://bucket.s3.example/{encoded}?X-Amz-Signature=ab%2Fcd") == key
            && StorageUrl.FindKey($"/proxy?w=5&key={encoded}") == key
            && RequestId.FromUrl($"s3://bucket/{text}") == key.RequestId
            && Stays(key);
    }

    private static (UserId, RequestId, ObjectKind, int, string?, string?, VideoId) Parts(ObjectKey key) =>
        (key.UserId, key.RequestId, key.Kind, key.Number, key.Hash, key.Extension, key.VideoId);

    private static bool IsRefusedOrStays(string text) => !ObjectKey.TryParse(text, out var key) || (key.ToString() == text && Stays(key));

    /// <summary>Whether the key, as a path and as a URL, lies where its parts say, and its parts alone make it again.</summary>
    private static bool Stays(ObjectKey key)
    {
        var text = key.ToString();
        var prefix = $"{key.UserId}/{key.RequestId}/";
        return text.StartsWith(prefix, StringComparison.Ordinal)
            && RequestPattern().IsMatch(key.RequestId.ToString())
            && !text.AsSpan().ContainsAnyExcept(KeyCharacters)
            && Path.GetFullPath($"/root/{text}") == $"/root/{text}"
            && new Uri($"http://h/{Uri.EscapeDataString(text).Replace("%2F", "/", StringComparison.Ordinal)}").AbsolutePath.Count(c => c == '/') == text.Count(c => c == '/') + 1
            && ObjectKeys.RequestPrefix(key.UserId, key.RequestId).Contains(key)
            && ObjectKeys.UserPrefix(key.UserId).Contains(key)
            && Remade(key) == key;
    }

    private static ObjectKey Remade(ObjectKey key)
    {
        var sha = (key.Hash ?? "").PadRight(64, '0');
        return key.Kind switch
        {
            ObjectKind.Frame => ObjectKeys.Frame(key.UserId, key.RequestId, key.Number, sha, key.Extension!),
            ObjectKind.Upload => ObjectKeys.Upload(key.UserId, key.RequestId, $"{key.FileName[..^(key.Extension!.Length + 14)]}.png", sha, key.Extension!),
            ObjectKind.Manifest => ObjectKeys.Manifest(key.UserId, key.RequestId),
            ObjectKind.Clip => ObjectKeys.Clip(key.UserId, key.RequestId, key.Number, sha, key.Extension!),
            ObjectKind.Footage => ObjectKeys.Footage(key.UserId, key.RequestId, key.Number, sha, key.Extension!),
            ObjectKind.Joint => ObjectKeys.Joint(key.UserId, key.RequestId, key.Number, sha, key.Extension!),
            ObjectKind.Film => ObjectKeys.Film(key.UserId, key.RequestId, key.VideoId, key.Extension!),
            ObjectKind.Poster => ObjectKeys.Poster(key.UserId, key.RequestId, key.VideoId),
            ObjectKind.Captions => ObjectKeys.Captions(key.UserId, key.RequestId, key.VideoId),
            ObjectKind.Init => ObjectKeys.Init(key.UserId, key.RequestId, key.VideoId, sha),
            ObjectKind.Segment => ObjectKeys.Segment(key.UserId, key.RequestId, key.VideoId, key.Number, sha),
            ObjectKind.VideoRecord => ObjectKeys.VideoRecord(key.UserId, key.RequestId, key.VideoId),

            // What the former product wrote is never made.
            _ => key,
        };
    }

    // The contract's own words, beside the code that reads by hand.
    [GeneratedRegex("^req_[0-9]{1,16}_[0-9a-z]{1,16}\\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex RequestPattern();

    [GeneratedRegex("^vid_[0-9]{1,16}_[0-9a-z]{1,16}\\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex VideoPattern();

    private static string Print(string text) => string.Concat(text.Take(300).Select(c => c is >= ' ' and <= '~' ? c.ToString() : $"\\u{(int)c:x4}"));
}
