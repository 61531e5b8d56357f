using System.Collections.Frozen;

namespace FrameVideo.Hosting;

/// <summary>What a key may be allowed to do.</summary>
public static class Scopes
{
    /// <summary>GET and HEAD at FrameService: sessions, frames, pictures.</summary>
    public const string FramesRead = "frames:read";

    /// <summary>Everything else at FrameService: generate, upload, save, delete.</summary>
    public const string FramesWrite = "frames:write";

    /// <summary>GET and HEAD at VideoService: films and their content.</summary>
    public const string VideosRead = "videos:read";

    /// <summary>Everything else at VideoService. To make a film its frames have to be read, so <see cref="FramesRead"/> is needed beside it.</summary>
    public const string VideosWrite = "videos:write";

    /// <summary>Speak for users of one's own, and so for any: the request names the user. Meant for a back end that knows its users itself.</summary>
    public const string ActAs = "users:act-as";

    /// <summary>The four scopes of reading and writing, and what operators alone may do over HTTP. Does not include <see cref="ActAs"/>.</summary>
    public const string Admin = "admin";

    /// <summary>Every scope that there is.</summary>
    public static FrozenSet<string> All { get; } = FrozenSet.ToFrozenSet([FramesRead, FramesWrite, VideosRead, VideosWrite, ActAs, Admin], StringComparer.Ordinal);
}
