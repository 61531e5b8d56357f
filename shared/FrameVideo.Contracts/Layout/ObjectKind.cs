namespace FrameVideo.Contracts;

/// <summary>What an object of the layout is; each kind is written and deleted by one service alone.</summary>
public enum ObjectKind
{
    /// <summary><c>reference-frames/frame_&lt;nn&gt;_&lt;hash12&gt;.&lt;ext&gt;</c>, by FrameService.</summary>
    Frame,

    /// <summary><c>reference-frames/[generated_]frame_&lt;n&gt;_&lt;ms&gt;.&lt;ext&gt;</c>, by the former product; read, never written.</summary>
    FormerFrame,

    /// <summary><c>user-uploads/&lt;stem&gt;_&lt;hash12&gt;.&lt;ext&gt;</c>, by FrameService.</summary>
    Upload,

    /// <summary><c>manifest.json</c>, by FrameService; rewritten.</summary>
    Manifest,

    /// <summary><c>video-clips/clip_&lt;nn&gt;_&lt;hash12&gt;.&lt;ext&gt;</c>, by VideoService: the part of a film in which frame nn alone is seen.</summary>
    Clip,

    /// <summary><c>video-clips/joint_&lt;nn&gt;_&lt;hash12&gt;.&lt;ext&gt;</c>, by VideoService: the transition after frame nn.</summary>
    Joint,

    /// <summary><c>video-clips/footage_&lt;nn&gt;_&lt;hash12&gt;.&lt;ext&gt;</c>, by VideoService: the moving clip that an AI service made of frame nn, as it came.</summary>
    Footage,

    /// <summary><c>video-clips/&lt;videoId&gt;/film.&lt;ext&gt;</c>, by VideoService.</summary>
    Film,

    /// <summary><c>video-clips/&lt;videoId&gt;/poster.jpg</c>, by VideoService.</summary>
    Poster,

    /// <summary><c>video-clips/&lt;videoId&gt;/captions.vtt</c>, by VideoService.</summary>
    Captions,

    /// <summary><c>video-clips/&lt;videoId&gt;/init_&lt;hash12&gt;.mp4</c>, by VideoService: what the segments of an HLS film have in common.</summary>
    Init,

    /// <summary><c>video-clips/&lt;videoId&gt;/segment_&lt;nn&gt;_&lt;hash12&gt;.m4s</c>, or <c>.vtt</c> for captions, by VideoService: a part of an HLS film.</summary>
    Segment,

    /// <summary><c>video-clips/&lt;videoId&gt;/video.json</c>, by VideoService; rewritten.</summary>
    VideoRecord,
}
