namespace FrameVideo.Contracts;

/// <summary>Writes the keys of the layout. This class and <see cref="ObjectKey"/>, which reads them, are the only places where the layout stands.</summary>
/// <remarks>
/// <code>
/// &lt;userId&gt;/&lt;requestId&gt;/reference-frames/frame_&lt;nn&gt;_&lt;hash12&gt;.&lt;ext&gt;
/// &lt;userId&gt;/&lt;requestId&gt;/user-uploads/&lt;stem&gt;_&lt;hash12&gt;.&lt;ext&gt;
/// &lt;userId&gt;/&lt;requestId&gt;/manifest.json
/// &lt;userId&gt;/&lt;requestId&gt;/video-clips/clip_&lt;nn&gt;_&lt;hash12&gt;.&lt;ext&gt;
/// &lt;userId&gt;/&lt;requestId&gt;/video-clips/joint_&lt;nn&gt;_&lt;hash12&gt;.&lt;ext&gt;
/// &lt;userId&gt;/&lt;requestId&gt;/video-clips/footage_&lt;nn&gt;_&lt;hash12&gt;.&lt;ext&gt;
/// &lt;userId&gt;/&lt;requestId&gt;/video-clips/&lt;videoId&gt;/film.&lt;ext&gt;, poster.jpg, captions.vtt, video.json
/// &lt;userId&gt;/&lt;requestId&gt;/video-clips/&lt;videoId&gt;/init_&lt;hash12&gt;.mp4, segment_&lt;nn&gt;_&lt;hash12&gt;.m4s, segment_&lt;nn&gt;_&lt;hash12&gt;.vtt
/// </code>
/// Every method throws <see cref="ArgumentException"/> for a part that the layout does not allow.
/// </remarks>
public static class ObjectKeys
{
    /// <summary>A frame's picture. <paramref name="sha256"/> is of its bytes, 64 lower-case hex digits; <paramref name="extension"/> png, jpg or webp.</summary>
    public static ObjectKey Frame(UserId user, RequestId request, int number, string sha256, string extension) =>
        Key($"{user}/{request}/{ObjectKey.ReferenceFrames}/frame_{number:D2}_{Hash12(sha256)}.{extension}");

    /// <summary>A picture or a sound that a person brought. The stem comes from <paramref name="fileName"/>: what the layout does not allow becomes a dash.</summary>
    public static ObjectKey Upload(UserId user, RequestId request, string? fileName, string sha256, string extension) =>
        Key($"{user}/{request}/{ObjectKey.UserUploads}/{StemOf(fileName)}_{Hash12(sha256)}.{extension}");

    /// <summary>The session's portable record.</summary>
    public static ObjectKey Manifest(UserId user, RequestId request) => Key($"{user}/{request}/{ObjectKey.ManifestFile}");

    /// <summary>The part of a film in which frame <paramref name="number"/> alone is seen; <paramref name="inputHash"/> is of everything that went in, <paramref name="extension"/> mp4 or webm.</summary>
    public static ObjectKey Clip(UserId user, RequestId request, int number, string inputHash, string extension = "mp4") =>
        Key($"{user}/{request}/{ObjectKey.VideoClips}/clip_{number:D2}_{Hash12(inputHash)}.{extension}");

    /// <summary>The transition after frame <paramref name="number"/>; <paramref name="inputHash"/> is of everything that went in, <paramref name="extension"/> mp4 or webm.</summary>
    public static ObjectKey Joint(UserId user, RequestId request, int number, string inputHash, string extension = "mp4") =>
        Key($"{user}/{request}/{ObjectKey.VideoClips}/joint_{number:D2}_{Hash12(inputHash)}.{extension}");

    /// <summary>The moving clip that an AI service made of frame <paramref name="number"/>; <paramref name="inputHash"/> is of everything that was asked, <paramref name="extension"/> mp4 or webm.</summary>
    public static ObjectKey Footage(UserId user, RequestId request, int number, string inputHash, string extension = "mp4") =>
        Key($"{user}/{request}/{ObjectKey.VideoClips}/footage_{number:D2}_{Hash12(inputHash)}.{extension}");

    /// <summary>The merged film; <paramref name="extension"/> mp4 or webm.</summary>
    public static ObjectKey Film(UserId user, RequestId request, VideoId video, string extension) => Key($"{VideoPrefix(user, request, video)}film.{extension}");

    /// <summary>The film's poster.</summary>
    public static ObjectKey Poster(UserId user, RequestId request, VideoId video) => Key($"{VideoPrefix(user, request, video)}poster.jpg");

    /// <summary>The film's WebVTT captions.</summary>
    public static ObjectKey Captions(UserId user, RequestId request, VideoId video) => Key($"{VideoPrefix(user, request, video)}captions.vtt");

    /// <summary>What the segments of an HLS film have in common. <paramref name="sha256"/> is of its bytes.</summary>
    public static ObjectKey Init(UserId user, RequestId request, VideoId video, string sha256) => Key($"{VideoPrefix(user, request, video)}init_{Hash12(sha256)}.mp4");

    /// <summary>One segment of an HLS film, cut from the clip of frame <paramref name="number"/> or from the transition after it. <paramref name="sha256"/> is of its bytes, <paramref name="extension"/> m4s, or vtt for captions.</summary>
    public static ObjectKey Segment(UserId user, RequestId request, VideoId video, int number, string sha256, string extension = "m4s") =>
        Key($"{VideoPrefix(user, request, video)}segment_{number:D2}_{Hash12(sha256)}.{extension}");

    /// <summary>The film's portable record.</summary>
    public static ObjectKey VideoRecord(UserId user, RequestId request, VideoId video) => Key($"{VideoPrefix(user, request, video)}video.json");

    /// <summary>Everything of one user.</summary>
    public static ObjectPrefix UserPrefix(UserId user) => new($"{Named(user)}/");

    /// <summary>Everything of one request.</summary>
    public static ObjectPrefix RequestPrefix(UserId user, RequestId request) => new($"{UserPrefix(user)}{Named(request)}/");

    /// <summary>The frames of one request.</summary>
    public static ObjectPrefix FramesPrefix(UserId user, RequestId request) => new($"{RequestPrefix(user, request)}{ObjectKey.ReferenceFrames}/");

    /// <summary>The pictures and sounds that a person brought to one request.</summary>
    public static ObjectPrefix UploadsPrefix(UserId user, RequestId request) => new($"{RequestPrefix(user, request)}{ObjectKey.UserUploads}/");

    /// <summary>Clips, joints and films of one request: VideoService's part.</summary>
    public static ObjectPrefix VideoClipsPrefix(UserId user, RequestId request) => new($"{RequestPrefix(user, request)}{ObjectKey.VideoClips}/");

    /// <summary>The folder of one film.</summary>
    public static ObjectPrefix VideoPrefix(UserId user, RequestId request, VideoId video) => new($"{VideoClipsPrefix(user, request)}{Named(video)}/");

    private static ObjectKey Key(string text) =>
        ObjectKey.TryParse(text, out var key) ? key : throw new ArgumentException("These parts make no object key of the layout.");

    private static string Hash12(string sha256)
    {
        ArgumentNullException.ThrowIfNull(sha256);
        return sha256.Length == 64 ? sha256[..ObjectKey.HashLength] : throw new ArgumentException("A SHA-256 has 64 hex digits.", nameof(sha256));
    }

    private static T Named<T>(T id)
        where T : struct, IEquatable<T> => id.Equals(default) ? throw new ArgumentException($"No {typeof(T).Name} was given.", nameof(id)) : id;

    private static string StemOf(string? fileName)
    {
        var name = (fileName ?? "").Replace('\\', '/');
        name = name[(name.LastIndexOf('/') + 1)..];
        var dot = name.LastIndexOf('.');
        var stem = (dot > 0 ? name[..dot] : name).TrimStart('.');
        if (stem.Length > ObjectKey.MaxStem) stem = stem[..ObjectKey.MaxStem];
        stem = string.Create(stem.Length, stem, static (to, from) =>
        {
            for (var i = 0; i < to.Length; i++) to[i] = char.IsAsciiLetterOrDigit(from[i]) || from[i] is '.' or '_' or '-' ? from[i] : '-';
        });
        return stem.Length == 0 ? "picture" : stem;
    }
}
