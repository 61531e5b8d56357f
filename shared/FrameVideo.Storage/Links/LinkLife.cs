using FrameVideo.Contracts;

namespace FrameVideo.Storage;

/// <summary>How long links work.</summary>
internal static class LinkLife
{
    /// <summary>As long as the link of a playlist itself: a player reads it once when the film is whole, and then what it names, over hours where somebody pauses.</summary>
    private static readonly TimeSpan OfSegments = TimeSpan.FromHours(48);

    /// <summary>The life of a key's link.</summary>
    /// <param name="key">What it leads to.</param>
    /// <param name="usual">What the configuration says.</param>
    public static TimeSpan Of(ObjectKey key, TimeSpan usual) => key.Kind is ObjectKind.Segment or ObjectKind.Init && usual < OfSegments ? OfSegments : usual;
}
