using System.Globalization;
using System.Text;
using FrameVideo.Contracts;
using VideoService.Rendering;

namespace VideoService.Videos;

/// <summary>Writes the playlists of HLS films (RFC 8216).</summary>
internal static class Playlist
{
    public const string MediaType = "application/vnd.apple.mpegurl";

    /// <summary>Whether segments are all of a piece.</summary>
    public static bool IsWhole(IEnumerable<VideoSegmentRow> piece, int frameCount, int fps) => Math.Round(piece.Sum(segment => segment.Seconds) * fps) >= frameCount;

    /// <summary>The pictures of a film in their order, as far as no piece before them is missing, nor a part of one.</summary>
    public static IReadOnlyList<VideoSegmentRow> Pictures(PlayableFilm film)
    {
        var playable = new List<VideoSegmentRow>();
        var next = 0;
        foreach (var piece in film.Segments.Where(segment => segment.Track == VideoSegmentRow.Video).GroupBy(segment => segment.Position).OrderBy(piece => piece.Key))
        {
            if (piece.Key != next++) break;
            playable.AddRange(piece.OrderBy(segment => segment.Part));
            if (film.Pieces.FirstOrDefault(one => one.Position == piece.Key) is { } row && !IsWhole(piece, row.FrameCount, film.Row.Fps)) break;
        }

        return playable;
    }

    /// <summary>The sound of a film, as far as there are pictures to it.</summary>
    public static IReadOnlyList<VideoSegmentRow> Sound(PlayableFilm film)
    {
        var (seen, heard) = (Pictures(film).Sum(segment => segment.Seconds), 0.0);
        return [.. film.Segments.Where(segment => segment.Track == VideoSegmentRow.Sound).OrderBy(segment => segment.Part).TakeWhile(segment => (heard += segment.Seconds) - segment.Seconds < seen)];
    }

    /// <summary>Whether a film's pictures are not all of it, so that it has several playlists.</summary>
    public static bool HasLead(VideoRow film) => film.Asked.Audio is not null || film.HasCaptionTrack;

    /// <summary>What leads to the playlists of a film with sound or captions (section 4.3.4). Captions that are not in the pictures are shown unless somebody hides them.</summary>
    /// <param name="film">The film.</param>
    /// <param name="track">The address of a track's playlist.</param>
    public static string Lead(VideoRow film, Func<string, string> track)
    {
        // The peak is not known before the film is; a bit for each ten samples is more than such films have.
        var bits = (film.Width * film.Height * (long)film.Fps / 10) + 200_000;
        var level = H264Level.Of(film.Width, film.Height, film.Fps);
        var (hasSound, captions) = (film.Asked.Audio is not null, film.HasCaptionTrack ? film.Asked.Captions : null);
        var text = new StringBuilder("#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-INDEPENDENT-SEGMENTS\n");
        if (hasSound) text.Append(CultureInfo.InvariantCulture, $"#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"sound\",NAME=\"Sound\",DEFAULT=YES,AUTOSELECT=YES,CHANNELS=\"2\",URI=\"{track(VideoSegmentRow.Sound)}\"\n");
        if (captions is not null)
        {
            // A tag is letters, digits and dashes; a record that was brought back may say what it likes.
            var language = captions.Language is { } tag ? $"LANGUAGE=\"{string.Concat(tag.Where(c => char.IsAsciiLetterOrDigit(c) || c == '-'))}\"," : "";
            text.Append(CultureInfo.InvariantCulture, $"#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID=\"captions\",NAME=\"Captions\",{language}DEFAULT={(captions.Burn ? "NO" : "YES")},AUTOSELECT=YES,FORCED=NO,URI=\"{track(VideoSegmentRow.Captions)}\"\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"#EXT-X-STREAM-INF:BANDWIDTH={bits},CODECS=\"avc1.6400{level:X2}{(hasSound ? ",mp4a.40.2" : "")}\",RESOLUTION={film.Width}x{film.Height},FRAME-RATE={film.Fps}.000");
        if (hasSound) text.Append(",AUDIO=\"sound\"");
        if (captions is not null) text.Append(",SUBTITLES=\"captions\"");
        return text.Append(CultureInfo.InvariantCulture, $"\n{track(VideoSegmentRow.Video)}\n").ToString();
    }

    /// <summary>The playlist of a film's captions: they are known whole before its first picture.</summary>
    /// <param name="segment">Their segment.</param>
    /// <param name="link">The address of an object.</param>
    public static string Captions(VideoSegmentRow segment, Func<ObjectKey, string> link) => string.Create(
        CultureInfo.InvariantCulture,
        $"#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:{Math.Max(1, (int)Math.Ceiling(segment.Seconds))}\n#EXT-X-MEDIA-SEQUENCE:0\n#EXT-X-PLAYLIST-TYPE:VOD\n#EXTINF:{segment.Seconds:0.000000},\n{link(segment.ObjectKey)}\n#EXT-X-ENDLIST\n");

    /// <summary>A playlist that only ever grows (section 4.3.3.5), and that ends with the film. Players begin at its beginning, not where it grows.</summary>
    /// <param name="film">The film.</param>
    /// <param name="longest">The longest segment there can be, in seconds: it has to be told from the start.</param>
    /// <param name="segments">What is playable.</param>
    /// <param name="link">The address of an object.</param>
    public static string Write(VideoRow film, double longest, IReadOnlyList<VideoSegmentRow> segments, Func<ObjectKey, string> link)
    {
        var text = new StringBuilder("#EXTM3U\n#EXT-X-VERSION:7\n");
        text.Append(CultureInfo.InvariantCulture, $"#EXT-X-TARGETDURATION:{Math.Max(1, (int)Math.Ceiling(longest))}\n");
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
