using System.Text.Json.Serialization;

namespace FrameVideo.Contracts;

/// <summary>What a film is stored as.</summary>
[JsonConverter(typeof(SnakeCaseConverter<VideoFormat>))]
public enum VideoFormat
{
    /// <summary>H.264 High and AAC in MP4, with its index in front: plays everywhere.</summary>
    Mp4,

    /// <summary>VP9 and Opus in WebM: free of royalties; takes longer to make.</summary>
    [JsonStringEnumMemberName("webm")]
    WebM,

    /// <summary>As mp4, and as an HLS playlist that plays while the rest is being rendered.</summary>
    Hls,
}
