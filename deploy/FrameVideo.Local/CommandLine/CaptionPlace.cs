using System.Text.Json.Serialization;
using FrameVideo.Contracts;

namespace FrameVideo.Local.CommandLine;

/// <summary>Where a film's captions are.</summary>
[JsonConverter(typeof(SnakeCaseConverter<CaptionPlace>))]
internal enum CaptionPlace
{
    /// <summary>In the pictures.</summary>
    Burn,

    /// <summary>In a text track, which players show or hide.</summary>
    Track,

    /// <summary>In both.</summary>
    Both,
}
