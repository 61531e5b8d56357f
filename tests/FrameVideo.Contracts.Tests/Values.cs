using CsCheck;

namespace FrameVideo.Contracts.Tests;

/// <summary>Generators of what the contracts name, and of what only looks like it.</summary>
public static class Values
{
    private const string UserCharacters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._@+=:|~-";
    private const string StemCharacters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";

    private static readonly string[] Hostile =
    [
        "..", ".", "/", "//", "\\", "../", "..\\", "%2f", "%2F", "%5c", "%00", "%2e%2e", "%252f", "\0", "\n", "\r", "\t", "\u007f", "\u0085", "\u2028", "\ufeff", "\u200b", "\u202e",
        "\u2024", "\u2025", "\u2026", "\uff0e", "\uff0f", "\uff3c", "\u2215", "\u2044", "\u29f8", "\uff52eq_1_a", "\u212a", "\u0131", "\u017f", "\ud800", "\udfff", "\ud83d\ude00", "\u0661",
        "\u0301", "req_", "req_1_a", "vid_1_a", "session_1_a", "reference-frames", "user-uploads", "video-clips", "manifest.json", "video.json", "film.mp4", "frame_01_", "clip_", "joint_",
        "aaaaaaaaaaaa", ".png", ".PNG", ".mp4", "?key=", "&key=", "#", "://", "s3://", "http://h/", "v1/sessions/", "/frames/1/image", "alice", " ", "+", "~", "|", ":", "*", "<", "\"", "'", ";", "$(x)",
        new string('a', 200), new string('/', 30), new string('x', 10_240), new string('.', 200), new string('9', 17),
    ];

    public static Gen<string> Suffix { get; } = Gen.String[Gen.Char["0123456789abcdefghijklmnopqrstuvwxyz"], 1, 16];

    public static Gen<string> Digits { get; } = Gen.String[Gen.Char["0123456789"], 1, 16];

    public static Gen<string> Timed(string prefix) => Gen.Select(Digits, Suffix, (digits, suffix) => $"{prefix}{digits}_{suffix}");

    public static Gen<UserId> User { get; } = Gen.String[Gen.Char[UserCharacters], 1, 128].Where(text => UserId.TryParse(text, out _)).Select(text => UserId.Parse(text));

    public static Gen<RequestId> Request { get; } = Timed("req_").Select(text => RequestId.Parse(text));

    public static Gen<VideoId> Video { get; } = Timed("vid_").Select(text => VideoId.Parse(text));

    private static Gen<string> Sha256 { get; } = Gen.String[Gen.Char["0123456789abcdef"], 64, 64];

    private static Gen<string> Picture { get; } = Gen.Int[0, 2].Select(i => new[] { "png", "jpg", "webp" }[i]);

    /// <summary>A key of each kind that is written, by the method that writes it.</summary>
    public static Gen<ObjectKey> Key { get; } =
        from user in User
        from request in Request
        from kind in Gen.Int[0, 10]
        from number in Gen.Int[1, 9999]
        from sha in Sha256
        from video in Video
        from picture in Picture
        from stem in Gen.String[Gen.Char[StemCharacters], 0, 120]
        select kind switch
        {
            0 => ObjectKeys.Frame(user, request, number, sha, picture),
            1 => ObjectKeys.Upload(user, request, stem, sha, picture),
            2 => ObjectKeys.Manifest(user, request),
            3 => ObjectKeys.Clip(user, request, number, sha, number % 2 == 0 ? "mp4" : "webm"),
            4 => ObjectKeys.Joint(user, request, number, sha),
            5 => ObjectKeys.Film(user, request, video, number % 2 == 0 ? "mp4" : "webm"),
            6 => ObjectKeys.Poster(user, request, video),
            7 => ObjectKeys.Captions(user, request, video),
            8 => ObjectKeys.Init(user, request, video, sha),
            9 => ObjectKeys.Segment(user, request, video, number, sha),
            _ => ObjectKeys.VideoRecord(user, request, video),
        };

    private static Gen<string> Fragment { get; } = Gen.Int[0, Hostile.Length - 1].Select(i => Hostile[i]);

    /// <summary>Fragments of attack strung together, any characters at all, and keys that were bent in one or two places.</summary>
    public static Gen<string> HostileText { get; } = Gen.Frequency(
        (3, Fragment.Array[0, 12].Select(string.Concat)),
        (1, Gen.String[0, 60]),
        (1, Gen.Select(Gen.Int[0, 1], Gen.String[Gen.Char["0123456789abz_-A/ "], 0, 20], (i, rest) => new[] { "req_", "vid_" }[i] + rest)),
        (1, Gen.Char.Array[0, 40].Select(characters => new string(characters))),
        (5, Gen.Select(Key, Fragment, Gen.Int[0, 10_000], Gen.Int[0, 3], Bend)),
        (2, Gen.Select(Gen.Select(Key, Fragment, Gen.Int[0, 10_000], Gen.Int[0, 3], Bend), Fragment, Gen.Int[0, 10_000], (text, fragment, at) => text.Insert(at % (text.Length + 1), fragment))));

    private static string Bend(ObjectKey key, string fragment, int at, int how)
    {
        var text = key.ToString();
        at %= text.Length;
        return how switch
        {
            0 => text.Insert(at, fragment),
            1 => text[..at] + fragment + text[(at + 1)..],
            2 => text.Remove(at, 1),
            _ => text[..at] + char.ToUpperInvariant(text[at]) + text[(at + 1)..] + (at % 7 == 0 ? fragment : ""),
        };
    }
}
