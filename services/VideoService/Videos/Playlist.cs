using System.Globalization;
using System.Text;
using FrameVideo.Contracts;
using VideoService.Rendering;

namespace VideoService.Videos;

/// <summary>Writes the playlists of HLS films (RFC 8216).</summary>
internal static class Playlist
{
    public const string MediaType = "application/vnd.apple.mpegurl";

    /// <summary>The segments of a film in the film's order, as far as no piece before them is missing.</summary>
    public static IReadOnlyList<VideoSegmentRow> Playable(IEnumerable<VideoSegmentRow> segments)
    {
        var playable = new List<VideoSegmentRow>();
        var next = 0;
        foreach (var piece in segments.GroupBy(segment => segment.Position).OrderBy(piece => piece.Key))
        {
            if (piece.Key != next++) break;
            playable.AddRange(piece.OrderBy(segment => segment.Part));
        }

        return playable;
    }

    /// <summary>A playlist that only ever grows (section 4.3.3.5), and that ends with the film. Players begin at its beginning, not where it grows.</summary>
    /// <param name="film">The film.</param>
    /// <param name="pieces">Its pieces, rendered or not: the longest segment there can be has to be told from the start.</param>
    /// <param name="segments">What is playable.</param>
    /// <param name="link">The address of an object.</param>
    public static string Write(VideoRow film, IReadOnlyList<VideoPieceRow> pieces, IReadOnlyList<VideoSegmentRow> segments, Func<ObjectKey, string> link)
    {
        var longest = pieces.Count == 0 ? 0 : pieces.Max(piece => Math.Min(piece.FrameCount, EncoderArguments.MostOfGroup));
        var text = new StringBuilder("#EXTM3U\n#EXT-X-VERSION:7\n");
        text.Append(CultureInfo.InvariantCulture, $"#EXT-X-TARGETDURATION:{Math.Max(1, (int)Math.Ceiling(longest / (double)film.Fps))}\n");
        text.Append("#EXT-X-MEDIA-SEQUENCE:0\n#EXT-X-PLAYLIST-TYPE:EVENT\n#EXT-X-INDEPENDENT-SEGMENTS\n#EXT-X-START:TIME-OFFSET=0,PRECISE=YES\n");
        ObjectKey? init = null;
        foreach (var segment in segments)
        {
            if (segment.InitKey != init) text.Append(CultureInfo.InvariantCulture, $"#EXT-X-MAP:URI=\"{link(segment.InitKey)}\"\n");
            init = segment.InitKey;
            text.Append(CultureInfo.InvariantCulture, $"#EXTINF:{segment.Seconds:0.000000},\n{link(segment.ObjectKey)}\n");
        }

        if (!film.IsOpen) text.Append("#EXT-X-ENDLIST\n");
        return text.ToString();
    }
}
