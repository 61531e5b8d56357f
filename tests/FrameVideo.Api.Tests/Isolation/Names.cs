namespace FrameVideo.Api.Tests.Isolation;

/// <summary>Everything by which a user's session with its frame and film can be named.</summary>
/// <param name="User">Whose it is.</param>
/// <param name="Request">The session's ID.</param>
/// <param name="Video">The film's ID.</param>
/// <param name="FrameKey">The object of frame 1.</param>
/// <param name="FilmKey">The film's object.</param>
/// <param name="FrameLink">The link to frame 1 that its owner was given.</param>
/// <param name="FilmLink">The link to the film that its owner was given.</param>
/// <param name="EventsLink">The link to the session's events that its owner was given, as a path.</param>
/// <param name="Cursor">A place in its owner's list of sessions.</param>
/// <param name="IdempotencyKey">What its owner has made the session and the film with.</param>
/// <param name="Delivery">An event of the session that was sent to its callback address.</param>
/// <param name="VideoDelivery">An event of the film that was sent to its callback address.</param>
internal sealed record Names(
    string User, string Request, string Video, string FrameKey, string FilmKey, string FrameLink, string FilmLink, string EventsLink, string Cursor, string IdempotencyKey, string Delivery, string VideoDelivery)
{
    /// <summary>The same, of things that there never were, text for text as long.</summary>
    public Names Never()
    {
        var (user, request, video) = (Other(User), Other(Request), Other(Video));
        string Renamed(string text) => text.Replace(User, user, StringComparison.Ordinal).Replace(Request, request, StringComparison.Ordinal).Replace(Video, video, StringComparison.Ordinal);
        return new Names(user, request, video, Renamed(FrameKey), Renamed(FilmKey), Renamed(FrameLink), Renamed(FilmLink), Renamed(EventsLink), Cursor, IdempotencyKey, Renamed(Delivery), Renamed(VideoDelivery));
    }

    /// <summary>A text in which every name is replaced by what it names, so that two answers can be laid side by side.</summary>
    public string Blank(string text) => text.Replace(Video, "{video}", StringComparison.Ordinal).Replace(Request, "{request}", StringComparison.Ordinal).Replace(User, "{user}", StringComparison.Ordinal);

    private static string Other(string name) => string.Concat(name.AsSpan(0, name.Length - 4), "zzzz");
}
