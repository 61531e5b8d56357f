using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace FrameVideo.Contracts;

/// <summary>
/// The name of one object in the store, with its parts. Made by <see cref="ObjectKeys"/> or read from text; there is no third way, so a key
/// that exists lies under its user's and its request's prefix. The default value is no key.
/// </summary>
/// <remarks>
/// hash12 is the first twelve hex digits of a SHA-256: of the bytes for pictures, of everything that went in for clips and joints, of everything that was asked for footage.
/// Only the canonical text parses: numbers have at least two digits and no further leading zero, hashes and extensions are lower case.
/// </remarks>
[JsonConverter(typeof(IdJsonConverter<ObjectKey>))]
public readonly struct ObjectKey : IEquatable<ObjectKey>, ISpanParsable<ObjectKey>
{
    /// <summary>The folder of a session's frames.</summary>
    public const string ReferenceFrames = "reference-frames";

    /// <summary>The folder of the pictures and sounds that a person brought.</summary>
    public const string UserUploads = "user-uploads";

    /// <summary>The folder of clips, joints and films.</summary>
    public const string VideoClips = "video-clips";

    /// <summary>The file name of a session's portable record.</summary>
    public const string ManifestFile = "manifest.json";

    /// <summary>The most characters that a key has: user, request and video ID at their longest, and a stem.</summary>
    public const int MaxLength = 512;

    internal const int HashLength = 12;
    internal const int MaxStem = 100;
    private const int MaxNumber = 9999;

    private static readonly SearchValues<char> StemCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    private static readonly SearchValues<char> HashCharacters = SearchValues.Create("0123456789abcdef");

    private readonly string? _text;

    private ObjectKey(string text, UserId userId, RequestId requestId, ObjectKind kind, int number = 0, string? hash = null, string? extension = null, VideoId videoId = default)
    {
        _text = text;
        UserId = userId;
        RequestId = requestId;
        Kind = kind;
        Number = number;
        Hash = hash;
        Extension = extension;
        VideoId = videoId;
    }

    /// <summary>Whether films of the session may share it: a clip, a joint or footage.</summary>
    public bool IsPiece => Kind is ObjectKind.Clip or ObjectKind.Joint or ObjectKind.Footage;

    /// <summary>Whether this is the default value.</summary>
    public bool IsEmpty => _text is null;

    /// <summary>Whose object it is.</summary>
    public UserId UserId { get; }

    /// <summary>The generation that it belongs to.</summary>
    public RequestId RequestId { get; }

    /// <summary>What it is.</summary>
    public ObjectKind Kind { get; }

    /// <summary>The frame's number for frames, clips and joints (1-9999); 0 for the rest.</summary>
    public int Number { get; }

    /// <summary>The twelve hex digits in the name, where the kind has them.</summary>
    public string? Hash { get; }

    /// <summary>The extension without its dot, where the kind has one that varies.</summary>
    public string? Extension { get; }

    /// <summary>The film's ID for what lies in a film's folder.</summary>
    public VideoId VideoId { get; }

    /// <summary>Whether the object may be written again with other bytes; all others never change once written.</summary>
    public bool IsRewritten => Kind is ObjectKind.Manifest or ObjectKind.VideoRecord;

    /// <summary>Whether it is a sound that a person brought.</summary>
    public bool IsSound => Kind == ObjectKind.Upload && IsSoundExtension(Extension);

    /// <summary>The last segment of the key.</summary>
    public string FileName => _text is null ? "" : _text[(_text.LastIndexOf('/') + 1)..];

    /// <summary>The name under which a person saves it: that of the store, and before it the request ID where it is of a film, since every film's is the same.</summary>
    public string DownloadName => Kind is ObjectKind.Clip or ObjectKind.Joint || !VideoId.IsEmpty ? $"{RequestId}-{FileName}" : FileName;

    /// <summary>The media type that the name tells: pictures, sounds, films, JSON, WebVTT.</summary>
    public string ContentType => FileName[(FileName.LastIndexOf('.') + 1)..] switch
    {
        "png" => "image/png",
        "jpg" or "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "mp3" => "audio/mpeg",
        "m4a" => "audio/mp4",
        "aac" => "audio/aac",
        "wav" => "audio/wav",
        "flac" => "audio/flac",
        "ogg" => "audio/ogg",
        "mp4" => "video/mp4",
        "m4s" => "video/iso.segment",
        "webm" => "video/webm",
        "json" => "application/json",
        "vtt" => "text/vtt",
        _ => "application/octet-stream",
    };

    /// <inheritdoc cref="TryParse(ReadOnlySpan{char}, IFormatProvider?, out ObjectKey)"/>
    /// <exception cref="FormatException">The text is no key of the layout.</exception>
    public static ObjectKey Parse(ReadOnlySpan<char> s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out var key) ? key : throw new FormatException("The text is no object key of the layout.");

    /// <inheritdoc cref="Parse(ReadOnlySpan{char}, IFormatProvider?)"/>
    public static ObjectKey Parse(string s, IFormatProvider? provider = null)
    {
        ArgumentNullException.ThrowIfNull(s);
        return Parse(s.AsSpan(), provider);
    }

    /// <summary>Reads a key into its parts. What does not parse is refused, never guessed.</summary>
    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out ObjectKey result)
    {
        result = default;
        if (s.Length > MaxLength) return false;
        Span<Range> parts = stackalloc Range[6];
        var count = s.Split(parts, '/');
        if (count is < 3 or > 5 || !UserId.TryParse(s[parts[0]], null, out var user) || !RequestId.TryParse(s[parts[1]], null, out var request)) return false;
        var folder = s[parts[2]];
        var text = s.ToString();
        if (count == 3)
        {
            if (folder is ManifestFile) result = new ObjectKey(text, user, request, ObjectKind.Manifest, extension: "json");
        }
        else if (count == 4)
        {
            var file = s[parts[3]];
            result = folder switch
            {
                ReferenceFrames => ParseFrame(text, user, request, file),
                UserUploads => ParseUpload(text, user, request, file),
                VideoClips => ParsePiece(text, user, request, file),
                _ => default,
            };
        }
        else if (folder is VideoClips && VideoId.TryParse(s[parts[3]], null, out var video))
        {
            result = ParseFilmPart(text, user, request, video, s[parts[4]]);
        }

        return !result.IsEmpty;
    }

    /// <inheritdoc cref="TryParse(ReadOnlySpan{char}, IFormatProvider?, out ObjectKey)"/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out ObjectKey result) => TryParse(s.AsSpan(), provider, out result);

    /// <inheritdoc cref="TryParse(ReadOnlySpan{char}, IFormatProvider?, out ObjectKey)"/>
    public static bool TryParse([NotNullWhen(true)] string? s, out ObjectKey result) => TryParse(s.AsSpan(), null, out result);

    internal static bool IsStem(ReadOnlySpan<char> stem) => stem.Length is >= 1 and <= MaxStem && stem[0] != '.' && !stem.ContainsAnyExcept(StemCharacters);

    internal static bool IsHash(ReadOnlySpan<char> hash) => hash.Length == HashLength && !hash.ContainsAnyExcept(HashCharacters);

    internal static bool IsPictureExtension(ReadOnlySpan<char> extension) => extension is "png" or "jpg" or "webp";

    internal static bool IsSoundExtension(ReadOnlySpan<char> extension) => extension is "mp3" or "m4a" or "aac" or "wav" or "flac" or "ogg";

    internal static bool IsFilmExtension(ReadOnlySpan<char> extension) => extension is "mp4" or "webm";

    private static ObjectKey ParseFrame(string text, UserId user, RequestId request, ReadOnlySpan<char> file)
    {
        if (TryNumbered(file, "frame_", out var number, out var hash, out var extension) && IsPictureExtension(extension))
            return new ObjectKey(text, user, request, ObjectKind.Frame, number, hash.ToString(), extension.ToString());

        var former = file.StartsWith("generated_", StringComparison.Ordinal) ? file["generated_".Length..] : file;
        return TryFormer(former, out number, out extension) ? new ObjectKey(text, user, request, ObjectKind.FormerFrame, number, null, extension.ToString()) : default;
    }

    private static ObjectKey ParseUpload(string text, UserId user, RequestId request, ReadOnlySpan<char> file)
    {
        var dot = file.LastIndexOf('.');
        if (dot < HashLength + 2 || !(IsPictureExtension(file[(dot + 1)..]) || IsSoundExtension(file[(dot + 1)..]))) return default;
        var hash = file[(dot - HashLength)..dot];
        var ok = IsHash(hash) && file[dot - HashLength - 1] == '_' && IsStem(file[..(dot - HashLength - 1)]);
        return ok ? new ObjectKey(text, user, request, ObjectKind.Upload, 0, hash.ToString(), file[(dot + 1)..].ToString()) : default;
    }

    private static ObjectKey ParsePiece(string text, UserId user, RequestId request, ReadOnlySpan<char> file)
    {
        if (TryNumbered(file, "clip_", out var number, out var hash, out var extension) && IsFilmExtension(extension))
            return new ObjectKey(text, user, request, ObjectKind.Clip, number, hash.ToString(), extension.ToString());
        if (TryNumbered(file, "joint_", out number, out hash, out extension) && IsFilmExtension(extension))
            return new ObjectKey(text, user, request, ObjectKind.Joint, number, hash.ToString(), extension.ToString());
        if (TryNumbered(file, "footage_", out number, out hash, out extension) && IsFilmExtension(extension))
            return new ObjectKey(text, user, request, ObjectKind.Footage, number, hash.ToString(), extension.ToString());
        return default;
    }

    private static ObjectKey ParseFilmPart(string text, UserId user, RequestId request, VideoId video, ReadOnlySpan<char> file) => file switch
    {
        "film.mp4" or "film.webm" => new ObjectKey(text, user, request, ObjectKind.Film, 0, null, file[5..].ToString(), video),
        "poster.jpg" => new ObjectKey(text, user, request, ObjectKind.Poster, 0, null, "jpg", video),
        "captions.vtt" => new ObjectKey(text, user, request, ObjectKind.Captions, 0, null, "vtt", video),
        "video.json" => new ObjectKey(text, user, request, ObjectKind.VideoRecord, 0, null, "json", video),
        _ => ParseSegment(text, user, request, video, file),
    };

    private static ObjectKey ParseSegment(string text, UserId user, RequestId request, VideoId video, ReadOnlySpan<char> file)
    {
        const string Init = "init_";
        if (TryNumbered(file, "segment_", out var number, out var hash, out var extension) && extension is "m4s" or "vtt")
            return new ObjectKey(text, user, request, ObjectKind.Segment, number, hash.ToString(), extension.ToString(), video);
        var isInit = file.StartsWith(Init, StringComparison.Ordinal) && file.Length == Init.Length + HashLength + ".mp4".Length && file.EndsWith(".mp4", StringComparison.Ordinal) && IsHash(file.Slice(Init.Length, HashLength));
        return isInit ? new ObjectKey(text, user, request, ObjectKind.Init, 0, file.Slice(Init.Length, HashLength).ToString(), "mp4", video) : default;
    }

    /// <summary>Splits <c>&lt;prefix&gt;&lt;nn&gt;_&lt;hash12&gt;.&lt;ext&gt;</c>.</summary>
    private static bool TryNumbered(ReadOnlySpan<char> file, string prefix, out int number, out ReadOnlySpan<char> hash, out ReadOnlySpan<char> extension)
    {
        number = 0;
        hash = extension = default;
        if (!file.StartsWith(prefix, StringComparison.Ordinal)) return false;
        var rest = file[prefix.Length..];
        var line = rest.IndexOf('_');
        if (line is < 2 or > 4 || (line > 2 && rest[0] == '0') || !TryDigits(rest[..line], out number) || number is 0 or > MaxNumber) return false;
        rest = rest[(line + 1)..];
        if (rest.Length < HashLength + 2 || rest[HashLength] != '.') return false;
        hash = rest[..HashLength];
        extension = rest[(HashLength + 1)..];
        return IsHash(hash);
    }

    /// <summary>Splits <c>frame_&lt;n&gt;_&lt;ms&gt;.&lt;ext&gt;</c> of the former product; 13 digits of milliseconds keep it apart from a hash of twelve.</summary>
    private static bool TryFormer(ReadOnlySpan<char> file, out int number, out ReadOnlySpan<char> extension)
    {
        number = 0;
        extension = default;
        if (!file.StartsWith("frame_", StringComparison.Ordinal)) return false;
        var rest = file["frame_".Length..];
        var line = rest.IndexOf('_');
        if (line is < 1 or > 4 || !TryDigits(rest[..line], out number)) return false;
        rest = rest[(line + 1)..];
        var dot = rest.IndexOf('.');
        if (dot != 13 || rest[..dot].ContainsAnyExceptInRange('0', '9')) return false;
        extension = rest[(dot + 1)..];
        return IsPictureExtension(extension) || extension is "jpeg";
    }

    private static bool TryDigits(ReadOnlySpan<char> text, out int value)
    {
        value = 0;
        return !text.ContainsAnyExceptInRange('0', '9') && int.TryParse(text, System.Globalization.NumberStyles.None, null, out value);
    }

    /// <inheritdoc/>
    public bool Equals(ObjectKey other) => string.Equals(_text, other._text, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is ObjectKey other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _text is null ? 0 : string.GetHashCode(_text, StringComparison.Ordinal);

    /// <summary>The key as the store knows it, without a leading slash.</summary>
    public override string ToString() => _text ?? "";

    /// <summary>Whether both name the same object.</summary>
    public static bool operator ==(ObjectKey left, ObjectKey right) => left.Equals(right);

    /// <summary>Whether the two name different objects.</summary>
    public static bool operator !=(ObjectKey left, ObjectKey right) => !left.Equals(right);
}
