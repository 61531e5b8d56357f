using FrameVideo.Contracts;

namespace FrameService.Generation;

/// <summary>Draws one frame. Nothing outside this room knows which provider does it.</summary>
internal interface IFrameArtist
{
    /// <summary>Who draws, as records name it: <c>draft</c> for the local artist.</summary>
    string Provider { get; }

    /// <summary>The model and its version.</summary>
    string Model { get; }

    /// <summary>Draws the frame, in the pixels of <see cref="FrameBrief.AspectRatio"/> or the nearest that the provider has.</summary>
    Task<DrawnFrame> DrawAsync(FrameBrief brief, CancellationToken ct);
}

/// <summary>What a frame is to show.</summary>
/// <param name="Prompt">The frame's prompt: what is seen, shot size, style and mood.</param>
/// <param name="Line">The line of the story that belongs to the frame; may be set below the picture.</param>
/// <param name="SceneStory">The part of the story that the frame shows; null where there is none beyond the line.</param>
/// <param name="Number">The frame's place, from 1.</param>
/// <param name="Total">How many frames the film has.</param>
/// <param name="Style">The hand.</param>
/// <param name="Mood">The palette and light.</param>
/// <param name="AspectRatio">The size.</param>
/// <param name="Seed">Of the session, the same for all its frames, so that they read as one film.</param>
internal sealed record FrameBrief(
    string Prompt, string Line, string? SceneStory, int Number, int Total, Style Style, Mood Mood, AspectRatio AspectRatio, long Seed)
{
    /// <summary>A picture to keep to; null where there is none.</summary>
    public Anchor? Anchor { get; init; }
}

/// <summary>A picture to which a frame is to keep, so that people and places stay the same.</summary>
/// <param name="Bytes">The file.</param>
/// <param name="ContentType"><c>image/png</c>, <c>image/jpeg</c> or <c>image/webp</c>.</param>
/// <param name="Extension"><c>png</c>, <c>jpg</c> or <c>webp</c>.</param>
/// <param name="Sha256">Of the bytes: 64 hex digits.</param>
/// <param name="IsReference">Whether a person has given it for the film; else it is an earlier frame.</param>
internal sealed record Anchor(byte[] Bytes, string ContentType, string Extension, string Sha256, bool IsReference);

/// <summary>A finished picture.</summary>
/// <param name="Bytes">The encoded file.</param>
/// <param name="ContentType"><c>image/png</c>, <c>image/jpeg</c> or <c>image/webp</c>.</param>
/// <param name="Width">Pixels across.</param>
/// <param name="Height">Pixels down.</param>
internal sealed record DrawnFrame(byte[] Bytes, string ContentType, int Width, int Height);
